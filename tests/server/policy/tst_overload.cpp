// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/overload.h"

#include <gtest/gtest.h>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;
using Stage = OverloadStage;

class OverloadTest : public testing::Test
{
protected:
    /// So many seconds with these signals.
    Stage run(int seconds, const OverloadSignals& signals)
    {
        for (int i = 0; i < seconds; ++i) {
            now += 1s;
            overload.update(signals, now);
        }
        return overload.stage();
    }

    Overload overload;
    Monotonic now{1h};
};

TEST_F(OverloadTest, ASignalIsOverAtItsLimit)
{
    const struct
    {
        OverloadSignals signals;
        Stage stage;
        const char* reason;
    } rows[] = {
        {{}, Stage::None, ""},
        {{.cpu = 94.9}, Stage::None, ""},
        {{.cpu = 95}, Stage::NoListings, "processor time 95 %"},
        {{.cpu = 130}, Stage::NoListings, "processor time 130 %"},
        {{.memory = 94.9}, Stage::None, ""},
        {{.memory = 95}, Stage::NoListings, "memory 95 %"},
        {{.descriptors = 94.9}, Stage::None, ""},
        {{.descriptors = 95}, Stage::NoListings, "open files 95 %"},
        {{.queueWait = 9'999ms}, Stage::None, ""},
        {{.queueWait = 10'000ms}, Stage::NoListings, "waiting time 10 s"},
        {{.delay = 10'000ms}, Stage::None, ""},
        {{.cpu = 99, .memory = 96}, Stage::NoListings, "processor time 99 %, memory 96 %"},
    };
    for (const auto& row : rows) {
        overload = {};
        EXPECT_EQ(run(11, row.signals), row.stage) << row.reason;
        EXPECT_EQ(overload.reason(), row.reason);
    }
}

TEST_F(OverloadTest, StagesComeOneByOneAndGoOneByOne)
{
    const OverloadSignals busy{.memory = 99};
    std::vector<Stage> seen;
    for (int i = 0; i < 60; ++i)
        seen.push_back(run(1, busy));
    for (int i = 0; i < 60; ++i)
        EXPECT_EQ(seen[static_cast<std::size_t>(i)], static_cast<Stage>(std::min(i / 10, 4))) << i;
    seen.clear();
    for (int i = 0; i < 100; ++i)
        seen.push_back(run(1, {}));
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(seen[static_cast<std::size_t>(i)], static_cast<Stage>(std::max(4 - i / 20, 0))) << i;
}

TEST_F(OverloadTest, AMomentIsNoOverload)
{
    EXPECT_EQ(run(10, {.memory = 99}), Stage::None);
    EXPECT_EQ(run(1, {}), Stage::None);
    EXPECT_EQ(run(10, {.memory = 99}), Stage::None);
    EXPECT_EQ(run(1, {.memory = 99}), Stage::NoListings);
}

TEST_F(OverloadTest, ASignalThatWentOverComesBackWellBelow)
{
    EXPECT_EQ(run(21, {.memory = 95}), Stage::SampledLog);
    EXPECT_EQ(run(10, {.memory = 85.6}), Stage::ShortKeepAlive) << "not yet well below";
    EXPECT_EQ(run(21, {.memory = 85.4}), Stage::SampledLog);
    EXPECT_EQ(run(1, {.memory = 94.9}), Stage::SampledLog);
    EXPECT_EQ(run(19, {.memory = 94.9}), Stage::NoListings) << "and then it goes over at the limit only";
}

TEST_F(OverloadTest, ABusyProcessorAloneTurnsNobodyAway)
{
    EXPECT_EQ(run(300, {.cpu = 100, .delay = 249ms}), Stage::SampledLog);
    EXPECT_EQ(run(10, {.cpu = 100, .delay = 250ms}), Stage::ShortKeepAlive);
    EXPECT_EQ(run(10, {.cpu = 100, .delay = 250ms}), Stage::NoConnections);
    EXPECT_EQ(run(300, {.cpu = 100, .delay = 0ms}), Stage::SampledLog) << "back to where it may be";
    EXPECT_EQ(run(300, {.cpu = 100, .queueWait = 11s}), Stage::NoConnections);
}

TEST_F(OverloadTest, ItsLimitsChangeWhileItRuns)
{
    EXPECT_EQ(run(300, {.memory = 99}), Stage::NoConnections);
    overload.setLimits({.enabled = false});
    EXPECT_EQ(run(1, {.memory = 99}), Stage::None);
    EXPECT_EQ(run(300, {.cpu = 500, .memory = 500, .descriptors = 500, .queueWait = 1h}), Stage::None);
    EXPECT_EQ(overload.reason(), "");
    overload.setLimits({.cpu = 50});
    EXPECT_EQ(run(10, {.cpu = 50}), Stage::NoListings);
    EXPECT_EQ(overload.reason(), "processor time 50 %");
}

TEST_F(OverloadTest, StagesHaveNames)
{
    EXPECT_EQ(stageName(Stage::None), "none");
    EXPECT_EQ(stageName(Stage::NoListings), "no-listings");
    EXPECT_EQ(stageName(Stage::SampledLog), "sampled-log");
    EXPECT_EQ(stageName(Stage::ShortKeepAlive), "short-keep-alive");
    EXPECT_EQ(stageName(Stage::NoConnections), "no-connections");
}

} // namespace
} // namespace spillway::policy
