// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/timerwheel.h"

#include <bit>

namespace spillway::net {

TimerWheel::TimerWheel(Monotonic start) : start_(start)
{
    for (TimerNode& sentinel : slots_)
        sentinel.next = sentinel.prev = &sentinel;
}

std::uint32_t TimerWheel::tickAtOrAfter(Monotonic when) const
{
    if (when <= start_)
        return 0;
    return static_cast<std::uint32_t>((when - start_ + kTick - std::chrono::nanoseconds(1)) / kTick);
}

void TimerWheel::schedule(TimerNode& node, Monotonic when)
{
    std::uint32_t deadline = tickAtOrAfter(when);
    if (static_cast<std::int32_t>(deadline - current_) <= 0)
        deadline = current_ + 1;
    node.deadline = deadline;
    if (node.linked()) {
        if (static_cast<std::int32_t>(node.slot - deadline) <= 0)
            return;
        unlink(node);
    }
    link(node, deadline);
}

void TimerWheel::cancel(TimerNode& node)
{
    if (node.linked())
        unlink(node);
}

void TimerWheel::link(TimerNode& node, std::uint32_t tick)
{
    if (tick - current_ >= kSlots)
        tick = current_ + kSlots - 1;
    if (static_cast<std::int32_t>(tick - current_) <= 0)
        tick = current_ + 1;
    node.slot = tick;
    TimerNode& sentinel = slots_[tick % kSlots];
    node.prev = sentinel.prev;
    node.next = &sentinel;
    sentinel.prev->next = &node;
    sentinel.prev = &node;
    occupied_[tick % kSlots / 64] |= 1ULL << (tick % 64);
    ++count_;
}

void TimerWheel::unlink(TimerNode& node)
{
    node.prev->next = node.next;
    node.next->prev = node.prev;
    // The bit stays set where the list may have become empty: nextWake is then early once, which costs one
    // look.
    node.next = node.prev = nullptr;
    --count_;
}

std::optional<Monotonic> TimerWheel::nextWake() const
{
    if (count_ == 0)
        return std::nullopt;
    // Words of 64 slots, from the slot after current_ around to it.
    const std::uint32_t first = current_ + 1;
    std::uint32_t ahead = 0;
    while (ahead < kSlots) {
        const std::uint32_t slot = (first + ahead) % kSlots;
        const std::uint64_t word = occupied_[slot / 64] >> (slot % 64);
        if (word != 0) {
            ahead += static_cast<std::uint32_t>(std::countr_zero(word));
            break;
        }
        ahead += 64 - slot % 64;
    }
    return start_ + kTick * static_cast<std::int64_t>(first + ahead);
}

} // namespace spillway::net
