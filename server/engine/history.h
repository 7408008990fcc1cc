// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/contract/history.h"
#include "server/observe/metricsnapshot.h"

#include <array>
#include <optional>

namespace spillway::engine {

/// Totals since the start, and how many there are now: what a History is fed with.
struct HistoryReading
{
    Monotonic at;
    std::int64_t wallMs = 0; ///< milliseconds since 1970
    std::uint64_t sentBytes = 0, receivedBytes = 0;
    std::array<std::uint64_t, 4> byClass{}; ///< requests answered 2xx, 3xx, 4xx, 5xx
    std::uint64_t cacheHits = 0, cacheAsked = 0;
    std::int64_t connections = 0, transfers = 0;
    observe::HistogramSnapshot duration;

    [[nodiscard]] static HistoryReading of(const observe::MetricsSnapshot& metrics, std::int64_t connections,
                                           std::int64_t transfers);
};

/// The last minute, hour and day of one server, in memory that does not grow (70 KB): three rings, each made
/// from the readings themselves, so that a step's rates and quantiles are those of all that happened in it.
///
///     span     minute        hour           day
///     step     1 s           15 s           5 min
///     samples  60            240            288
///
///     readings   ┊    r   r   r   r   r   ┊   r   r
///     a ring     ├── sample ──────────────┤── running …
///                begin                    begin
///
/// Steps lie at whole multiples of their length since 1970; a sample is from the first reading in a step to
/// the first one behind it.
///
/// Pure: no clock, no lock, no file. Where the clock is set back, what was in its future goes.
class History
{
public:
    History();

    /// The first reading after a start has nothing to be compared with and makes no sample.
    void add(const HistoryReading& reading);

    /// Those that end after `afterMs`.
    [[nodiscard]] contract::HistoryPage page(contract::HistorySpan span, std::int64_t afterMs = 0) const;
    /// Samples of an earlier run; those outside the span that ends at `nowMs` are left out. Before the first
    /// add().
    void restore(contract::HistorySpan span, const std::vector<contract::HistorySample>& samples,
                 std::int64_t nowMs);

private:
    struct Ring
    {
        std::vector<contract::HistorySample> samples; ///< as many as the span has steps
        std::size_t count = 0, next = 0;
        std::optional<HistoryReading> begin; ///< of the step that runs
        double connections = 0, transfers = 0;
        int readings = 0; ///< in the two sums
        void push(const contract::HistorySample& sample);
        [[nodiscard]] const contract::HistorySample& fromNewest(std::size_t back) const;
    };
    void feed(Ring& ring, std::int64_t stepMs, const HistoryReading& reading);

    std::array<Ring, contract::kHistorySpans> rings_;
    std::optional<HistoryReading> last_;
};

} // namespace spillway::engine
