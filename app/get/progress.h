// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::get {

/// How fast bytes come, smoothed over about `window`: old bytes weigh less by e for each window that has
/// passed. Right from the first second on, as the weights of the time that was not there are left out. One
/// thread.
class RateMeter
{
public:
    explicit RateMeter(std::chrono::milliseconds window) : window_(window) {}

    void start(Monotonic now);
    void add(std::uint64_t bytes, Monotonic now);
    /// Bytes a second; 0 before anything came.
    [[nodiscard]] double rate(Monotonic now) const;

private:
    [[nodiscard]] double decay(Monotonic now) const;

    std::chrono::milliseconds window_;
    Monotonic start_{}, last_{};
    double weighted_ = 0; ///< bytes, as they weigh at last_
};

/// One look at a download under way.
struct ProgressView
{
    std::string_view name; ///< printable
    std::uint64_t done = 0;
    std::optional<std::uint64_t> size;
    double rate = 0; ///< bytes a second
    unsigned connections = 0;
    std::string_view note; ///< instead of rate and time: "waiting 12 s: the server is busy"
};

/// Whole seconds until the end, rounded up; none where size or rate is not known.
[[nodiscard]] std::optional<std::uint64_t> secondsLeft(const ProgressView& view);

/// "1.5 MiB", "999 B": three digits at most before the unit changes.
[[nodiscard]] std::string shortBytes(double bytes);
/// "0:07", "12:34", "1:02:03", "2d 04:00".
[[nodiscard]] std::string shortTime(std::uint64_t seconds);

/// "name  42% [=====>     ]  1.2 GiB  35.1 MiB/s  0:12", exactly `columns` wide at most: the bar shrinks
/// first, then the name. No line end. At least 20 columns are assumed.
[[nodiscard]] std::string progressLine(const ProgressView& view, std::size_t columns);

} // namespace spillway::get
