// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/prometheus.h"

#include "server/observe/processstats.h"

#include <limits>
#include <map>
#include <prometheus/text_serializer.h>
#include <sstream>

namespace spillway::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using std::chrono::nanoseconds;

/// Families in the order they were first named; samples of one family stay together, as the format wants.
class Families
{
public:
    ClientMetric& sample(std::string_view name, std::string_view help, MetricType type)
    {
        const auto [found, isNew] = places_.try_emplace(std::string(name), families_.size());
        if (isNew) {
            MetricFamily family;
            family.name = name;
            family.help = help;
            family.type = type;
            families_.push_back(std::move(family));
        }
        return families_[found->second].metric.emplace_back();
    }

    void number(std::string_view name, std::string_view help, MetricKind kind, double value,
                std::string_view label = {}, std::string_view labelValue = {})
    {
        const bool counter = kind == MetricKind::Counter;
        ClientMetric& metric = sample(name, help, counter ? MetricType::Counter : MetricType::Gauge);
        (counter ? metric.counter.value : metric.gauge.value) = value;
        if (!label.empty())
            metric.label.push_back({std::string(label), std::string(labelValue)});
    }

    std::vector<MetricFamily> take() { return std::move(families_); }

private:
    std::map<std::string, std::size_t> places_;
    std::vector<MetricFamily> families_;
};

void addRequests(Families& families, const MetricsSnapshot& snapshot)
{
    for (std::size_t m = 0; m < static_cast<std::size_t>(MethodLabel::Count); ++m)
        for (std::size_t r = 0; r < static_cast<std::size_t>(Route::Count); ++r)
            for (std::size_t status = 0; status < statusCount; ++status) {
                const auto method = static_cast<MethodLabel>(m);
                const auto route = static_cast<Route>(r);
                const auto value = snapshot.requests[requestCell(method, route, status)];
                // One cell is always there, so that the family exists before the first request.
                if (value == 0 && (m != 0 || r != 0 || status != 0))
                    continue;
                ClientMetric& metric =
                    families.sample("http_requests_total", "Requests answered.", MetricType::Counter);
                metric.counter.value = static_cast<double>(value);
                metric.label = {{"method", std::string(methodName(method))},
                                {"route", std::string(routeName(route))},
                                {"status", std::string(statusName(status))}};
            }
}

void addHistogram(Families& families, std::string_view name, std::string_view help,
                  const HistogramSnapshot& snapshot)
{
    // In units of 0.1 ms; each has two significant digits and so is the edge of a bucket of ours.
    constexpr std::array<std::int64_t, 16> bounds{
        5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 300'000, 600'000};
    ClientMetric::Histogram& histogram = families.sample(name, help, MetricType::Histogram).histogram;
    histogram.sample_count = snapshot.count();
    histogram.sample_sum = static_cast<double>(snapshot.sumNanoseconds) / 1e9;
    for (const std::int64_t bound : bounds)
        histogram.bucket.push_back(
            {snapshot.countUpTo(nanoseconds(bound * 100'000)), static_cast<double>(bound) / 1e4});
    histogram.bucket.push_back({histogram.sample_count, std::numeric_limits<double>::infinity()});
}

void addProcess(Families& families)
{
    const ProcessStats stats = readProcessStats();
    const auto gauge = [&](std::string_view name, std::string_view help, double value) {
        families.number(name, help, MetricKind::Gauge, value);
    };
    families.number("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                    MetricKind::Counter, stats.cpuSeconds);
    gauge("process_resident_memory_bytes", "Resident memory size in bytes.",
          static_cast<double>(stats.residentBytes));
    gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.",
          static_cast<double>(stats.virtualBytes));
    gauge("process_open_fds", "Number of open file descriptors.", static_cast<double>(stats.openDescriptors));
    gauge("process_max_fds", "Maximum number of open file descriptors.",
          static_cast<double>(stats.maxDescriptors));
    gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
          stats.startSeconds);
    gauge("process_threads", "Number of OS threads in the process.", static_cast<double>(stats.threads));
}

} // namespace

std::vector<MetricFamily> PrometheusCollector::Collect() const
{
    const MetricsSnapshot snapshot = metrics_.snapshot();
    Families families;
    addRequests(families, snapshot);
    addHistogram(families, "http_request_duration_seconds",
                 "From the end of the request head to the end of the answer.", snapshot.duration);
    addHistogram(families, "http_time_to_first_byte_seconds",
                 "From the end of the request head to the first byte of the answer.", snapshot.firstByte);
    for (std::size_t i = 0; i < counterCount; ++i) {
        const MetricInfo& row = info(static_cast<Counter>(i));
        families.number(row.name, row.help, MetricKind::Counter, static_cast<double>(snapshot.counters[i]),
                        row.label, row.labelValue);
    }
    for (std::size_t i = 0; i < gaugeCount; ++i) {
        const MetricInfo& row = info(static_cast<Gauge>(i));
        families.number(row.name, row.help, MetricKind::Gauge, static_cast<double>(snapshot.gauges[i]),
                        row.label, row.labelValue);
    }
    for (const HistogramSample& source : snapshot.histograms)
        addHistogram(families, source.info.name, source.info.help, source.values);
    for (const SourceSample& source : snapshot.sources)
        families.number(source.info.name, source.info.help, source.info.kind,
                        static_cast<double>(source.value), source.info.label, source.info.labelValue);
    addProcess(families);
    return families.take();
}

std::string PrometheusCollector::text() const
{
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, Collect());
    return std::move(out).str();
}

} // namespace spillway::observe
