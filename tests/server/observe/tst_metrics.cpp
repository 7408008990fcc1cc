// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/metrics.h"

#include "manualclock.h"

#include <gtest/gtest.h>
#include <set>
#include <thread>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

TEST(MetricNames, EveryRowIsNamedOnceAndExplained)
{
    std::set<std::string> seen;
    const auto check = [&](const MetricInfo& row, bool counter) {
        EXPECT_TRUE(seen.insert(std::string(row.name) + "|" + std::string(row.labelValue)).second)
            << row.name;
        EXPECT_EQ(row.name.ends_with("_total"), counter) << row.name;
        EXPECT_TRUE(row.help.ends_with(".")) << row.name;
        EXPECT_EQ(row.label.empty(), row.labelValue.empty()) << row.name;
        EXPECT_EQ(row.unit == Unit::Bytes,
                  row.name.find("bytes") != std::string_view::npos && row.label.empty())
            << row.name;
    };
    for (std::size_t i = 0; i < counterCount; ++i)
        check(info(static_cast<Counter>(i)), true);
    for (std::size_t i = 0; i < gaugeCount; ++i)
        check(info(static_cast<Gauge>(i)), false);
}

TEST(MetricNames, StatusesHaveTheirLabelOrOther)
{
    for (std::size_t i = 0; i < statusLabels.size(); ++i) {
        EXPECT_EQ(statusIndex(statusLabels[i]), i);
        EXPECT_EQ(statusName(i), std::to_string(statusLabels[i]));
    }
    for (const unsigned status : {0U, 99U, 100U, 201U, 418U, 599U, 600U, 65535U, 4'000'000'000U}) {
        EXPECT_EQ(statusIndex(status), statusCount - 1) << status;
        EXPECT_EQ(statusName(statusIndex(status)), "other") << status;
    }
}

TEST(MetricNames, LabelsOutsideTheirEnumAreOther)
{
    EXPECT_EQ(methodName(MethodLabel::Get), "GET");
    EXPECT_EQ(methodName(static_cast<MethodLabel>(200)), "other");
    EXPECT_EQ(routeName(Route::Presigned), "presigned");
    EXPECT_EQ(routeName(static_cast<Route>(200)), "other");
}

TEST(Metrics, WorkersAreAlignedAndSummed)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& one = metrics.addWriter();
    WorkerCounters& two = metrics.addWriter();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&one) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&two) % 64, 0U);
    one.add(Counter::SentBytes, 100);
    two.add(Counter::SentBytes, 23);
    one.adjust(Gauge::ActiveConnections, 5);
    two.adjust(Gauge::ActiveConnections, -2);
    two.set(Gauge::Lanes, 7);
    one.request(MethodLabel::Get, Route::File, 200, 1ms, 500us);
    two.request(MethodLabel::Get, Route::File, 200, 3ms, 500us);
    two.request(MethodLabel::Head, Route::Link, 418, 3ms, 500us);

    const MetricsSnapshot snapshot = metrics.snapshot();
    EXPECT_EQ(snapshot[Counter::SentBytes], 123U);
    EXPECT_EQ(snapshot[Counter::ReceivedBytes], 0U);
    EXPECT_EQ(snapshot[Gauge::ActiveConnections], 3);
    EXPECT_EQ(snapshot[Gauge::Lanes], 7);
    EXPECT_EQ(snapshot.requests[requestCell(MethodLabel::Get, Route::File, statusIndex(200))], 2U);
    EXPECT_EQ(snapshot.requestsTotal(), 3U);
    EXPECT_EQ(snapshot.requestsOf(Route::File), 2U);
    EXPECT_EQ(snapshot.requestsOf(Route::Link), 1U);
    EXPECT_EQ(snapshot.requestsOfClass(2), 2U);
    EXPECT_EQ(snapshot.requestsOfClass(4), 0U) << "418 has no label of its own";
    EXPECT_EQ(snapshot.requestsOfClass(0), 1U);
    EXPECT_EQ(snapshot.duration.count(), 3U);
    EXPECT_EQ(snapshot.firstByte.countUpTo(500us), 3U);
}

TEST(Metrics, AGaugeMayBeNegativeForAMoment)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& counters = metrics.addWriter();
    counters.adjust(Gauge::IdleConnections, -1);
    EXPECT_EQ(counters.value(Gauge::IdleConnections), -1);
    EXPECT_EQ(metrics.snapshot()[Gauge::IdleConnections], -1);
}

TEST(Metrics, NothingIsLostUnderRealThreads)
{
    ManualClock clock;
    Metrics metrics(clock);
    constexpr int workers = 4;
    constexpr int each = 100'000;
    std::atomic<bool> done{false};
    std::thread scraper([&] {
        std::uint64_t last = 0;
        while (!done.load()) {
            const std::uint64_t now = metrics.snapshot().requestsTotal();
            EXPECT_GE(now, last) << "a counter never goes down";
            last = now;
        }
    });
    std::vector<std::thread> threads;
    for (int w = 0; w < workers; ++w)
        threads.emplace_back([&metrics] {
            WorkerCounters& counters = metrics.addWriter();
            for (int i = 0; i < each; ++i) {
                counters.add(Counter::SentBytes, 10);
                counters.request(MethodLabel::Get, Route::File, 200, 1ms, 1ms);
            }
        });
    for (auto& thread : threads)
        thread.join();
    done = true;
    scraper.join();
    const MetricsSnapshot snapshot = metrics.snapshot();
    EXPECT_EQ(snapshot.requestsTotal(), static_cast<std::uint64_t>(workers) * each);
    EXPECT_EQ(snapshot[Counter::SentBytes], static_cast<std::uint64_t>(workers) * each * 10);
    EXPECT_EQ(snapshot.duration.count(), static_cast<std::uint64_t>(workers) * each);
}

TEST(Metrics, AttachedRowsAreAddedToTheTables)
{
    ManualClock clock;
    Metrics metrics(clock);
    metrics.addWriter().add(Counter::PreloadBlocks, 1);
    auto counter = metrics.attach(Counter::PreloadBlocks, [] { return std::uint64_t{41}; });
    auto gauge = metrics.attach(Gauge::HotCacheBytes, [] { return std::uint64_t{4096}; });
    EXPECT_EQ(metrics.snapshot()[Counter::PreloadBlocks], 42U);
    EXPECT_EQ(metrics.snapshot()[Gauge::HotCacheBytes], 4096);
    counter.reset();
    gauge = Metrics::Registration();
    EXPECT_EQ(metrics.snapshot()[Counter::PreloadBlocks], 1U);
    EXPECT_EQ(metrics.snapshot()[Gauge::HotCacheBytes], 0);
}

TEST(Metrics, BoundsShowUntilTheirOwnerGoes)
{
    ManualClock clock;
    Metrics metrics(clock);
    {
        auto bound = metrics.attachBound("blocking_pool", [] { return std::uint64_t{3}; });
        ASSERT_TRUE(bound);
        Metrics::Registration moved = std::move(*bound);
        const MetricsSnapshot snapshot = metrics.snapshot();
        ASSERT_EQ(snapshot.sources.size(), 1U);
        EXPECT_EQ(snapshot.sources[0].info.name, "spillway_bound_hits_total");
        EXPECT_EQ(snapshot.sources[0].info.labelValue, "blocking_pool");
        EXPECT_EQ(snapshot.sources[0].value, 3U);
    }
    EXPECT_TRUE(metrics.snapshot().sources.empty());
}

TEST(Metrics, WhatWouldSpoilTheExpositionIsRefused)
{
    ManualClock clock;
    Metrics metrics(clock);
    const auto zero = [] { return std::uint64_t{0}; };
    auto taken = metrics.attach(
        {"spillway_scan_files_total", "share", "a", MetricKind::Counter, "Files scanned."}, zero);
    ASSERT_TRUE(taken);
    auto another = metrics.attach(
        {"spillway_scan_files_total", "share", "b", MetricKind::Counter, "Files scanned."}, zero);
    ASSERT_TRUE(another) << "another label value of the same name";

    struct Case
    {
        SourceInfo source;
        ErrorCode code;
    };
    const Case cases[] = {
        {{"", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"9lives", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"with-dash", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"line\nbreak", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"spillway_x", "la bel", "v", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"spillway_x", "", "", MetricKind::Counter, "x"}, ErrorCode::InvalidArgument},
        {{"spillway_x_total", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"spillway_x", "", "", MetricKind::Gauge, ""}, ErrorCode::InvalidArgument},
        {{"http_requests_total", "", "", MetricKind::Counter, "x"}, ErrorCode::InvalidArgument},
        {{"process_threads", "", "", MetricKind::Gauge, "x"}, ErrorCode::InvalidArgument},
        {{"spillway_scan_files_total", "share", "a", MetricKind::Counter, "Files scanned."},
         ErrorCode::AlreadyExists},
        {{"spillway_scan_files_total", "share", "c", MetricKind::Counter, "Other help."},
         ErrorCode::InvalidArgument},
        {{"spillway_scan_files_total", "disk", "c", MetricKind::Counter, "Files scanned."},
         ErrorCode::InvalidArgument},
        {{std::string(info(Counter::SentBytes).name), "", "", MetricKind::Counter,
          std::string(info(Counter::SentBytes).help)},
         ErrorCode::AlreadyExists},
    };
    for (const Case& c : cases) {
        const auto result = metrics.attach(c.source, zero);
        ASSERT_FALSE(result) << c.source.name;
        EXPECT_EQ(result.error().code, c.code) << c.source.name;
    }
    const auto bound = metrics.attachBound("pipelined_bytes", zero);
    ASSERT_FALSE(bound);
    EXPECT_EQ(bound.error().code, ErrorCode::AlreadyExists);
    const auto badBound = metrics.attachBound("a\"} 1", zero);
    ASSERT_FALSE(badBound);
    EXPECT_EQ(badBound.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(metrics.snapshot().sources.size(), 2U);
}

TEST(Metrics, SourcesAreBounded)
{
    ManualClock clock;
    Metrics metrics(clock);
    std::vector<Metrics::Registration> registrations;
    const auto attach = [&](std::size_t i) {
        return metrics.attachBound("bound_" + std::to_string(i), [] { return std::uint64_t{0}; });
    };
    for (std::size_t i = 0; i < 1024; ++i) {
        auto registration = attach(i);
        ASSERT_TRUE(registration) << i;
        registrations.push_back(std::move(*registration));
    }
    const auto refused = attach(1024);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Exhausted);
    registrations.pop_back();
    EXPECT_TRUE(attach(1024));
}

TEST(Metrics, AReaderNeverRunsAfterItsRegistration)
{
    ManualClock clock;
    Metrics metrics(clock);
    std::atomic<bool> done{false};
    std::thread scraper([&] {
        while (!done.load())
            (void)metrics.snapshot();
    });
    for (int i = 0; i < 2000; ++i) {
        auto value =
            std::make_unique<std::atomic<std::uint64_t>>(1); // freed right after: asan and tsan would tell
        auto registration = metrics.attach(Counter::MetadataHit, [&value] { return value->load(); });
        registration.reset();
        value.reset();
    }
    done = true;
    scraper.join();
    EXPECT_EQ(metrics.snapshot()[Counter::MetadataHit], 0U);
}

TEST(MetricsRates, AreDifferencesASecond)
{
    ManualClock clock;
    Metrics metrics(clock);
    WorkerCounters& counters = metrics.addWriter();
    counters.request(MethodLabel::Get, Route::File, 200, 50s, 50s);
    const MetricsSnapshot earlier = metrics.snapshot();
    for (int i = 0; i < 10; ++i)
        counters.request(MethodLabel::Get, Route::File, i < 7 ? 200 : i < 9 ? 404 : 503, 2ms, 1ms);
    counters.add(Counter::SentBytes, 5000);
    counters.add(Counter::FileCacheHit, 3);
    counters.add(Counter::FileCacheMiss, 1);
    clock.advance(2s);
    const MetricsRates rates = ratesBetween(earlier, metrics.snapshot());
    EXPECT_DOUBLE_EQ(rates.seconds, 2.0);
    EXPECT_DOUBLE_EQ(rates.requests, 5.0);
    EXPECT_DOUBLE_EQ(rates.clientErrors, 1.0);
    EXPECT_DOUBLE_EQ(rates.serverErrors, 0.5);
    EXPECT_DOUBLE_EQ(rates.sentBytes, 2500.0);
    EXPECT_DOUBLE_EQ(rates.fileCacheHitRatio, 0.75);
    EXPECT_DOUBLE_EQ(rates.metadataHitRatio, -1.0) << "nothing was asked";
    EXPECT_NEAR(static_cast<double>(rates.p99.count()), 2e6, 1e5) << "what came before does not count";
    EXPECT_NEAR(static_cast<double>(rates.firstByteP50.count()), 1e6, 1e5);
}

TEST(MetricsRates, NoTimeNoRate)
{
    ManualClock clock;
    Metrics metrics(clock);
    const MetricsSnapshot earlier = metrics.snapshot();
    metrics.addWriter().add(Counter::SentBytes, 5000);
    EXPECT_EQ(ratesBetween(earlier, metrics.snapshot()).sentBytes, 0.0);
}

} // namespace
} // namespace spillway::observe
