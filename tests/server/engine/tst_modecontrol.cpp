// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/uniquefd.h"
#include "server/engine/modecontrol.h"
#include "tests/server/observe/manualclock.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace spillway::engine {
namespace {

using observe::Mode;

class ModeControlTest : public testing::Test
{
protected:
    ModeControlTest()
    {
        modes.onChange([this](Mode mode, bool active, bool byHand) {
            told.emplace_back(std::string(observe::modeName(mode)) + (byHand ? "!" : active ? "+" : "-"));
        });
    }
    ModeState state(Mode mode) const
    {
        for (ModeState& each : modes.states())
            if (each.mode == mode)
                return each;
        return {};
    }

    observe::ManualClock clock;
    observe::Health health{clock};
    UniqueFd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    observe::Log log{{.descriptor = nowhere.get()}, clock};
    ModeControl modes{health, log};
    std::vector<std::string> told;
};

TEST_F(ModeControlTest, HandBeatsRule)
{
    const struct
    {
        HandSetting hand;
        bool rule, active;
        const char* reason;
    } rows[] = {
        {HandSetting::Off, false, false, ""},          {HandSetting::Off, true, true, "busy"},
        {HandSetting::On, false, true, "set by hand"}, {HandSetting::On, true, true, "set by hand"},
        {HandSetting::Never, false, false, ""},        {HandSetting::Never, true, false, ""},
    };
    for (const bool handFirst : {true, false}) {
        for (const auto& row : rows) {
            if (handFirst)
                modes.byHand(Mode::Saving, row.hand);
            modes.byRule(Mode::Saving, row.rule, row.rule ? "busy" : "");
            if (!handFirst)
                modes.byHand(Mode::Saving, row.hand);
            const ModeState saving = state(Mode::Saving);
            EXPECT_EQ(saving.active, row.active);
            EXPECT_EQ(saving.reason, row.reason);
            EXPECT_EQ(saving.byHand, row.hand);
            EXPECT_EQ(saving.byRule, row.rule);
            EXPECT_EQ(health.is(Mode::Saving), row.active);
            EXPECT_EQ(saving.since.has_value(), row.active);
        }
    }
    EXPECT_FALSE(health.is(Mode::ReadOnly));
}

TEST_F(ModeControlTest, TellsOfChangesOnly)
{
    modes.byRule(Mode::Saving, false, "");
    modes.byHand(Mode::Paused, HandSetting::Off);
    EXPECT_TRUE(told.empty());
    modes.byRule(Mode::Saving, true, "a");
    modes.byRule(Mode::Saving, true, "b");
    EXPECT_EQ(state(Mode::Saving).reason, "b");
    modes.byHand(Mode::Saving, HandSetting::On);
    modes.byRule(Mode::Saving, false, "");
    modes.byHand(Mode::Paused, HandSetting::On);
    modes.byHand(Mode::Saving, HandSetting::Off);
    EXPECT_EQ(told, (std::vector<std::string>{"saving+", "saving!", "paused!", "saving-"}));
}

TEST_F(ModeControlTest, ShowsInTheMetrics)
{
    observe::Metrics metrics(clock);
    std::vector<observe::Metrics::Registration> registrations;
    modes.registerMetrics(metrics, registrations);
    modes.byHand(Mode::ReadOnly, HandSetting::On);
    int seen = 0;
    for (const auto& sample : metrics.snapshot().sources) {
        EXPECT_EQ(sample.info.name, "spillway_mode");
        EXPECT_EQ(sample.value, sample.info.labelValue == "read-only" ? 1U : 0U) << sample.info.labelValue;
        ++seen;
    }
    EXPECT_EQ(seen, 5);
}

TEST_F(ModeControlTest, SettingsHaveNames)
{
    for (const auto setting : {HandSetting::Off, HandSetting::On, HandSetting::Never})
        EXPECT_EQ(handFromName(handName(setting)), setting);
    EXPECT_EQ(handFromName("maybe"), std::nullopt);
}

} // namespace
} // namespace spillway::engine
