// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <cstdint>

namespace spillway::net {

/// Says how fast an answer may go out. Shared by all transfers under one limit, on any worker; implemented in
/// server/policy.
class Pacer
{
public:
    virtual ~Pacer() = default;
    struct Grant
    {
        std::uint64_t bytes = 0; ///< may be sent now; 0: nothing before `again`
        Monotonic again{};
    };
    /// At most `wanted` (> 0) bytes. Any thread.
    [[nodiscard]] virtual Grant take(std::uint64_t wanted, Monotonic now) = 0;
    /// Of a grant, what the socket did not take.
    virtual void giveBack(std::uint64_t bytes) = 0;
};

} // namespace spillway::net
