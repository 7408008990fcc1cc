// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/prometheus.h"

#include "manualclock.h"

#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// What promtool says of an exposition, and its exit code.
struct Verdict
{
    int exitCode = -1;
    std::string output;
};

Verdict checkByPromtool(const std::string& exposition)
{
    std::string path = testing::TempDir() + "spillway-metrics-XXXXXX";
    const int fd = ::mkstemp(path.data());
    EXPECT_GE(fd, 0);
    EXPECT_EQ(::write(fd, exposition.data(), exposition.size()), static_cast<ssize_t>(exposition.size()));
    ::close(fd);
    Verdict verdict;
    FILE* pipe = ::popen(("promtool check metrics < '" + path + "' 2>&1").c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    char buffer[4096];
    while (std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
        verdict.output.append(buffer, got);
    verdict.exitCode = WEXITSTATUS(::pclose(pipe));
    ::unlink(path.c_str());
    return verdict;
}

TEST(Prometheus, PromtoolIsContentWithAFreshProcess)
{
    ManualClock clock;
    Metrics metrics(clock);
    const Verdict verdict = checkByPromtool(PrometheusCollector(metrics).text());
    EXPECT_EQ(verdict.exitCode, 0) << verdict.output;
    EXPECT_EQ(verdict.output, "");
}

TEST(Prometheus, PromtoolIsContentWithEveryNumberInUse)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& counters = metrics.addWriter();
    for (std::size_t i = 0; i < counterCount; ++i)
        counters.add(static_cast<Counter>(i), i + 1);
    for (std::size_t i = 0; i < gaugeCount; ++i)
        counters.set(static_cast<Gauge>(i), 3);
    for (const unsigned status : statusLabels)
        for (std::size_t m = 0; m < static_cast<std::size_t>(MethodLabel::Count); ++m)
            for (std::size_t r = 0; r < static_cast<std::size_t>(Route::Count); ++r)
                counters.request(static_cast<MethodLabel>(m), static_cast<Route>(r), status, 1ms, 1ms);
    counters.request(MethodLabel::Get, Route::File, 299, 1h, 1h);
    auto bound = metrics.attachBound("blocking_pool", [] { return std::uint64_t{3}; });
    auto hostile =
        metrics.attach({"spillway_scan_files_total", "share", "a\"b\\c\nd", MetricKind::Counter, "Files."},
                       [] { return std::uint64_t{1}; });
    ASSERT_TRUE(bound && hostile);
    const std::string text = PrometheusCollector(metrics).text();
    const Verdict verdict = checkByPromtool(text);
    EXPECT_EQ(verdict.exitCode, 0) << verdict.output;
    EXPECT_EQ(verdict.output, "");
    EXPECT_THAT(text, HasSubstr("spillway_bound_hits_total{bound=\"blocking_pool\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("spillway_scan_files_total{share=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(Prometheus, PromtoolIsAbleToComplain) // or the tests above would prove nothing
{
    EXPECT_NE(checkByPromtool("no_help_and_no_total{ 1\n").exitCode, 0);
}

TEST(Prometheus, RequestsCarryMethodRouteAndStatus)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& counters = metrics.addWriter();
    counters.request(MethodLabel::Head, Route::Presigned, 206, 1ms, 1ms);
    counters.request(MethodLabel::Head, Route::Presigned, 206, 1ms, 1ms);
    const std::string text = PrometheusCollector(metrics).text();
    EXPECT_THAT(text, HasSubstr("# TYPE http_requests_total counter\n"));
    EXPECT_THAT(text,
                HasSubstr("http_requests_total{method=\"HEAD\",route=\"presigned\",status=\"206\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("http_requests_total{method=\"GET\",route=\"file\",status=\"200\"} 0\n"));
    EXPECT_THAT(text, Not(HasSubstr("status=\"404\"")));
}

TEST(Prometheus, HistogramIsCumulativeAndEndsAtInfinity)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& counters = metrics.addWriter();
    counters.request(MethodLabel::Get, Route::File, 200, 400us, 100us);
    counters.request(MethodLabel::Get, Route::File, 200, 2500us, 100us);
    counters.request(MethodLabel::Get, Route::File, 200, 61s, 100us);
    const std::string text = PrometheusCollector(metrics).text();
    for (const char* line :
         {"http_request_duration_seconds_bucket{le=\"0.0005\"} 1\n",
          "http_request_duration_seconds_bucket{le=\"0.001\"} 1\n",
          "http_request_duration_seconds_bucket{le=\"0.0025\"} 2\n",
          "http_request_duration_seconds_bucket{le=\"60\"} 2\n",
          "http_request_duration_seconds_bucket{le=\"+Inf\"} 3\n", "http_request_duration_seconds_count 3\n",
          "http_time_to_first_byte_seconds_bucket{le=\"0.0005\"} 3\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(Prometheus, AnAttachedHistogramIsOneMore)
{
    ManualClock clock;
    Metrics metrics(clock);
    SharedHistogram waits;
    waits.record(3s);
    waits.record(2ms);
    const auto read = [&waits](HistogramSnapshot& sum) { waits.addTo(sum); };
    EXPECT_FALSE(metrics.attachHistogram("spillway_waits_total", "Waits.", read)) << "no counter's name";
    {
        const auto attached = metrics.attachHistogram("spillway_wait_seconds", "Waits.", read);
        ASSERT_TRUE(attached);
        EXPECT_EQ(metrics.attachHistogram("spillway_wait_seconds", "Waits.", read).error().code,
                  ErrorCode::AlreadyExists);
        const std::string text = PrometheusCollector(metrics).text();
        EXPECT_EQ(checkByPromtool(text).output, "");
        EXPECT_THAT(text, HasSubstr("# TYPE spillway_wait_seconds histogram"));
        EXPECT_THAT(text, HasSubstr("spillway_wait_seconds_count 2\n"));
        EXPECT_THAT(text, HasSubstr("spillway_wait_seconds_bucket{le=\"0.0025\"} 1\n"));
    }
    EXPECT_THAT(PrometheusCollector(metrics).text(), Not(HasSubstr("spillway_wait_seconds")));
}

TEST(Prometheus, TheProcessTellsOfItself)
{
    ManualClock clock;
    Metrics metrics(clock);
    std::map<std::string, double> values;
    for (const auto& family : PrometheusCollector(metrics).Collect())
        if (family.name.starts_with("process_"))
            values[family.name] = family.metric.at(0).gauge.value + family.metric.at(0).counter.value;
    EXPECT_GT(values["process_resident_memory_bytes"], 100'000);
    EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
    EXPECT_GE(values["process_open_fds"], 3);
    EXPECT_GE(values["process_max_fds"], values["process_open_fds"]);
    EXPECT_GE(values["process_threads"], 1);
    EXPECT_GT(values["process_start_time_seconds"], 1.6e9);
    EXPECT_GT(values["process_cpu_seconds_total"], 0);
}

} // namespace
} // namespace spillway::observe
