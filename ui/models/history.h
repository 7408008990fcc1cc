// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"

#include <array>
#include <cstdint>
#include <vector>

namespace spillway::ui {

/// What charts draw: the numbers of a snapshot, averaged over a step of time.
struct Sample
{
    std::int64_t atMs = 0; ///< end of the step
    double sentRate = 0;
    double okRate = 0, redirectRate = 0, clientErrorRate = 0, serverErrorRate = 0;
    double connections = 0, transfers = 0;
    double p50Ms = 0, p95Ms = 0, p99Ms = 0;

    [[nodiscard]] double requestRate() const
    {
        return okRate + redirectRate + clientErrorRate + serverErrorRate;
    }
};

/// The last minute, hour and day, in memory that does not grow: three rings, each fed by itself.
///
///     span     1 min            1 h                24 h
///     step     0.5 s            15 s               5 min
///     samples  120              240                288
///
/// A step's sample is the mean of the snapshots in it, latencies their maximum, so that a spike is seen in
/// every span.
class History
{
public:
    enum class Span : std::uint8_t
    {
        Minute,
        Hour,
        Day
    };
    static constexpr std::size_t kSpans = 3;

    void add(const contract::LiveSnapshot& snapshot);
    /// Oldest first. Where nothing was seen for a while there is a gap in their times.
    [[nodiscard]] std::vector<Sample> samples(Span span) const;
    [[nodiscard]] static std::int64_t lengthMs(Span span);
    [[nodiscard]] static std::int64_t stepMs(Span span);

private:
    static constexpr std::size_t kMostSamples = 288;
    struct Ring
    {
        std::array<Sample, kMostSamples> samples;
        std::size_t count = 0, next = 0;
        Sample sum; ///< of the step that runs
        int inSum = 0;
        std::int64_t step = 0;
    };
    void feed(Ring& ring, Span span, const Sample& sample);
    std::array<Ring, kSpans> rings_;
};

} // namespace spillway::ui
