// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/units.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

// What a limit is, as plain values: the catalog keeps them, the limit tree puts them in force.
namespace spillway::policy {

/// Where a limit holds, from the outside in. A transfer passes all levels.
enum class LimitLevel : std::uint8_t
{
    Server,
    Share,
    Token,
    Link, ///< a stored link, or one presigned URL
    Ip,   ///< over all that one address takes: an IPv4 address, or an IPv6 /64
    Connection
};
inline constexpr std::size_t kLimitLevels = 6;
inline constexpr std::array<std::string_view, kLimitLevels> kLimitLevelNames{"server", "share", "token",
                                                                             "link",   "ip",    "connection"};

[[nodiscard]] constexpr std::size_t indexOf(LimitLevel level)
{
    return static_cast<std::size_t>(level);
}
[[nodiscard]] constexpr std::string_view limitLevelName(LimitLevel level)
{
    return kLimitLevelNames[indexOf(level)];
}
[[nodiscard]] constexpr std::optional<LimitLevel> limitLevelOf(std::string_view name)
{
    for (std::size_t i = 0; i < kLimitLevels; ++i)
        if (kLimitLevelNames[i] == name)
            return static_cast<LimitLevel>(i);
    return std::nullopt;
}

/// Shares a full level by weight: 4, 2, 1.
enum class Priority : std::uint8_t
{
    High,
    Normal,
    Low
};
inline constexpr std::array<std::string_view, 3> kPriorityNames{"high", "normal", "low"};

[[nodiscard]] constexpr std::int64_t weightOf(Priority priority)
{
    return std::int64_t{4} >> static_cast<unsigned>(priority);
}

/// What one level may take; a field without a value is not limited here.
struct LimitFields
{
    static constexpr std::int64_t kDefaultQueue = 1024;
    static constexpr std::chrono::milliseconds kDefaultWait{30'000};

    std::optional<std::int64_t> milliRequests; ///< thousandths of a request a second, > 0
    std::optional<std::int64_t> burst;       ///< requests at once, > 0; none: one second's worth, at least 1
    std::optional<BytesPerSecond> bandwidth; ///< > 0
    std::optional<std::int64_t> connections; ///< at a time; a further one is refused at once
    std::optional<std::int64_t> downloads;   ///< at a time; a further one waits
    std::optional<std::int64_t> queue;       ///< downloads that may wait; none: kDefaultQueue
    std::optional<std::chrono::milliseconds> wait; ///< for how long; none: kDefaultWait
    std::optional<Priority> priority; ///< of what passes here, at every level; the innermost one counts

    friend bool operator==(const LimitFields&, const LimitFields&) = default;
    [[nodiscard]] bool empty() const { return *this == LimitFields{}; }

    /// These, and those of `base` where there are none.
    [[nodiscard]] LimitFields over(const LimitFields& base) const
    {
        const auto either = [](const auto& mine, const auto& other) { return mine ? mine : other; };
        return {either(milliRequests, base.milliRequests),
                either(burst, base.burst),
                either(bandwidth, base.bandwidth),
                either(connections, base.connections),
                either(downloads, base.downloads),
                either(queue, base.queue),
                either(wait, base.wait),
                either(priority, base.priority)};
    }
};

} // namespace spillway::policy
