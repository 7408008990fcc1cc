// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace spillway::observe {

/// How one consumer thread sleeps so that its producers hardly ever pay for waking it.
///
/// The consumer naps for a fixed time while there is traffic, whatever comes in, and only with none goes into
/// a deep sleep without a timer. A producer looks at one shared word after each push: it makes a system call
/// once for each deep sleep, and once for each nap in which its queue became half full. No fence is needed in
/// the producer: before a deep sleep the consumer runs membarrier(2), which orders its flag before every
/// producer's next look, and then checks the queues again. Where the kernel has no membarrier, a deep sleep
/// lasts at most 250 ms.
class Napper
{
public:
    Napper();

    /// Producers, after their item is published.
    void notify(bool urgent) noexcept
    {
        const std::uint32_t state = state_.load(std::memory_order_relaxed);
        if (state == Deep || (state == Nap && urgent))
            wake();
    }
    /// Any thread, also a signal handler: ends the current sleep, or the next one before it begins.
    void wakeNow() noexcept;

    /// Consumer: sleeps until `atMost` has passed or a producer is in need.
    void nap(std::chrono::milliseconds atMost) noexcept;
    /// Consumer: sleeps until something is there; `empty` tells whether there is still nothing.
    template<class Empty>
    void sleep(Empty empty) noexcept
    {
        if (!enter(Deep))
            return;
        orderProducers();
        if (empty())
            wait(Deep, deepLimit_);
        leave();
    }

private:
    enum State : std::uint32_t
    {
        Awake,
        Nap,
        Deep,
        Pending
    };

    void wake() noexcept;
    [[nodiscard]] bool enter(State state) noexcept;
    void leave() noexcept;
    void wait(State state, std::chrono::milliseconds atMost) noexcept;
    static void orderProducers() noexcept;

    alignas(64) std::atomic<std::uint32_t> state_{Awake}; ///< a futex word
    std::chrono::milliseconds deepLimit_{0};              ///< 0: no limit
};

} // namespace spillway::observe
