// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/requestrate.h"

#include <algorithm>

namespace spillway::policy {

namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::int64_t kMilli = 1000;

std::int64_t nanoseconds(Monotonic time)
{
    return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

} // namespace

void RequestRate::set(std::optional<std::int64_t> milliRequests, std::optional<std::int64_t> burst)
{
    if (!milliRequests) {
        interval_.store(0, std::memory_order_relaxed);
        bookedUntil_.store(0, std::memory_order_relaxed); // a limit that is set later begins anew
        return;
    }
    // At least 1 ns, so that no rate is "no limit"; a day's burst keeps sums far from the end of 64 bits.
    const std::int64_t interval = std::max<std::int64_t>(kNanoseconds * kMilli / *milliRequests, 1);
    const std::int64_t requests = burst.value_or(std::max<std::int64_t>(*milliRequests / kMilli, 1));
    const std::int64_t most = std::max<std::int64_t>(86'400 * kNanoseconds / interval, 1);
    depth_.store(interval * std::min(requests, most), std::memory_order_relaxed);
    interval_.store(interval, std::memory_order_relaxed);
}

RequestRate::Decision RequestRate::take(Monotonic now)
{
    const std::int64_t interval = interval_.load(std::memory_order_relaxed);
    if (interval == 0)
        return {};
    const std::int64_t depth = depth_.load(std::memory_order_relaxed);
    const std::int64_t time = nanoseconds(now);
    std::int64_t booked = bookedUntil_.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t from = std::clamp(booked, time, time + depth);
        const std::int64_t excess = from + interval - (time + depth);
        if (excess > 0) {
            // What a lower limit left behind must not outlast it.
            if (booked > time + depth &&
                !bookedUntil_.compare_exchange_weak(booked, time + depth, std::memory_order_relaxed))
                continue;
            return {false, std::chrono::nanoseconds(excess)};
        }
        if (bookedUntil_.compare_exchange_weak(booked, from + interval, std::memory_order_relaxed))
            return {};
    }
}

void RequestRate::giveBack()
{
    bookedUntil_.fetch_sub(interval_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

RequestRate::Quota RequestRate::quota() const
{
    const std::int64_t interval = interval_.load(std::memory_order_relaxed);
    if (interval == 0)
        return {};
    const std::int64_t depth = depth_.load(std::memory_order_relaxed);
    return {depth / interval, (depth + kNanoseconds - 1) / kNanoseconds};
}

bool RequestRate::idle(Monotonic now) const
{
    return bookedUntil_.load(std::memory_order_relaxed) <= nanoseconds(now);
}

} // namespace spillway::policy
