// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/frequencysketch.h"

#include <gtest/gtest.h>
#include <random>

namespace spillway::body {
namespace {

TEST(FrequencySketch, CountsUpToFifteen)
{
    FrequencySketch sketch(1000);
    EXPECT_EQ(sketch.estimate(42), 0u);
    for (unsigned i = 1; i <= 14; ++i) {
        sketch.add(42);
        EXPECT_EQ(sketch.estimate(42), i);
    }
    for (int i = 0; i < 3; ++i) {
        sketch.add(42);
        EXPECT_EQ(sketch.estimate(42), 15u);
    }
}

TEST(FrequencySketch, IsNeverTooLowAndSeldomTooHigh)
{
    std::mt19937_64 random(7);
    FrequencySketch sketch(1000);
    std::vector<std::pair<std::uint64_t, unsigned>> truth;
    for (unsigned i = 0; i < 1000; ++i)
        truth.emplace_back(random(), 1 + i % 5); // 3,000 additions: no ageing yet
    for (const auto& [hash, times] : truth)
        for (unsigned i = 0; i < times; ++i)
            sketch.add(hash);
    int tooHigh = 0;
    for (const auto& [hash, times] : truth) {
        EXPECT_GE(sketch.estimate(hash), times);
        tooHigh += sketch.estimate(hash) > times ? 1 : 0;
    }
    EXPECT_LT(tooHigh, 100) << "of 1,000";
}

/// Small hashes in a row, as a weak hash function gives, do not fall on one another.
TEST(FrequencySketch, TellsNeighboursApart)
{
    FrequencySketch sketch(1000);
    for (std::uint64_t hash = 0; hash < 100; hash += 2)
        for (int i = 0; i < 10; ++i)
            sketch.add(hash);
    int seen = 0;
    for (std::uint64_t hash = 1; hash < 100; hash += 2)
        seen += sketch.estimate(hash) > 0 ? 1 : 0;
    EXPECT_LT(seen, 5);
}

TEST(FrequencySketch, ForgetsByHalves)
{
    FrequencySketch sketch(64); // ages after 640 additions
    for (int i = 0; i < 12; ++i)
        sketch.add(42);
    for (int i = 12; i < 639; ++i)
        sketch.add(1);
    EXPECT_EQ(sketch.estimate(42), 12u) << "n-1";
    sketch.add(1);
    EXPECT_EQ(sketch.estimate(42), 6u) << "n";
    for (int i = 0; i < 319; ++i)
        sketch.add(1);
    EXPECT_EQ(sketch.estimate(42), 6u);
    sketch.add(1);
    EXPECT_EQ(sketch.estimate(42), 3u) << "half of the additions are forgotten, too";
}

TEST(FrequencySketch, AnySizeWorks)
{
    for (const std::size_t things : {0u, 1u, 63u, 64u, 65u, 4096u}) {
        FrequencySketch sketch(things);
        sketch.add(~0ULL);
        sketch.add(0);
        EXPECT_EQ(sketch.estimate(~0ULL), 1u) << things;
        EXPECT_EQ(sketch.estimate(0), 1u) << things;
    }
}

} // namespace
} // namespace spillway::body
