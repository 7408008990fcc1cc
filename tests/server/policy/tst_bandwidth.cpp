// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/bandwidth.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;

/// Takes all it can get over `time`, going on where the limit says.
std::uint64_t drawn(Bandwidth& limit, std::chrono::nanoseconds time, std::uint64_t wanted)
{
    const Monotonic begin{1h};
    std::uint64_t total = 0;
    for (Monotonic now = begin; now < begin + time;) {
        const auto grant = limit.take(wanted, now);
        EXPECT_LE(grant.bytes, wanted);
        total += grant.bytes;
        if (grant.bytes == 0) {
            EXPECT_GT(grant.again, now);
            now = grant.again;
        }
    }
    return total;
}

TEST(Bandwidth, GrantsTheRateAndOneBurst)
{
    for (const std::int64_t rate : {10LL << 10, 1LL << 20, 100LL << 20, 5LL << 30}) {
        for (const std::uint64_t wanted : {1000ULL, 65536ULL, 4ULL << 20}) {
            Bandwidth limit(BytesPerSecond{rate});
            const auto total = static_cast<double>(drawn(limit, 10s, wanted));
            const auto ideal = static_cast<double>(rate) * 10;
            EXPECT_GE(total, ideal * 0.99) << rate << " " << wanted;
            EXPECT_LE(total, ideal * 1.01 + (16 << 10)) << rate << " " << wanted;
        }
    }
}

TEST(Bandwidth, WhatIsGivenBackIsGrantedAgain)
{
    Bandwidth limit(BytesPerSecond{1 << 20});
    const Monotonic now{1h};
    const auto first = limit.take(1 << 20, now);
    ASSERT_GT(first.bytes, 0U);
    EXPECT_EQ(limit.take(1 << 20, now).bytes, 0U);
    limit.giveBack(first.bytes);
    EXPECT_NEAR(static_cast<double>(limit.take(1 << 20, now).bytes), static_cast<double>(first.bytes), 2.0);
}

TEST(Bandwidth, IdleTimeSavesUpNoMoreThanABurst)
{
    Bandwidth limit(BytesPerSecond{1 << 20});
    const auto first = limit.take(1 << 30, Monotonic{1h});
    const auto later = limit.take(1 << 30, Monotonic{2h});
    EXPECT_EQ(first.bytes, later.bytes);
}

TEST(Bandwidth, ThreadsShareIt)
{
    Bandwidth limit(BytesPerSecond{8 << 20});
    std::atomic<std::uint64_t> total{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int tick = 0; tick < 1000; ++tick)
                total += limit.take(65536, Monotonic{1h} + tick * 1ms).bytes;
        });
    for (auto& thread : threads)
        thread.join();
    // One second of one shared clock, whoever comes first, and one burst.
    EXPECT_LE(total.load(), (8U << 20) + (1U << 20));
}

TEST(BandwidthTable, OneLimitForOneNameWhileHeld)
{
    BandwidthTable table;
    auto first = table.get("a", BytesPerSecond{1000});
    EXPECT_EQ(table.get("a", BytesPerSecond{1000}), first);
    EXPECT_NE(table.get("b", BytesPerSecond{1000}), first);
    EXPECT_NE(table.get("a", BytesPerSecond{2000}), first) << "another rate is another limit";
}

TEST(BandwidthTable, ForgetsWhatNobodyHolds)
{
    BandwidthTable table;
    for (int i = 0; i < 100'000; ++i)
        (void)table.get(std::to_string(i), BytesPerSecond{1000});
    EXPECT_LE(table.size(), 64U);
}

} // namespace
} // namespace spillway::policy
