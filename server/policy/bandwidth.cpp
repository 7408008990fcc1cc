// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/bandwidth.h"

#include <algorithm>

namespace spillway::policy {

namespace {
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kLeastBurst = 16 * 1024;
} // namespace

Bandwidth::Bandwidth(BytesPerSecond rate)
    : rate_(rate), burst_(nanosecondsFor(std::max(static_cast<std::uint64_t>(rate.count) / 20, kLeastBurst)))
{
}

std::int64_t Bandwidth::nanosecondsFor(std::uint64_t bytes) const noexcept
{
    return static_cast<std::int64_t>(static_cast<double>(bytes) * static_cast<double>(kSecond) /
                                     static_cast<double>(rate_.count));
}

net::Pacer::Grant Bandwidth::take(std::uint64_t wanted, Monotonic now)
{
    const std::int64_t time = std::chrono::nanoseconds(now.time_since_epoch()).count();
    std::int64_t paid = paidUntil_.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t from = std::max(paid, time);
        const std::int64_t room = time + burst_ - from;
        const auto bytes = static_cast<std::uint64_t>(
            static_cast<double>(room) * static_cast<double>(rate_.count) / static_cast<double>(kSecond));
        // Not byte by byte: a quarter of the burst at a time keeps the number of sends, and of wake-ups,
        // small.
        const std::uint64_t least = std::min(wanted, std::max<std::uint64_t>(kLeastBurst / 4, 1));
        if (room <= 0 || bytes < least) {
            const std::int64_t missing =
                nanosecondsFor(least) - std::max<std::int64_t>(room, 0) + std::max<std::int64_t>(-room, 0);
            return {0, now + std::chrono::nanoseconds(std::max<std::int64_t>(missing, 1'000'000))};
        }
        const std::uint64_t grant = std::min(wanted, bytes);
        if (paidUntil_.compare_exchange_weak(paid, from + nanosecondsFor(grant), std::memory_order_relaxed))
            return {grant, now};
    }
}

void Bandwidth::giveBack(std::uint64_t bytes)
{
    paidUntil_.fetch_sub(nanosecondsFor(bytes), std::memory_order_relaxed);
}

std::shared_ptr<Bandwidth> BandwidthTable::get(std::string_view name, BytesPerSecond rate)
{
    std::lock_guard lock(mutex_);
    auto& slot = limits_[std::string(name)];
    if (auto held = slot.lock(); held && held->rate() == rate)
        return held;
    auto made = std::make_shared<Bandwidth>(rate);
    slot = made;
    if (limits_.size() >= sweepAt_) {
        std::erase_if(limits_, [](const auto& entry) { return entry.second.expired(); });
        sweepAt_ = std::max<std::size_t>(64, 2 * limits_.size());
    }
    return made;
}

std::size_t BandwidthTable::size() const
{
    std::lock_guard lock(mutex_);
    return limits_.size();
}

} // namespace spillway::policy
