// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/units.h"

#include <atomic>
#include <cstdint>

namespace spillway::policy {

/// A rate that several transfers share, whichever workers they are on: a line of bytes, in which each
/// transfer reserves its next piece behind all the others' and sends it when the front has come there.
///
///      gone       front, moves at the rate                tail
///     ────────────────►|── A ──|──── B ────|── C ──|─ A ─|      a piece may be sent once the front is at its
///                                                               beginning; each waits for one piece at a
///                                                               time
///
/// So the transfers that want more than there is take turns, each with its piece, whose size is its weight's
/// part: a share of the rate for each, and nobody starves; what one does not want, the others have. Positions
/// are bytes, not times: another rate moves the front faster or slower, and all that is reserved already
/// obeys. A line nobody stood in for a while saves up nothing; what is late by less than 200 ms is caught up,
/// because workers' timers are late by up to 40 ms.
///
/// Any thread, no lock. setRate() by one thread at a time.
class Bandwidth
{
public:
    /// `rate` > 0.
    Bandwidth(BytesPerSecond rate, Monotonic now);

    void setRate(BytesPerSecond rate, Monotonic now);
    [[nodiscard]] BytesPerSecond rate() const
    {
        return BytesPerSecond{rate_.load(std::memory_order_relaxed)};
    }

    /// How large a piece of this weight (4, 2 or 1) is now: a normal one's lasts about a second where many
    /// share, and 50 ms or 16 KiB where few do; from 2 KiB to 8 MiB.
    [[nodiscard]] std::uint64_t piece(std::int64_t weight) const;
    /// The position of `bytes` in the line.
    [[nodiscard]] std::int64_t reserve(std::uint64_t bytes, Monotonic now);
    /// Of what was reserved, what will not be sent.
    void giveBack(std::uint64_t bytes);
    /// When the front will be there, at the rate of now; not after `now`: it is.
    [[nodiscard]] Monotonic readyAt(std::int64_t position, Monotonic now) const;

    /// Transfers that draw on it: the pieces are made for so many.
    void join() { users_.fetch_add(1, std::memory_order_relaxed); }
    void leave() { users_.fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t users() const { return users_.load(std::memory_order_relaxed); }

private:
    /// Where the front was at one moment, and how fast it goes since.
    struct Course
    {
        std::int64_t position = 0;
        std::int64_t time = 0; ///< ns since the clock's epoch
        std::int64_t rate = 1;
        [[nodiscard]] std::int64_t at(std::int64_t now) const;
    };
    [[nodiscard]] Course course() const;

    /// A sequence lock over the three behind it: odd while they change.
    std::atomic<std::uint32_t> version_{0};
    std::atomic<std::int64_t> position_{0}, time_{0}, rate_;
    std::atomic<std::int64_t> tail_{0}; ///< where the next piece goes
    std::atomic<std::int64_t> users_{0};
};

} // namespace spillway::policy
