// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/descriptors.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace spillway::engine {
namespace {

TEST(Descriptors, ConnectionsLeaveRoomForOurOwnFiles)
{
    struct Case
    {
        std::size_t limit, workers, cacheEntries, connections;
    };
    // own = 128 + 3 a worker + cached files (at most a quarter of the limit)
    for (const Case& c : {
             Case{100'000, 2, 1000, 100'000 - 128 - 6 - 2000},
             Case{1'000'000, 8, 4096, 1'000'000 - 128 - 24 - 32'768},
             Case{1024, 2, 4096, 1024 - 128 - 6 - 256},
             Case{268, 2, 0, 134},       // exactly twice of what is ours: half
             Case{269, 2, 0, 269 - 134}, // one more: what is left
             Case{2, 1, 100, 1},
             Case{1, 1, 100, 1}, // never 0, which would mean "no bound"
             Case{0, 1, 100, 1},
         }) {
        SCOPED_TRACE(testing::Message() << c.limit << " " << c.workers << " " << c.cacheEntries);
        EXPECT_EQ(connectionsFor(c.limit, c.workers, c.cacheEntries), c.connections);
    }
}

TEST(Descriptors, MoreDescriptorsNeverMeanFewerConnections)
{
    std::size_t before = 0;
    for (std::size_t limit = 0; limit < 70'000; ++limit) {
        const auto now = connectionsFor(limit, 4, 4096);
        ASSERT_GE(now, before) << limit;
        ASSERT_LE(now, std::max<std::size_t>(limit, 1)) << limit;
        before = now;
    }
}

TEST(Descriptors, ALimitThatIsAskedForIsEnough)
{
    for (const std::size_t connections : {1U, 134U, 1000U, 100'000U})
        for (const std::size_t entries : {0U, 16U, 4096U}) {
            const auto limit = descriptorsFor(connections, 4, entries);
            EXPECT_GE(connectionsFor(limit, 4, entries), connections) << entries;
        }
}

TEST(Descriptors, TheSettingNeverGoesBeyondWhatFits)
{
    config::Settings settings;
    ASSERT_TRUE(settings.set(config::findRow("workers"), {"2"}, {}));
    ASSERT_TRUE(settings.set(config::findRow("cache.entries"), {"16"}, {}));
    const std::size_t fit = connectionsFor(1024, 2, 16);
    const struct
    {
        std::size_t setting, connections, asked;
    } rows[] = {{0, fit, 0}, {1, 1, 0}, {fit - 1, fit - 1, 0}, {fit, fit, 0}, {fit + 1, fit, fit + 1}};
    for (const auto& row : rows) {
        ASSERT_TRUE(settings.set(config::findRow("http.max_connections"), {std::to_string(row.setting)}, {}));
        const ConnectionBound bound = connectionBound(settings, 1024);
        EXPECT_EQ(bound.connections, row.connections) << row.setting;
        EXPECT_EQ(bound.asked, row.asked) << row.setting;
        EXPECT_EQ(bound.limitFor > 1024, row.asked > 0) << row.setting;
    }
}

TEST(Descriptors, TheSoftLimitIsRaisedToTheHardOne)
{
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max / 2;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(raiseDescriptorLimit(), limit.rlim_max);
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

} // namespace
} // namespace spillway::engine
