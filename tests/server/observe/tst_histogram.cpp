// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/histogram.h"

#include <gtest/gtest.h>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(Histogram, EdgesBelongToTheBucketBelow)
{
    // n - 1, n and n + 1 around every edge: a bucket holds (lower, upper].
    for (std::size_t bucket = 0; bucket + 1 < histogramBuckets; ++bucket) {
        const nanoseconds upper = histogramUpperBound(bucket);
        ASSERT_EQ(histogramBucket(upper - 1ns), bucket) << upper.count();
        ASSERT_EQ(histogramBucket(upper), bucket) << upper.count();
        ASSERT_EQ(histogramBucket(upper + 1ns), bucket + 1) << upper.count();
    }
}

TEST(Histogram, ExtremesHaveABucket)
{
    EXPECT_EQ(histogramBucket(nanoseconds::min()), 0U);
    EXPECT_EQ(histogramBucket(-1ns), 0U);
    EXPECT_EQ(histogramBucket(0ns), 0U);
    EXPECT_EQ(histogramBucket(100s), histogramBuckets - 2);
    EXPECT_EQ(histogramBucket(nanoseconds::max()), histogramBuckets - 1);
}

TEST(Histogram, UpperBoundsRiseByAtMostTenPercent)
{
    for (std::size_t bucket = 1; bucket + 2 < histogramBuckets; ++bucket) {
        const auto lower = static_cast<double>(histogramUpperBound(bucket).count());
        const auto upper = static_cast<double>(histogramUpperBound(bucket + 1).count());
        ASSERT_GT(upper, lower);
        ASSERT_LE(upper, lower * 1.1000001);
    }
}

TEST(Histogram, CountsUpToAnExportedBoundAreExact)
{
    OwnedHistogram histogram;
    for (const auto value : {499'999ns, 500'000ns, 500'001ns, 2'500'000ns, 2'500'001ns})
        histogram.record(value);
    HistogramSnapshot snapshot;
    histogram.addTo(snapshot);
    EXPECT_EQ(snapshot.count(), 5U);
    EXPECT_EQ(snapshot.sumNanoseconds, 6'500'001U);
    EXPECT_EQ(snapshot.countUpTo(500us), 2U);
    EXPECT_EQ(snapshot.countUpTo(2500us), 4U);
    EXPECT_EQ(snapshot.countUpTo(60s), 5U);
    EXPECT_EQ(snapshot.countUpTo(0ns), 0U);
}

TEST(Histogram, QuantilesOfAUniformSpread)
{
    OwnedHistogram histogram;
    for (int i = 1; i <= 1000; ++i)
        histogram.record(std::chrono::microseconds(i));
    HistogramSnapshot snapshot;
    histogram.addTo(snapshot);
    struct Case
    {
        double q;
        double microseconds;
    };
    for (const Case& c : {Case{0.5, 500}, Case{0.95, 950}, Case{0.99, 990}, Case{1.0, 1000}}) {
        const double estimate = static_cast<double>(snapshot.quantile(c.q).count()) / 1000.0;
        EXPECT_NEAR(estimate, c.microseconds, c.microseconds * 0.02) << c.q;
    }
    EXPECT_LE(snapshot.quantile(0.0), 1us);
}

TEST(Histogram, QuantileOfNothingAndOfTheEndless)
{
    HistogramSnapshot nothing;
    EXPECT_EQ(nothing.quantile(0.99), 0ns);
    OwnedHistogram histogram;
    histogram.record(1h);
    HistogramSnapshot snapshot;
    histogram.addTo(snapshot);
    EXPECT_EQ(snapshot.quantile(0.5), 100s)
        << "the last bucket has no upper edge: its lower one is the estimate";
}

TEST(Histogram, DifferenceHasOnlyWhatCameSince)
{
    OwnedHistogram histogram;
    histogram.record(1ms);
    HistogramSnapshot earlier;
    histogram.addTo(earlier);
    histogram.record(10ms);
    HistogramSnapshot later;
    histogram.addTo(later);
    const HistogramSnapshot difference = later.since(earlier);
    EXPECT_EQ(difference.count(), 1U);
    EXPECT_EQ(difference.countUpTo(1ms), 0U);
    EXPECT_EQ(difference.countUpTo(10ms), 1U);
    EXPECT_EQ(difference.sumNanoseconds, 10'000'000U);
    EXPECT_EQ(earlier.since(later).count(), 0U) << "snapshots in the wrong order do not underflow";

    HistogramSnapshot sum = earlier;
    sum.add(difference);
    EXPECT_EQ(sum.buckets, later.buckets);
    EXPECT_EQ(sum.sumNanoseconds, later.sumNanoseconds);
}

} // namespace
} // namespace spillway::observe
