// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace spillway::observe {

using std::chrono::nanoseconds;

nanoseconds histogramUpperBound(std::size_t bucket) noexcept
{
    if (bucket == 0)
        return nanoseconds(1'000);
    if (bucket >= histogramBuckets - 1)
        return nanoseconds::max();
    const std::size_t decade = (bucket - 1) / 90;
    const std::size_t step = (bucket - 1) % 90;
    return nanoseconds(static_cast<std::int64_t>((step + 11) * detail::powersOfTen[decade + 2]));
}

std::uint64_t HistogramSnapshot::count() const noexcept
{
    return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::uint64_t HistogramSnapshot::countUpTo(nanoseconds bound) const noexcept
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < histogramBuckets && histogramUpperBound(i) <= bound; ++i)
        sum += buckets[i];
    return sum;
}

nanoseconds HistogramSnapshot::quantile(double q) const noexcept
{
    const std::uint64_t total = count();
    if (total == 0)
        return nanoseconds(0);
    const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(total);
    double seen = 0;
    for (std::size_t i = 0; i < histogramBuckets; ++i) {
        const auto here = static_cast<double>(buckets[i]);
        if (here == 0 || seen + here < rank) {
            seen += here;
            continue;
        }
        const auto lower = i == 0 ? 0.0 : static_cast<double>(histogramUpperBound(i - 1).count());
        if (i == histogramBuckets - 1)
            return nanoseconds(static_cast<std::int64_t>(lower)); // it has no upper edge to interpolate to
        const auto upper = static_cast<double>(histogramUpperBound(i).count());
        return nanoseconds(std::llround(lower + (upper - lower) * (rank - seen) / here));
    }
    return histogramUpperBound(histogramBuckets - 2);
}

HistogramSnapshot HistogramSnapshot::since(const HistogramSnapshot& earlier) const noexcept
{
    HistogramSnapshot difference;
    for (std::size_t i = 0; i < histogramBuckets; ++i)
        difference.buckets[i] = buckets[i] - std::min(buckets[i], earlier.buckets[i]);
    difference.sumNanoseconds = sumNanoseconds - std::min(sumNanoseconds, earlier.sumNanoseconds);
    return difference;
}

void HistogramSnapshot::add(const HistogramSnapshot& other) noexcept
{
    for (std::size_t i = 0; i < histogramBuckets; ++i)
        buckets[i] += other.buckets[i];
    sumNanoseconds += other.sumNanoseconds;
}

} // namespace spillway::observe
