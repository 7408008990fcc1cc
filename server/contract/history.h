// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

// What a server did in the last minute, hour and day: what it keeps for charts, also while no console looks.
namespace spillway::contract {

enum class HistorySpan : std::uint8_t
{
    Minute,
    Hour,
    Day
};
inline constexpr std::size_t kHistorySpans = 3;
inline constexpr std::array kHistorySpanNames{"minute", "hour", "day"};

/// How long a span is, and the time that one sample of it stands for.
struct HistoryShape
{
    std::chrono::milliseconds length, step;
    [[nodiscard]] constexpr std::size_t capacity() const { return static_cast<std::size_t>(length / step); }
};
inline constexpr std::array<HistoryShape, kHistorySpans> kHistoryShapes{
    {{std::chrono::minutes(1), std::chrono::seconds(1)},
     {std::chrono::hours(1), std::chrono::seconds(15)},
     {std::chrono::hours(24), std::chrono::minutes(5)}}};
[[nodiscard]] constexpr const HistoryShape& shapeOf(HistorySpan span)
{
    return kHistoryShapes[static_cast<std::size_t>(span)];
}

/// A step of time: rates and means over all of it, quantiles of all answers in it.
struct HistorySample
{
    std::int64_t atMs = 0;                 ///< its end, milliseconds since 1970
    double sentRate = 0, receivedRate = 0; ///< bytes per second
    double okRate = 0, redirectRate = 0, clientErrorRate = 0, serverErrorRate = 0; ///< requests per second
    double connections = 0, transfers = 0;
    double p50Ms = 0, p95Ms = 0, p99Ms = 0; ///< 0 where nothing was answered
    double cacheHitRatio = -1;              ///< 0 … 1, or -1: nothing was asked

    [[nodiscard]] double requestRate() const
    {
        return okRate + redirectRate + clientErrorRate + serverErrorRate;
    }
    friend bool operator==(const HistorySample&, const HistorySample&) = default;
};

/// Samples of one span, oldest first. Steps in which no server ran have none.
struct HistoryPage
{
    HistorySpan span = HistorySpan::Minute;
    std::vector<HistorySample> samples;   ///< of steps that are over
    std::optional<HistorySample> running; ///< of the one that is not, up to now
};

struct GetHistory
{
    static constexpr const char* operation = "history.get";
    using Answer = HistoryPage;
    HistorySpan span = HistorySpan::Minute;
    std::int64_t afterMs = 0; ///< only samples that end later
};

} // namespace spillway::contract
