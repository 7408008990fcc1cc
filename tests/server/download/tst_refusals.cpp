// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

// What is refused before or instead of an answer: the banned, and what a mode turns off.
namespace spillway::download {
namespace {

using observe::Mode;

const config::IpAddress kLoopback = config::IpAddress::v4(127, 0, 0, 1);

TEST_F(PipelineTest, TheBannedGet403AndNoMore)
{
    ASSERT_TRUE(bans.put({kLoopback, "by hand", 1, true, now(), now() + 60}));
    for (const char* target : {"/s/open/hello.txt", "/", "/readyz", "/none"}) {
        const Answer answer = get(target);
        EXPECT_EQ(answer.status, 403) << target;
        EXPECT_TRUE(answer.has("Connection: close"));
        EXPECT_NE(answer.body.find("banned here until"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(count(observe::Counter::RefusedBanned), 4U);
    harness.clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(get("/s/open/hello.txt").status, 200);
    ASSERT_TRUE(bans.put({kLoopback, "by hand", 1, true, now(), {}}));
    EXPECT_EQ(get("/s/open/hello.txt").status, 403);
    EXPECT_TRUE(bans.lift(kLoopback));
    EXPECT_EQ(get("/s/open/hello.txt").status, 200);
}

TEST_F(PipelineTest, PausedTakesNoDownload)
{
    const std::string url = link(1, "hello.txt");
    EXPECT_EQ(get("/s/open/hello.txt").status, 200); // known from now on
    health.enter(Mode::Paused, "by hand");
    for (const std::string& target : {std::string("/s/open/hello.txt"), std::string("/s/open/"), url}) {
        const Answer answer = get(target);
        EXPECT_EQ(answer.status, 503) << target;
        EXPECT_TRUE(answer.has("Retry-After: 60"));
    }
    EXPECT_EQ(status("/s/open/hello.txt", "HEAD"), 503);
    EXPECT_EQ(get("/healthz").status, 200);
    EXPECT_EQ(get("/readyz").status, 503);
    EXPECT_EQ(get("/").status, 200);
    health.leave(Mode::Paused);
    EXPECT_EQ(get(url).status, 200);
}

TEST_F(PipelineTest, SavingListsNothing)
{
    health.enter(Mode::Saving, "overload");
    const Answer listing = get("/s/open/");
    EXPECT_EQ(listing.status, 503);
    EXPECT_TRUE(listing.has("Retry-After: 60"));
    EXPECT_EQ(get("/s/open/?format=ndjson").status, 503);
    EXPECT_EQ(get("/s/quiet/").status, 403) << "where there is none anyway, that is not told";
    EXPECT_EQ(get("/s/open/hello.txt").status, 200);
    EXPECT_EQ(get(link(1, "", true)).status, 503);
    health.leave(Mode::Saving);
    EXPECT_EQ(get("/s/open/").status, 200);
}

} // namespace
} // namespace spillway::download
