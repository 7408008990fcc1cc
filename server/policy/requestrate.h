// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace spillway::policy {

/// So many requests a second, and a burst of them at once: a token bucket kept as one number, the time at
/// which what was let through will have been paid for (GCRA, ITU-T I.371).
///
///     now                    bookedUntil            let through while bookedUntil + interval <= now + depth
///      |──────────── debt ───────|                  depth = burst × interval; each request books one
///      interval
///
/// Any thread, no lock: one compare-and-swap a request. A change of the limit holds from the next request on;
/// a debt made under the old limit counts for no more than an empty bucket of the new one.
class RequestRate
{
public:
    struct Decision
    {
        bool allowed = true;
        /// Refused: from now + retryAfter on the next request is let through, if none comes between.
        std::chrono::nanoseconds retryAfter{0};
    };
    /// As the RateLimit fields say it (draft-ietf-httpapi-ratelimit-headers-10 §3, §4).
    struct Quota
    {
        std::int64_t requests = 0; ///< q: so many …
        std::int64_t window = 0;   ///< w: … in so many seconds
    };

    /// `milliRequests` a second > 0, `burst` > 0; no rate: everything passes.
    void set(std::optional<std::int64_t> milliRequests, std::optional<std::int64_t> burst);
    [[nodiscard]] bool limited() const { return interval_.load(std::memory_order_relaxed) != 0; }
    [[nodiscard]] Decision take(Monotonic now);
    /// One request that was let through here and refused at another level.
    void giveBack();
    [[nodiscard]] Quota quota() const;
    /// Nothing is owed: a new one would decide the same.
    [[nodiscard]] bool idle(Monotonic now) const;

private:
    std::atomic<std::int64_t> bookedUntil_{0}; ///< ns since the clock's epoch
    std::atomic<std::int64_t> interval_{0};    ///< ns a request; 0: no limit
    std::atomic<std::int64_t> depth_{0};       ///< ns
};

} // namespace spillway::policy
