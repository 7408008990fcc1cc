// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/bandwidth.h"

#include <algorithm>

namespace spillway::policy {

namespace {

constexpr double kSecond = 1e9;
constexpr std::int64_t kNormalWeight = 2;
constexpr std::int64_t kLeastPiece = 4 * 1024; ///< of a normal weight, as the two below
constexpr std::int64_t kFewPiece = 16 * 1024;
constexpr std::int64_t kMostPiece = 4 * 1024 * 1024;

std::int64_t nanoseconds(Monotonic time)
{
    return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

/// How far the front may have run ahead of the tail and is still only late.
std::int64_t lateness(std::int64_t rate)
{
    return std::max(rate / 5, kFewPiece);
}

} // namespace

std::int64_t Bandwidth::Course::at(std::int64_t now) const
{
    return position +
           static_cast<std::int64_t>(static_cast<double>(now - time) * static_cast<double>(rate) / kSecond);
}

Bandwidth::Bandwidth(BytesPerSecond rate, Monotonic now) : time_(nanoseconds(now)), rate_(rate.count) {}

Bandwidth::Course Bandwidth::course() const
{
    for (;;) {
        const std::uint32_t before = version_.load(std::memory_order_acquire);
        const Course course{position_.load(std::memory_order_acquire), time_.load(std::memory_order_acquire),
                            rate_.load(std::memory_order_acquire)};
        if ((before & 1) == 0 && version_.load(std::memory_order_acquire) == before)
            return course;
    }
}

void Bandwidth::setRate(BytesPerSecond rate, Monotonic now)
{
    const Course old = course();
    if (old.rate == rate.count)
        return;
    const std::int64_t time = std::max(nanoseconds(now), old.time);
    version_.fetch_add(1, std::memory_order_relaxed);
    // Release: whoever sees one of these sees the odd version, too.
    position_.store(old.at(time), std::memory_order_release);
    time_.store(time, std::memory_order_release);
    rate_.store(rate.count, std::memory_order_release);
    version_.fetch_add(1, std::memory_order_release);
}

std::uint64_t Bandwidth::piece(std::int64_t weight) const
{
    const std::int64_t rate = rate_.load(std::memory_order_relaxed);
    const std::int64_t few = std::clamp(rate / 20, kFewPiece, kMostPiece);
    const std::int64_t normal = std::clamp(rate / std::max<std::int64_t>(users(), 1), kLeastPiece, few);
    return static_cast<std::uint64_t>(normal * weight / kNormalWeight);
}

std::int64_t Bandwidth::reserve(std::uint64_t bytes, Monotonic now)
{
    const Course line = course();
    const std::int64_t front = line.at(nanoseconds(now));
    std::int64_t tail = tail_.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t from = front - tail > lateness(line.rate) ? front : tail;
        if (tail_.compare_exchange_weak(tail, from + static_cast<std::int64_t>(bytes),
                                        std::memory_order_relaxed))
            return from;
    }
}

void Bandwidth::giveBack(std::uint64_t bytes)
{
    tail_.fetch_sub(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
}

Monotonic Bandwidth::readyAt(std::int64_t position, Monotonic now) const
{
    const Course line = course();
    const std::int64_t missing = position - line.at(nanoseconds(now));
    if (missing <= 0)
        return now;
    return now + std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(missing) * kSecond /
                                                                    static_cast<double>(line.rate)) +
                                          1);
}

} // namespace spillway::policy
