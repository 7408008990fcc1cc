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
