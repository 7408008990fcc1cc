// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/policy/circuitbreaker.h"

namespace spillway::catalog {

/// What stands before the catalog: one circuit breaker for reads and one for writes, because a program that
/// locks the file stops only the latter; and a switch that takes it out of use by hand.
///
/// Any thread. What waits for the disk or a lock is cut off after some failures, so that the queues stay free
/// and answers come at once: Unavailable. Only outages count (locked too long, input or output failed,
/// damaged, gone), not what a row or a rule refuses.
class CatalogGuard
{
public:
    explicit CatalogGuard(const Clock& clock);

    [[nodiscard]] policy::CircuitBreaker& reads() noexcept { return reads_; }
    [[nodiscard]] policy::CircuitBreaker& writes() noexcept { return writes_; }
    /// By hand: nothing is let through until it is taken back.
    void takeOut(bool out) noexcept { out_.store(out, std::memory_order_relaxed); }
    [[nodiscard]] bool isOut() const noexcept { return out_.load(std::memory_order_relaxed); }

    [[nodiscard]] Result<policy::CircuitBreaker::Permit> beginRead();
    [[nodiscard]] Result<policy::CircuitBreaker::Permit> beginWrite();
    /// `error`: null where it succeeded.
    void endedRead(policy::CircuitBreaker::Permit permit, const Error* error);
    /// `commit`: the error is of the transaction as a whole, not of one change in it.
    void endedWrite(policy::CircuitBreaker::Permit permit, const Error* error, bool commit);

private:
    [[nodiscard]] Result<policy::CircuitBreaker::Permit> begin(policy::CircuitBreaker& breaker);

    std::atomic<bool> out_{false};
    policy::CircuitBreaker reads_, writes_;
};

} // namespace spillway::catalog
