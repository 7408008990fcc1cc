// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <cstdint>
#include <optional>

// One ring of slots, a tick apart; a node hangs in the slot of its deadline, or in the farthest slot if that
// lies beyond one turn, and moves on when the slot comes up. A slot is a circular list through its own
// sentinel:
//
//     slots_[i]:  sentinel <-> node <-> node <-> (sentinel)          occupied_ bit i: the list is not empty
//
// Invariant: a linked node's slot comes up no later than its deadline. So pushing a deadline back, which
// every request does, only stores a number; the node is re-hung once, when its old slot comes up.
namespace spillway::net {

struct TimerNode
{
    TimerNode* prev = nullptr;
    TimerNode* next = nullptr;
    std::uint32_t deadline = 0; ///< in ticks since the wheel began
    std::uint32_t slot = 0;     ///< tick at which its list comes up

    [[nodiscard]] bool linked() const noexcept { return next != nullptr; }
};

/// Time-outs of one worker: about 5 ns to move one back, O(expired) to advance. One thread. Resolution: one
/// tick, late by at most one. Deadlines farther than 2^31 ticks (16 months) are not promised.
class TimerWheel
{
public:
    static constexpr std::chrono::milliseconds kTick{20};
    static constexpr std::uint32_t kSlots = 2048; // 41 s a turn

    explicit TimerWheel(Monotonic start);
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    void schedule(TimerNode& node, Monotonic when);
    void cancel(TimerNode& node);

    /// Calls expired(node) for every node whose deadline is not after `now`. The node is unlinked before; the
    /// callback may schedule or cancel any node, itself too.
    template<class F>
    void advance(Monotonic now, F&& expired);

    /// When advance must be called next; empty where nothing is scheduled. May be early, never late.
    [[nodiscard]] std::optional<Monotonic> nextWake() const;

private:
    [[nodiscard]] std::uint32_t tickAtOrAfter(Monotonic when) const;
    void link(TimerNode& node, std::uint32_t tick);
    void unlink(TimerNode& node);

    Monotonic start_;
    std::uint32_t current_ = 0; ///< every slot up to this tick has been handled
    std::size_t count_ = 0;
    std::array<TimerNode, kSlots> slots_;
    std::array<std::uint64_t, kSlots / 64> occupied_{};
};

template<class F>
void TimerWheel::advance(Monotonic now, F&& expired)
{
    if (now < start_)
        return;
    const auto target = static_cast<std::uint32_t>((now - start_) / kTick);
    // After a long sleep every slot is visited once, not once per turn missed.
    if (target - current_ > kSlots)
        current_ = target - kSlots;
    while (current_ != target) {
        ++current_;
        TimerNode& sentinel = slots_[current_ % kSlots];
        occupied_[current_ % kSlots / 64] &= ~(1ULL << (current_ % 64));
        if (sentinel.next == &sentinel)
            continue;
        // Take the whole list off first: what the callbacks hang into this slot again waits for its next
        // turn.
        TimerNode due;
        due.next = sentinel.next;
        due.prev = sentinel.prev;
        due.next->prev = &due;
        due.prev->next = &due;
        sentinel.next = sentinel.prev = &sentinel;
        while (due.next != &due) {
            TimerNode& node = *due.next;
            node.prev->next = node.next;
            node.next->prev = node.prev;
            node.next = node.prev = nullptr;
            --count_;
            if (static_cast<std::int32_t>(node.deadline - target) > 0)
                link(node, node.deadline);
            else
                expired(node);
        }
    }
}

} // namespace spillway::net
