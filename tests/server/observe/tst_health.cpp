// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/health.h"

#include "manualclock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Health, IsNotReadyBeforeItStarted)
{
    ManualClock clock;
    Health health(clock);
    EXPECT_FALSE(health.ready());
    EXPECT_EQ(health.readyJson(), "{\"status\":\"starting\",\"mode\":\"normal\",\"modes\":[]}\n");
    health.setStarted();
    EXPECT_TRUE(health.ready());
    EXPECT_EQ(health.readyJson(), "{\"status\":\"ready\",\"mode\":\"normal\",\"modes\":[]}\n");
}

TEST(Health, OnlyPausedAndDrainingTurnTrafficAway)
{
    struct Case
    {
        Mode mode;
        bool ready;
    };
    const Case cases[] = {
        {Mode::Saving, true},  {Mode::CatalogDown, true}, {Mode::ReadOnly, true},
        {Mode::Paused, false}, {Mode::Draining, false},
    };
    for (const Case& c : cases) {
        ManualClock clock;
        Health health(clock);
        health.setStarted();
        health.enter(c.mode, "because");
        EXPECT_TRUE(health.is(c.mode)) << modeName(c.mode);
        EXPECT_EQ(health.mode(), c.mode);
        EXPECT_EQ(health.ready(), c.ready) << modeName(c.mode);
        health.leave(c.mode);
        EXPECT_FALSE(health.is(c.mode));
        EXPECT_EQ(health.mode(), Mode::Normal);
        EXPECT_TRUE(health.ready());
    }
}

TEST(Health, TheGravestModeGivesTheName)
{
    ManualClock clock;
    Health health(clock);
    health.setStarted();
    health.enter(Mode::Saving, "load over 95 %");
    clock.advance(10s);
    health.enter(Mode::Draining, "SIGTERM");
    clock.advance(10s);
    health.enter(Mode::Saving, "a \"new\" reason\n");
    EXPECT_EQ(health.readyJson(),
              "{\"status\":\"not-ready\",\"mode\":\"draining\",\"modes\":["
              "{\"mode\":\"draining\",\"reason\":\"SIGTERM\",\"since\":1760000010},"
              "{\"mode\":\"saving\",\"reason\":\"a \\\"new\\\" reason\\u000a\",\"since\":1760000000}]}\n");
    health.leave(Mode::Draining);
    EXPECT_EQ(health.mode(), Mode::Saving);
    health.leave(Mode::Saving);
    clock.advance(10s);
    health.enter(Mode::Saving, "again");
    EXPECT_EQ(unixSeconds(health.active().at(0).since), 1'760'000'030) << "entered anew, its time is new";
}

TEST(Health, NormalCannotBeEnteredOrLeft)
{
    ManualClock clock;
    Health health(clock);
    health.enter(Mode::Normal, "x");
    EXPECT_FALSE(health.ready()) << "it would mean started";
    health.enter(Mode::Count, "x");
    health.setStarted();
    health.leave(Mode::Normal);
    EXPECT_TRUE(health.ready());
    EXPECT_TRUE(health.active().empty());
}

TEST(Health, ReasonsAreBounded)
{
    ManualClock clock;
    Health health(clock);
    for (const std::size_t size : {199U, 200U, 201U}) {
        health.enter(Mode::ReadOnly, std::string(size, 'x'));
        EXPECT_EQ(health.active().at(0).reason.size(), std::min<std::size_t>(size, 200));
    }
}

TEST(Health, ModeNamesGoBothWays)
{
    for (std::size_t i = 0; i < static_cast<std::size_t>(Mode::Count); ++i)
        EXPECT_EQ(modeFromName(modeName(static_cast<Mode>(i))), static_cast<Mode>(i));
    EXPECT_EQ(modeFromName("Normal"), std::nullopt);
    EXPECT_EQ(modeFromName(""), std::nullopt);
}

TEST(Health, Alive)
{
    ManualClock clock;
    Health health(clock);
    clock.advance(12'900ms);
    EXPECT_EQ(health.aliveJson(), "{\"status\":\"alive\",\"uptime_seconds\":12}\n");
}

TEST(Health, ReadersAndWritersOfManyThreads)
{
    ManualClock clock;
    Health health(clock);
    health.setStarted();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&health, t] {
            for (int i = 0; i < 2000; ++i) {
                const Mode mode = t % 2 == 0 ? Mode::Saving : Mode::ReadOnly;
                health.enter(mode, "reason");
                EXPECT_THAT(health.readyJson(), HasSubstr("\"status\":\"ready\""));
                health.leave(mode);
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(health.mode(), Mode::Normal);
}

} // namespace
} // namespace spillway::observe
