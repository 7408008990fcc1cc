// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/clock.h"
#include "server/base/uniquefd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

using namespace spillway;

namespace {

int openNull()
{
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool isOpen(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

} // namespace

TEST(UniqueFd, ClosesWhatItOwns)
{
    const int raw = openNull();
    ASSERT_GE(raw, 0);
    {
        UniqueFd fd(raw);
        EXPECT_TRUE(fd);
        EXPECT_EQ(fd.get(), raw);
        EXPECT_TRUE(isOpen(raw));
    }
    EXPECT_FALSE(isOpen(raw));
    EXPECT_FALSE(UniqueFd());
    EXPECT_EQ(UniqueFd().get(), -1);
    EXPECT_TRUE(UniqueFd(0).release() == 0) << "0 is a descriptor like any other";
}

TEST(UniqueFd, MovesAndReleases)
{
    UniqueFd a(openNull());
    const int raw = a.get();
    UniqueFd b(std::move(a));
    EXPECT_EQ(a.get(), -1); // NOLINT(bugprone-use-after-move): what it is after a move is promised
    EXPECT_EQ(b.get(), raw);
    UniqueFd c(openNull());
    const int old = c.get();
    c = std::move(b);
    EXPECT_FALSE(isOpen(old));
    EXPECT_EQ(c.get(), raw);
    UniqueFd& same = c;
    c = std::move(same);
    EXPECT_TRUE(isOpen(raw)) << "moving onto itself keeps it";
    EXPECT_EQ(c.release(), raw);
    EXPECT_TRUE(isOpen(raw));
    c.reset(raw);
    c.reset();
    EXPECT_FALSE(isOpen(raw));
}

TEST(Clock, WholeSecondsRoundDown)
{
    using std::chrono::nanoseconds;
    EXPECT_EQ(unixSeconds(WallTime(nanoseconds(0))), 0);
    EXPECT_EQ(unixSeconds(WallTime(nanoseconds(1'999'999'999))), 1);
    EXPECT_EQ(unixSeconds(WallTime(nanoseconds(-1))), -1);
    EXPECT_EQ(unixSeconds(fromUnixSeconds(1'795'500'000)), 1'795'500'000);
}
