// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spillway::observe {

// Buckets are log-linear in base ten: two significant digits of the duration in nanoseconds, from 1 µs to 100
// s.
//
//   index   0        1 .. 90             91 .. 180            ...   631 .. 720           721
//   holds   ≤ 1 µs   (1.0 .. 10 µs]      (10 .. 100 µs]       ...   (10 .. 100 s]        > 100 s
//                    90 steps of 0.1 µs  90 steps of 1 µs           90 steps of 1 s
//
// Base ten and not two, so that every bound that /metrics exports (0.5 ms, 2.5 ms, 60 s) is the edge of a
// bucket and the exported counts are exact. A bucket holds (lower, upper], as Prometheus's "le" wants.
inline constexpr std::size_t histogramDecades = 8;
inline constexpr std::size_t histogramBuckets = 1 + 90 * histogramDecades + 1;

namespace detail {
inline constexpr std::array<std::uint64_t, 13> powersOfTen{
    1,          10,          100,           1'000,          10'000,          100'000,          1'000'000,
    10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000, 100'000'000'000, 1'000'000'000'000};
} // namespace detail

/// The bucket of a duration; negative durations (a clock that was mocked backwards) count as zero.
[[nodiscard]] constexpr std::size_t histogramBucket(std::chrono::nanoseconds duration) noexcept
{
    if (duration.count() <= 1'000)
        return 0;
    if (duration.count() > 100'000'000'000)
        return histogramBuckets - 1;
    const auto below = static_cast<std::uint64_t>(duration.count()) - 1;
    const auto guess = static_cast<unsigned>(std::bit_width(below)) * 1233U >> 12U; // log10(2) is 1233/4096
    const unsigned decade = guess - (below < detail::powersOfTen[guess] ? 1U : 0U); // 3: microseconds
    const std::uint64_t twoDigits = below / detail::powersOfTen[decade - 1];        // 10 .. 99
    return 1 + (decade - 3) * 90 + static_cast<std::size_t>(twoDigits - 10);
}

/// The largest duration that falls into the bucket; nanoseconds::max() for the last one.
[[nodiscard]] std::chrono::nanoseconds histogramUpperBound(std::size_t bucket) noexcept;

/// Plain values of one histogram, summed over its writers.
struct HistogramSnapshot
{
    std::array<std::uint64_t, histogramBuckets> buckets{};
    std::uint64_t sumNanoseconds = 0;

    [[nodiscard]] std::uint64_t count() const noexcept;
    /// How many were at most `bound`; exact where `bound` has two significant digits, else rounded down to an
    /// edge.
    [[nodiscard]] std::uint64_t countUpTo(std::chrono::nanoseconds bound) const noexcept;
    /// An estimate by interpolation inside the bucket (error under 10 %); 0 where nothing was recorded. 0 ≤ q
    /// ≤ 1.
    [[nodiscard]] std::chrono::nanoseconds quantile(double q) const noexcept;
    /// What came since `earlier`, a snapshot of the same histogram.
    [[nodiscard]] HistogramSnapshot since(const HistogramSnapshot& earlier) const noexcept;
    void add(const HistogramSnapshot& other) noexcept;
};

namespace detail {
/// One thread writes: a load and a store.
struct BumpOwned
{
    void operator()(std::atomic<std::uint64_t>& cell, std::uint64_t by) const noexcept
    {
        cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
};
/// Several threads write.
struct BumpShared
{
    void operator()(std::atomic<std::uint64_t>& cell, std::uint64_t by) const noexcept
    {
        cell.fetch_add(by, std::memory_order_relaxed);
    }
};
} // namespace detail

/// Durations as they come; any thread reads. Recording is a division, an increment and an addition.
template<class Bump>
class BasicHistogram
{
public:
    void record(std::chrono::nanoseconds duration) noexcept
    {
        Bump{}(buckets_[histogramBucket(duration)], 1);
        Bump{}(sumNanoseconds_, duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0);
    }
    void addTo(HistogramSnapshot& sum) const noexcept
    {
        for (std::size_t i = 0; i < histogramBuckets; ++i)
            sum.buckets[i] += buckets_[i].load(std::memory_order_relaxed);
        sum.sumNanoseconds += sumNanoseconds_.load(std::memory_order_relaxed);
    }

private:
    std::array<std::atomic<std::uint64_t>, histogramBuckets> buckets_{};
    std::atomic<std::uint64_t> sumNanoseconds_{0};
};

using OwnedHistogram = BasicHistogram<detail::BumpOwned>;   ///< what one worker sees: only it records
using SharedHistogram = BasicHistogram<detail::BumpShared>; ///< any thread records

} // namespace spillway::observe
