// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/history.h"
#include "server/contract/values.h"

#include <array>
#include <vector>

namespace spillway::ui {

/// What charts draw: the numbers of a step of time.
using Sample = contract::HistorySample;

/// The last minute, hour and day of a server as a window draws them, in memory that does not grow. The server
/// keeps them, also while nobody looks; what is asked of it comes in by merge(). The last minute goes on by
/// the live snapshots, so that it moves twice a second.
///
///     span     1 min            1 h                24 h
///     step     0.5 s            15 s               5 min
///     from     snapshots, and   the server         the server
///              the server where there were none
///
/// Where neither knows anything, the times of samples have a gap.
class History
{
public:
    using Span = contract::HistorySpan;
    static constexpr std::size_t kSpans = contract::kHistorySpans;

    void add(const contract::LiveSnapshot& snapshot);
    void merge(const contract::HistoryPage& page);
    /// What merge() still lacks: samples that end later than this. 0: all of them.
    [[nodiscard]] std::int64_t mergedUpTo(Span span) const;

    /// Oldest first.
    [[nodiscard]] const std::vector<Sample>& samples(Span span) const;
    [[nodiscard]] static std::int64_t lengthMs(Span span);
    [[nodiscard]] static std::int64_t stepMs(Span span);

private:
    struct Ring
    {
        std::vector<Sample> samples;
        std::int64_t mergedUpTo = 0;
        bool endsRunning = false; ///< the last sample's step is not over: the next page has another one
    };
    [[nodiscard]] Ring& ring(Span span) { return rings_[static_cast<std::size_t>(span)]; }
    void fillMinute(const contract::HistoryPage& page);
    static void forget(std::vector<Sample>& samples, Span span);

    std::array<Ring, kSpans> rings_;
};

} // namespace spillway::ui
