// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/circuitbreaker.h"

#include "tests/server/observe/manualclock.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

class CircuitBreakerTest : public testing::Test
{
protected:
    CircuitBreakerTest() { make({}); }

    void make(CircuitBreaker::Options options)
    {
        breaker.emplace("catalog", "stale_links", clock, options);
        breaker->onChange([this](State, State to) { told.push_back(to); });
        clock.advance(1h);
    }
    /// One call; false where it was refused.
    bool call(bool succeeds)
    {
        const auto permit = breaker->allow();
        if (permit)
            breaker->ended(*permit, succeeds);
        return permit.has_value();
    }
    void open()
    {
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(call(false));
        EXPECT_EQ(breaker->state(), State::Open);
    }

    observe::ManualClock clock;
    std::optional<CircuitBreaker> breaker;
    std::vector<State> told;
};

TEST_F(CircuitBreakerTest, OpensAtTheRateAndNotBelowTheSamples)
{
    const struct
    {
        int good, bad;
        State state;
    } rows[] = {
        {0, 1, State::Closed}, {0, 2, State::Closed},     {0, 3, State::Open},     {0, 0, State::Closed},
        {1, 1, State::Closed}, {1, 2, State::Open},       {2, 2, State::Open},     {3, 2, State::Closed},
        {3, 3, State::Open},   {101, 100, State::Closed}, {100, 100, State::Open},
    };
    for (const auto& row : rows) {
        make({});
        for (int i = 0; i < row.good; ++i)
            call(true);
        for (int i = 0; i < row.bad; ++i)
            call(false);
        EXPECT_EQ(breaker->state(), row.state) << row.good << " " << row.bad;
        EXPECT_EQ(breaker->counters().failures, static_cast<std::uint64_t>(row.bad));
    }
}

TEST_F(CircuitBreakerTest, OldErrorsAreForgottenAsTheWindowRolls)
{
    for (const auto wait : {53s, 60s}) {
        make({});
        call(false);
        call(false);
        clock.advance(wait);
        call(false);
        EXPECT_EQ(breaker->state() == State::Open, wait < 60s) << wait.count();
    }
}

TEST_F(CircuitBreakerTest, RefusesUntilTheCoolDownIsOverThenProbes)
{
    open();
    EXPECT_FALSE(call(true));
    clock.advance(999ms);
    EXPECT_FALSE(call(true));
    clock.advance(1ms);
    const auto probe = breaker->allow();
    ASSERT_TRUE(probe);
    EXPECT_EQ(breaker->state(), State::HalfOpen);
    EXPECT_FALSE(breaker->allow()) << "one probe at a time";
    breaker->ended(*probe, true);
    EXPECT_EQ(breaker->state(), State::Closed);
    EXPECT_TRUE(call(true));
    EXPECT_EQ(told, (std::vector{State::Open, State::HalfOpen, State::Closed}));
    EXPECT_EQ(breaker->counters().opened, 1U);
    EXPECT_EQ(breaker->counters().refused, 3U);
}

TEST_F(CircuitBreakerTest, TheCoolDownGrowsAndStartsAnew)
{
    open();
    for (const auto wait : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        clock.advance(wait - 1ms);
        EXPECT_FALSE(call(false)) << wait.count();
        clock.advance(1ms);
        EXPECT_TRUE(call(false)) << wait.count();
        EXPECT_EQ(breaker->state(), State::Open);
    }
    clock.advance(30s);
    EXPECT_TRUE(call(true));
    EXPECT_EQ(breaker->state(), State::Closed);
    EXPECT_EQ(breaker->counters().opened, 1U) << "failed probes do not open it again";
    open();
    clock.advance(1s);
    EXPECT_TRUE(call(true));
}

TEST_F(CircuitBreakerTest, ProbesAreBounded)
{
    make({.probes = 2, .probesNeeded = 3});
    open();
    clock.advance(1s);
    auto first = breaker->allow(), second = breaker->allow();
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(breaker->allow());
    breaker->ended(*first, true);
    breaker->ended(*second, true);
    EXPECT_EQ(breaker->state(), State::HalfOpen);
    EXPECT_TRUE(call(true));
    EXPECT_EQ(breaker->state(), State::Closed);
}

TEST_F(CircuitBreakerTest, AProbeThatNeverEndsGivesItsPlaceUp)
{
    open();
    clock.advance(1s);
    const auto lost = breaker->allow();
    ASSERT_TRUE(lost);
    clock.advance(14'999ms);
    EXPECT_FALSE(breaker->allow());
    clock.advance(1ms);
    const auto another = breaker->allow();
    ASSERT_TRUE(another);
    breaker->ended(*lost, true);
    EXPECT_EQ(breaker->state(), State::HalfOpen) << "too late to count";
    breaker->ended(*another, true);
    EXPECT_EQ(breaker->state(), State::Closed);
}

TEST_F(CircuitBreakerTest, WhatBeganBeforeAChangeDoesNotCount)
{
    const auto early = breaker->allow();
    open();
    breaker->ended(*early, true);
    EXPECT_EQ(breaker->state(), State::Open);
    clock.advance(1s);
    const auto probe = breaker->allow();
    breaker->ended(*early, false);
    EXPECT_EQ(breaker->state(), State::HalfOpen);
    breaker->ended(*probe, true);
    breaker->ended(*probe, false);
    EXPECT_EQ(breaker->state(), State::Closed);
    EXPECT_TRUE(call(true));
}

TEST_F(CircuitBreakerTest, HasNamesAndCountsItsFallback)
{
    EXPECT_EQ(breaker->dependency(), "catalog");
    EXPECT_EQ(breaker->fallback(), "stale_links");
    breaker->fellBack();
    breaker->fellBack();
    EXPECT_EQ(breaker->counters().fallbacks, 2U);
}

TEST_F(CircuitBreakerTest, ManyThreads)
{
    make({.coolDown = 0ms});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([this, t] {
            for (int i = 0; i < 5'000; ++i)
                call((i + t) % 3 == 0);
        });
    for (auto& thread : threads)
        thread.join();
    while (breaker->state() != State::Closed)
        EXPECT_TRUE(call(true));
    EXPECT_EQ(told.back(), State::Closed);
    for (std::size_t i = 1; i < told.size(); ++i)
        EXPECT_NE(told[i], told[i - 1]);
}

} // namespace
} // namespace spillway::policy
