// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/observe/histogram.h"
#include "server/observe/metricnames.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace spillway::observe {

inline constexpr std::size_t requestCells =
    static_cast<std::size_t>(MethodLabel::Count) * static_cast<std::size_t>(Route::Count) * statusCount;

[[nodiscard]] constexpr std::size_t requestCell(MethodLabel method, Route route, std::size_t status) noexcept
{
    return (static_cast<std::size_t>(method) * static_cast<std::size_t>(Route::Count) +
            static_cast<std::size_t>(route)) *
               statusCount +
           status;
}

enum class MetricKind : std::uint8_t
{
    Counter,
    Gauge,
    Histogram
};

/// A number that a layer attaches to Metrics; `label` may be empty.
struct SourceInfo
{
    std::string name;
    std::string label;
    std::string labelValue;
    MetricKind kind = MetricKind::Counter;
    std::string help;
};

struct SourceSample
{
    SourceInfo info;
    std::uint64_t value = 0;
};

struct HistogramSample
{
    SourceInfo info; ///< without a label
    HistogramSnapshot values;
};

/// Every number of the process at one moment, as plain values: for /metrics, the admin API and the window.
/// The parts are read one after the other while workers go on, so sums may differ by what happened meanwhile.
struct MetricsSnapshot
{
    Monotonic at;
    WallTime wall;
    std::array<std::uint64_t, counterCount> counters{};
    std::array<std::int64_t, gaugeCount> gauges{};
    std::array<std::uint64_t, requestCells> requests{};
    HistogramSnapshot duration;
    HistogramSnapshot firstByte;
    std::vector<SourceSample> sources;
    std::vector<HistogramSample> histograms;

    [[nodiscard]] std::uint64_t operator[](Counter c) const noexcept
    {
        return counters[static_cast<std::size_t>(c)];
    }
    [[nodiscard]] std::int64_t operator[](Gauge g) const noexcept
    {
        return gauges[static_cast<std::size_t>(g)];
    }
    [[nodiscard]] std::uint64_t requestsTotal() const noexcept;
    [[nodiscard]] std::uint64_t requestsOf(Route route) const noexcept;
    /// 2 for 2xx … 5 for 5xx; 0 for statuses without a label of their own.
    [[nodiscard]] std::uint64_t requestsOfClass(unsigned statusClass) const noexcept;
};

/// What happened between two snapshots, a second: what charts draw. Ratios are 0 … 1, or -1 where nothing was
/// asked.
struct MetricsRates
{
    double seconds = 0;
    double requests = 0;
    double clientErrors = 0; ///< 4xx
    double serverErrors = 0; ///< 5xx
    double sentBytes = 0;
    double receivedBytes = 0;
    double accepted = 0;
    double logLinesDropped = 0;
    double fileCacheHitRatio = -1;
    double metadataHitRatio = -1;
    std::chrono::nanoseconds p50{0}, p95{0}, p99{0};
    std::chrono::nanoseconds firstByteP50{0}, firstByteP95{0}, firstByteP99{0};
};

/// `later` was taken after `earlier` from the same Metrics; equal times give rates of 0.
[[nodiscard]] MetricsRates ratesBetween(const MetricsSnapshot& earlier, const MetricsSnapshot& later);

} // namespace spillway::observe
