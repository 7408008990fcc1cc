// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/timerwheel.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <vector>

namespace spillway::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

const Monotonic kStart{std::chrono::hours(5)};
constexpr auto kTick = TimerWheel::kTick;

struct Wheel : testing::Test
{
    /// The nodes that advance(start + after) found expired, in order.
    std::vector<TimerNode*> advance(nanoseconds after)
    {
        std::vector<TimerNode*> expired;
        wheel.advance(kStart + after, [&](TimerNode& node) { expired.push_back(&node); });
        return expired;
    }
    TimerWheel wheel{kStart};
    TimerNode a, b, c;
};

using Nodes = std::vector<TimerNode*>;

TEST_F(Wheel, ExpiresAtItsTickAndNotOneBefore)
{
    for (const int ticks : {1, 2, 63, 64, 65, 2046, 2047, 2048, 2049, 4096, 4097}) {
        SCOPED_TRACE(ticks);
        TimerWheel own(kStart);
        TimerNode node;
        own.schedule(node, kStart + ticks * kTick);
        int expired = 0;
        const auto count = [&](TimerNode&) { ++expired; };
        own.advance(kStart + (ticks - 1) * kTick, count);
        own.advance(kStart + ticks * kTick - nanoseconds(1), count);
        EXPECT_EQ(expired, 0);
        EXPECT_TRUE(node.linked());
        own.advance(kStart + ticks * kTick, count);
        EXPECT_EQ(expired, 1);
        EXPECT_FALSE(node.linked());
        own.advance(kStart + (ticks + 5000) * kTick, count);
        EXPECT_EQ(expired, 1);
    }
}

TEST_F(Wheel, ADeadlineInsideATickIsLateByLessThanATickNeverEarly)
{
    wheel.schedule(a, kStart + 3 * kTick + nanoseconds(1));
    EXPECT_TRUE(advance(3 * kTick + nanoseconds(1)).empty());
    EXPECT_EQ(advance(4 * kTick), Nodes{&a});
}

TEST_F(Wheel, WhatIsDueAlreadyExpiresAtTheNextTick)
{
    ASSERT_TRUE(advance(10 * kTick).empty());
    wheel.schedule(a, kStart + 2 * kTick);
    wheel.schedule(b, kStart - std::chrono::hours(1));
    EXPECT_TRUE(advance(10 * kTick).empty());
    EXPECT_EQ(advance(11 * kTick), (Nodes{&a, &b}));
}

TEST_F(Wheel, MovingBackOnlyStoresTheDeadline)
{
    wheel.schedule(a, kStart + 5 * kTick);
    const auto slot = a.slot;
    wheel.schedule(a, kStart + 9 * kTick);
    EXPECT_EQ(a.slot, slot);
    EXPECT_EQ(a.deadline, slot + 4);
    EXPECT_TRUE(advance(5 * kTick).empty());
    EXPECT_TRUE(advance(8 * kTick).empty());
    EXPECT_EQ(advance(9 * kTick), Nodes{&a});
}

TEST_F(Wheel, MovingForwardTakesEffectAtOnce)
{
    wheel.schedule(a, kStart + 500 * kTick);
    wheel.schedule(a, kStart + 3 * kTick);
    EXPECT_LE(*wheel.nextWake(), kStart + 3 * kTick);
    EXPECT_TRUE(advance(2 * kTick).empty());
    EXPECT_EQ(advance(3 * kTick), Nodes{&a});
    EXPECT_TRUE(advance(600 * kTick).empty());
}

TEST_F(Wheel, ACancelledNodeNeverExpires)
{
    wheel.schedule(a, kStart + 3 * kTick);
    wheel.schedule(b, kStart + 3 * kTick);
    wheel.schedule(c, kStart + 3 * kTick);
    wheel.cancel(b);
    wheel.cancel(b);
    EXPECT_EQ(advance(5000 * kTick), (Nodes{&a, &c}));
    EXPECT_FALSE(wheel.nextWake());
}

TEST_F(Wheel, NextWakeIsEmptyOnlyWhileNothingIsScheduled)
{
    EXPECT_FALSE(wheel.nextWake());
    wheel.schedule(a, kStart + 70 * kTick);
    EXPECT_EQ(wheel.nextWake(), kStart + 70 * kTick);
    wheel.cancel(a);
    EXPECT_FALSE(wheel.nextWake());
}

TEST_F(Wheel, MoreThanOneTurnAhead)
{
    wheel.schedule(a, kStart + std::chrono::minutes(5));
    Nodes expired;
    milliseconds at{0};
    // As a worker does: sleep until nextWake, advance.
    for (int wakes = 0; expired.empty(); ++wakes) {
        ASSERT_LT(wakes, 20) << "about one look a turn";
        const auto wake = wheel.nextWake();
        ASSERT_TRUE(wake);
        ASSERT_GT(*wake, kStart + at);
        at = std::chrono::duration_cast<milliseconds>(*wake - kStart);
        expired = advance(at);
    }
    EXPECT_EQ(at, std::chrono::minutes(5));
}

TEST_F(Wheel, ALongSleepExpiresWhatIsDueOnceAndKeepsTheRest)
{
    wheel.schedule(a, kStart + 5 * kTick);
    wheel.schedule(b, kStart + std::chrono::hours(30));
    wheel.schedule(c, kStart + std::chrono::hours(20));
    auto expired = advance(std::chrono::hours(20));
    std::sort(expired.begin(), expired.end());
    Nodes expected{&a, &c};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(expired, expected);
    EXPECT_TRUE(advance(std::chrono::hours(30) - milliseconds(1)).empty());
    EXPECT_EQ(advance(std::chrono::hours(30)), Nodes{&b});
}

TEST_F(Wheel, TimeThatStandsOrGoesBackExpiresNothing)
{
    wheel.schedule(a, kStart + kTick);
    EXPECT_TRUE(advance(nanoseconds(0)).empty());
    EXPECT_TRUE(advance(-std::chrono::hours(1)).empty());
    EXPECT_EQ(advance(kTick), Nodes{&a});
}

TEST_F(Wheel, ACallbackMayRescheduleItself)
{
    wheel.schedule(a, kStart + kTick);
    int calls = 0;
    for (int tick = 1; tick <= 10; ++tick)
        wheel.advance(kStart + tick * kTick, [&](TimerNode& node) {
            ++calls;
            wheel.schedule(node, kStart + tick * kTick + 2 * kTick);
        });
    EXPECT_EQ(calls, 5); // ticks 1, 3, 5, 7, 9
}

TEST_F(Wheel, ACallbackThatReschedulesItselfIntoThePastDoesNotSpin)
{
    wheel.schedule(a, kStart + kTick);
    int calls = 0;
    wheel.advance(kStart + kTick, [&](TimerNode& node) {
        ASSERT_LT(++calls, 3);
        wheel.schedule(node, kStart);
    });
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(a.linked());
}

TEST_F(Wheel, ACallbackMayCancelOthersOfTheSameSlot)
{
    wheel.schedule(a, kStart + kTick);
    wheel.schedule(b, kStart + kTick);
    wheel.schedule(c, kStart + kTick);
    Nodes expired;
    wheel.advance(kStart + kTick, [&](TimerNode& node) {
        expired.push_back(&node);
        wheel.cancel(b);
    });
    EXPECT_EQ(expired, (Nodes{&a, &c}));
    EXPECT_FALSE(b.linked());
}

TEST_F(Wheel, ACallbackMayMoveOthersOfTheSameSlot)
{
    wheel.schedule(a, kStart + kTick);
    wheel.schedule(b, kStart + kTick);
    Nodes expired;
    wheel.advance(kStart + kTick, [&](TimerNode& node) {
        expired.push_back(&node);
        if (&node == &a)
            wheel.schedule(b, kStart + 7 * kTick);
    });
    EXPECT_EQ(expired, Nodes{&a});
    EXPECT_TRUE(advance(6 * kTick).empty());
    EXPECT_EQ(advance(7 * kTick), Nodes{&b});
}

/// Random operations against a map of deadlines. What must hold: nothing early, nothing later than the first
/// advance after its tick, nextWake never later than the first deadline.
TEST_F(Wheel, BehavesAsANaiveModel)
{
    std::mt19937 random(20240611); // fixed: a failure can be run again
    std::vector<TimerNode> nodes(60);
    std::map<TimerNode*, std::int64_t> model; // node → tick due
    std::int64_t now = 0;
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    const auto schedule = [&](TimerNode& node, int earliest) {
        static constexpr std::array<int, 5> kSpans{3, 70, 1000, 2100, 20000};
        const std::int64_t due = now + earliest + pick(kSpans[static_cast<std::size_t>(pick(5))]);
        wheel.schedule(node, kStart + due * kTick);
        model[&node] = std::max(due, now + 1);
    };
    for (int step = 0; step < 200'000; ++step) {
        TimerNode& node = nodes[static_cast<std::size_t>(pick(60))];
        switch (pick(4)) {
        case 0:
        case 1:
            schedule(node, -1);
            break;
        case 2:
            wheel.cancel(node);
            model.erase(&node);
            break;
        default: {
            now += pick(50) == 0 ? pick(9000) : pick(40);
            wheel.advance(kStart + now * kTick, [&](TimerNode& expired) {
                const auto at = model.find(&expired);
                ASSERT_NE(at, model.end()) << "step " << step << ": expired without being scheduled";
                ASSERT_LE(at->second, now) << "step " << step << ": early";
                model.erase(at);
                if (pick(3) == 0)
                    schedule(expired, 1); // a past one may or may not come in the same advance
                TimerNode& other = nodes[static_cast<std::size_t>(pick(60))];
                if (pick(5) == 0) {
                    wheel.cancel(other);
                    model.erase(&other);
                }
            });
            for (const auto& [late, due] : model)
                ASSERT_GT(due, now) << "step " << step << ": not expired in time";
        }
        }
        const auto wake = wheel.nextWake();
        ASSERT_EQ(wake.has_value(), !model.empty()) << "step " << step;
        for (const auto& [waiting, due] : model)
            ASSERT_LE(*wake, kStart + due * kTick) << "step " << step << ": wakes too late";
        if (wake) {
            ASSERT_GT(*wake, kStart + now * kTick) << "step " << step << ": would spin";
        }
        if (HasFatalFailure())
            return;
    }
}

} // namespace
} // namespace spillway::net
