// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <atomic>

namespace spillway::observe {

/// Time as a test sets it; any thread may read.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] Monotonic monotonic() const override
    {
        return Monotonic(std::chrono::nanoseconds(now_.load()));
    }
    [[nodiscard]] WallTime wall() const override
    {
        return fromUnixSeconds(1'760'000'000) + std::chrono::nanoseconds(now_.load());
    }
    void advance(std::chrono::nanoseconds by) { now_ += by.count(); }

private:
    std::atomic<std::int64_t> now_{0};
};

} // namespace spillway::observe
