// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/history.h"
#include "server/observe/downloadtally.h"

#include <deque>

namespace spillway::engine {

/// What was downloaded most in the last minute, hour and day: tallies of steps, merged when somebody asks, in
/// memory that does not grow (5 MB at the very most, with 256 long names in each list of each step).
///
///     span     minute   hour    day
///     step     5 s      5 min   1 h
///     steps    12 + 1   12 + 1  24 + 1     the one that runs, and those that end in the span
///
/// Steps lie at whole multiples of their length since 1970. One in which nothing went out is not there.
///
/// Pure: no clock, no lock, no file. Where the clock is set back, what was in its future goes.
class TopDownloads
{
public:
    struct Step
    {
        std::int64_t beginMs = 0;
        observe::DownloadTally tally;
    };
    [[nodiscard]] static std::int64_t stepMs(contract::HistorySpan span);

    /// What was sent up to `nowMs`, and lately.
    void add(const observe::DownloadTally& tally, std::int64_t nowMs);
    /// Of an earlier run. Oldest first, before the first add(); what is not in the span any more is left out.
    void restore(contract::HistorySpan span, Step step, std::int64_t nowMs);

    /// All of the span that ends at `nowMs`.
    [[nodiscard]] observe::DownloadTally sum(contract::HistorySpan span, std::int64_t nowMs) const;
    [[nodiscard]] const std::deque<Step>& steps(contract::HistorySpan span) const
    {
        return steps_[static_cast<std::size_t>(span)];
    }

private:
    std::array<std::deque<Step>, contract::kHistorySpans> steps_;
};

} // namespace spillway::engine
