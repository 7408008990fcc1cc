// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace spillway {

/// Never goes back, says nothing about the date: for time-outs, rates and ages.
using Monotonic = std::chrono::steady_clock::time_point;
/// The date, UTC: for expiry, file times and logs. It may jump.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Where time comes from. Passed by reference to everything that asks for it, so that tests set it.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Monotonic monotonic() const = 0;
    [[nodiscard]] virtual WallTime wall() const = 0;
};

/// The machine's clocks. Stateless: any thread.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Monotonic monotonic() const override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall() const override
    {
        return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    }
};

/// Whole seconds since 1970, as HTTP dates, links and the catalog count them.
[[nodiscard]] inline std::int64_t unixSeconds(WallTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

[[nodiscard]] inline WallTime fromUnixSeconds(std::int64_t seconds)
{
    return WallTime(std::chrono::seconds(seconds));
}

} // namespace spillway
