// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/requestrate.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;

constexpr Monotonic kStart{1h};

int allowedAt(RequestRate& rate, Monotonic now, int tries)
{
    int allowed = 0;
    for (int i = 0; i < tries; ++i)
        allowed += rate.take(now).allowed ? 1 : 0;
    return allowed;
}

TEST(RequestRate, WithoutALimitEverythingPasses)
{
    RequestRate rate;
    EXPECT_FALSE(rate.limited());
    EXPECT_EQ(allowedAt(rate, kStart, 1000), 1000);
}

TEST(RequestRate, ABurstAtOnceAndThenTheRate)
{
    struct Case
    {
        std::int64_t milli;
        std::optional<std::int64_t> burst;
        int atOnce;
        std::chrono::nanoseconds interval;
    };
    for (const Case& c : {Case{1000, 1, 1, 1s}, Case{1000, {}, 1, 1s}, Case{20'000, {}, 20, 50ms},
                          Case{20'000, 5, 5, 50ms}, Case{500, {}, 1, 2s}, Case{500, 3, 3, 2s},
                          Case{1, {}, 1, 1000s}, Case{1'000'000'000, 10, 10, 1us}}) {
        RequestRate rate;
        rate.set(c.milli, c.burst);
        EXPECT_TRUE(rate.limited());
        EXPECT_EQ(allowedAt(rate, kStart, c.atOnce), c.atOnce) << c.milli;
        const auto refused = rate.take(kStart);
        EXPECT_FALSE(refused.allowed) << c.milli;
        EXPECT_EQ(refused.retryAfter, c.interval) << c.milli;
        EXPECT_FALSE(rate.take(kStart + c.interval - 1ns).allowed) << c.milli;
        EXPECT_TRUE(rate.take(kStart + c.interval).allowed) << "what Retry-After said: " << c.milli;
        EXPECT_FALSE(rate.take(kStart + c.interval).allowed) << c.milli;
        // Saved up over any time, no more than the burst.
        EXPECT_EQ(allowedAt(rate, kStart + 100h, c.atOnce + 5), c.atOnce) << c.milli;
    }
}

TEST(RequestRate, WhatIsGivenBackIsThereAgain)
{
    RequestRate rate;
    rate.set(1000, 2);
    EXPECT_EQ(allowedAt(rate, kStart, 3), 2);
    rate.giveBack();
    EXPECT_EQ(allowedAt(rate, kStart, 3), 1);
    // More than the burst is never there, whatever is given back.
    for (int i = 0; i < 10; ++i)
        rate.giveBack();
    EXPECT_EQ(allowedAt(rate, kStart, 10), 2);
}

TEST(RequestRate, AChangeHoldsAtOnce)
{
    RequestRate rate;
    rate.set(100, 10); // a debt of 100 s
    EXPECT_EQ(allowedAt(rate, kStart, 20), 10);
    rate.set(1'000'000, 1000);
    EXPECT_FALSE(rate.take(kStart).allowed) << "an empty bucket of the new limit";
    EXPECT_LE(rate.take(kStart).retryAfter, 1ms);
    EXPECT_EQ(allowedAt(rate, kStart + 10ms, 20), 10);
    rate.set(std::nullopt, std::nullopt);
    EXPECT_EQ(allowedAt(rate, kStart + 10ms, 100), 100);
    rate.set(1000, 1);
    EXPECT_EQ(allowedAt(rate, kStart + 10ms, 100), 1) << "a limit that is set anew";
}

TEST(RequestRate, TellsItsQuota)
{
    RequestRate rate;
    EXPECT_EQ(rate.quota().requests, 0);
    for (const auto& [milli, burst, requests, window] : {std::array<std::int64_t, 4>{20'000, 20, 20, 1},
                                                         {20'000, 40, 40, 2},
                                                         {500, 1, 1, 2},
                                                         {3'000, 1, 1, 1}}) {
        rate.set(milli, burst);
        EXPECT_EQ(rate.quota().requests, requests);
        EXPECT_EQ(rate.quota().window, window);
    }
}

TEST(RequestRate, ThreadsShareIt)
{
    RequestRate rate;
    rate.set(1'000'000, 500);
    std::atomic<int> allowed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { allowed += allowedAt(rate, kStart, 10'000); });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(allowed.load(), 500);
}

} // namespace
} // namespace spillway::policy
