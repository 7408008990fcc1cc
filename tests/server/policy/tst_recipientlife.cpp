// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/recipientlife.h"

#include <gtest/gtest.h>

namespace spillway::policy {
namespace {

TEST(RecipientLife, EndsByIdlenessOrAnHourAfterTheLastByte)
{
    const RecipientLife life; // 24 h idle, 1 h done
    constexpr std::int64_t start = 1'700'000'000, hour = 3600;
    struct Case
    {
        std::int64_t lastAt;
        std::optional<std::int64_t> finishedAt;
        std::int64_t now;
        bool lasts;
    };
    for (const Case& c : {
             Case{start, {}, start, true}, Case{start, {}, start + 24 * hour - 1, true},
             Case{start, {}, start + 24 * hour, false}, Case{start, {}, start + 24 * hour + 1, false},
             Case{start, start, start + hour - 1, true}, Case{start, start, start + hour, false},
             Case{start, start, start + hour + 1, false},
             Case{start + hour, start, start + hour, false}, // activity after the end does not prolong it
             Case{start, {}, start - 1000 * hour, true},     // the clock went back
         })
        EXPECT_EQ(life.lasts(c.lastAt, c.finishedAt, c.now), c.lasts) << c.now - start;
}

TEST(RecipientLife, TheSettingsHold)
{
    const RecipientLife life{std::chrono::seconds(60), std::chrono::seconds(5)};
    EXPECT_TRUE(life.lasts(100, {}, 159));
    EXPECT_FALSE(life.lasts(100, {}, 160));
    EXPECT_TRUE(life.lasts(100, 100, 104));
    EXPECT_FALSE(life.lasts(100, 100, 105));
}

} // namespace
} // namespace spillway::policy
