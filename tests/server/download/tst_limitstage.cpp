// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

namespace spillway::download {
namespace {

using namespace std::chrono_literals;
using policy::LimitFields;
using policy::LimitLevel;

/// Downloads that do not fit into one send, under a clock that the test moves.
struct LimitStageTest : PipelineTest
{
    static constexpr std::size_t kMiddle = 16 << 20; ///< more than the kernel's buffers take
    static constexpr std::size_t kBig = 512 << 20;

    LimitStageTest()
    {
        catalog::writeFile(files.file("open/middle.bin"), std::string(kMiddle, 'x'));
        for (const char* name : {"open/big.bin", "closed/big.bin"}) {
            catalog::writeFile(files.file(name), "x");
            std::filesystem::resize_file(files.file(name), kBig);
        }
    }

    void set(LimitLevel level, const LimitFields& fields)
    {
        policy::LimitSet all;
        all.setDefault(level, fields);
        limitTo(all);
        pipeline->limitsChanged(harness.worker);
    }
    static LimitFields downloads(std::int64_t count)
    {
        LimitFields fields;
        fields.downloads = count;
        return fields;
    }
    static LimitFields bandwidth(std::int64_t rate)
    {
        LimitFields fields;
        fields.bandwidth = BytesPerSecond{rate};
        return fields;
    }
    net::TestClient ask(std::string_view target = "/s/open/big.bin", std::string_view method = "GET")
    {
        auto client = harness.connect();
        client.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return client;
    }
    [[nodiscard]] std::int64_t waiting() const { return tree.queue().waiting; }
    void untilWaiting(std::int64_t count)
    {
        ASSERT_TRUE(harness.pollUntil([&] { return waiting() == count; }));
    }
    void untilRunning(std::int64_t count)
    {
        ASSERT_TRUE(harness.pollUntil([&] { return tree.running() == count; }));
    }
    /// Reads what is on its way, while time stands still.
    void drain(net::TestClient& client)
    {
        for (int quiet = 0; quiet < 5; ++quiet) {
            harness.settle();
            if (client.read() > 0)
                quiet = 0;
        }
        client.received.clear();
    }
    /// The clock of the test goes faster than the kernel's, so some is late; none may come early. How exact
    /// it is, tests/bench measures.
    static void expectAbout(std::size_t bytes, std::size_t wanted)
    {
        EXPECT_LE(bytes, wanted + wanted / 10);
        EXPECT_GE(bytes, wanted / 3);
    }
    /// Bytes that come while the clock moves on in ticks.
    std::size_t taken(net::TestClient& client, std::chrono::milliseconds time)
    {
        std::size_t total = 0;
        for (auto passed = 0ms; passed < time; passed += 20ms) {
            harness.advance(20ms);
            const std::size_t came = client.read();
            total += came;
            if (came == 0)
                harness
                    .settle(); // an acknowledgement that the kernel holds back must not take the whole time
        }
        return total;
    }
};

TEST_F(LimitStageTest, WithoutALimitNothingIsHeld)
{
    auto one = ask("/s/open/middle.bin");
    untilRunning(1);
    EXPECT_TRUE(harness.pollUntil([&] { return one.has("200 OK") && one.received.size() > kMiddle; }));
    EXPECT_TRUE(harness.pollUntil([&] { return tree.running() == 0; }));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(LimitStageTest, OneMoreThanTheLimitWaitsUntilOneEnds)
{
    for (const LimitLevel level : {LimitLevel::Server, LimitLevel::Share, LimitLevel::Ip}) {
        set(level, downloads(1));
        auto first = ask();
        untilRunning(1);
        auto second = ask("/s/open/hello.txt");
        untilWaiting(1);
        auto head = ask("/s/open/hello.txt", "HEAD");
        EXPECT_TRUE(harness.pollUntil([&] { return head.has("200 OK"); })) << "a HEAD is no download";
        EXPECT_FALSE(second.has("HTTP"));
        first.close();
        EXPECT_TRUE(harness.pollUntil([&] { return second.has("hello from open"); }));
        EXPECT_EQ(waiting(), 0);
        second.send("GET /s/open/hello.txt HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_TRUE(harness.pollUntil([&] {
            (void)second.read();
            return second.received.rfind("hello from open") > second.received.find("hello from open");
        })) << "its slot is free again";
    }
}

TEST_F(LimitStageTest, WhoWaitsTooLongIsTold)
{
    LimitFields fields = downloads(1);
    fields.wait = 5s;
    set(LimitLevel::Server, fields);
    auto first = ask();
    untilRunning(1);
    auto second = ask();
    untilWaiting(1);
    harness.advance(4900ms);
    EXPECT_FALSE(second.has("HTTP"));
    harness.advance(200ms);
    EXPECT_TRUE(harness.pollUntil([&] { return second.has("503 Service Unavailable"); }));
    EXPECT_TRUE(second.has("\r\nRetry-After: "));
    EXPECT_EQ(waiting(), 0);
    EXPECT_EQ(tree.queue().timedOut, 1U);
}

TEST_F(LimitStageTest, TheLineHasAnEnd)
{
    LimitFields fields = downloads(1);
    fields.queue = 1;
    set(LimitLevel::Server, fields);
    auto first = ask();
    untilRunning(1);
    auto second = ask();
    untilWaiting(1);
    auto third = ask();
    EXPECT_TRUE(harness.pollUntil([&] { return third.has("503 Service Unavailable"); }));
    EXPECT_EQ(tree.queue().overflowed, 1U);
}

TEST_F(LimitStageTest, AClientThatLeavesLeavesTheLine)
{
    set(LimitLevel::Server, downloads(1));
    auto first = ask();
    untilRunning(1);
    auto second = ask(), third = ask();
    untilWaiting(2);
    second.close();
    untilWaiting(1);
    EXPECT_EQ(tree.queue().left, 1U);
    first.close();
    EXPECT_TRUE(harness.pollUntil([&] { return third.has("200 OK"); }));
}

TEST_F(LimitStageTest, AClientThatHadEndedItsSideBeforeGetsItsAnswer)
{
    set(LimitLevel::Server, downloads(1));
    auto first = ask();
    untilRunning(1);
    auto second = ask("/s/open/hello.txt");
    second.shutDown();
    untilWaiting(1);
    harness.settle();
    first.close();
    EXPECT_TRUE(harness.pollUntil([&] { return second.has("hello from open"); }));
}

TEST_F(LimitStageTest, WhatIsTakenBackWhileItWaitsIsRefused)
{
    const std::string revoked = link(1, "hello.txt"), other = link(2, "hello.txt");
    set(LimitLevel::Server, downloads(1));
    auto first = ask();
    untilRunning(1);
    auto second = ask(revoked), third = ask(other);
    untilWaiting(2);
    revoke(1);
    first.close();
    EXPECT_TRUE(harness.pollUntil([&] { return second.has("403 Forbidden"); }));
    EXPECT_TRUE(harness.pollUntil([&] { return third.has("hello from closed"); }));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(LimitStageTest, ALimitThatIsSetCountsWhatRunsAndOneThatGoesLetsInWhoWaits)
{
    auto first = ask();
    untilRunning(1);
    set(LimitLevel::Server, downloads(1));
    auto second = ask();
    untilWaiting(1);
    set(LimitLevel::Server, {});
    EXPECT_TRUE(harness.pollUntil([&] { return second.has("200 OK"); }));
    EXPECT_EQ(waiting(), 0);
}

TEST_F(LimitStageTest, BandwidthHoldsForADownloadThatRunsAndIsTakenAwayFromIt)
{
    auto one = ask();
    untilRunning(1);
    for (const LimitLevel level :
         {LimitLevel::Server, LimitLevel::Share, LimitLevel::Ip, LimitLevel::Connection}) {
        set(level, bandwidth(100 << 10));
        drain(one);
        expectAbout(taken(one, 10s), 10 * (100 << 10));
        set(level, {});
        std::size_t more = 0;
        EXPECT_TRUE(harness.pollUntil([&] {
            harness.clock.advance(1ms);
            more += one.read();
            return more > 16 << 20;
        }));
    }
}

TEST_F(LimitStageTest, ALowerRateReachesWhoWaitsForTheNextPiece)
{
    set(LimitLevel::Server, bandwidth(1024));
    auto one = ask();
    untilRunning(1);
    (void)taken(one, 1s);
    drain(one);
    set(LimitLevel::Server, bandwidth(1 << 20));
    std::size_t more = 0;
    int ticks = 0;
    EXPECT_TRUE(harness.pollUntil([&] {
        harness.advance(20ms);
        ++ticks;
        more += one.read();
        return more > 1U << 19;
    }));
    EXPECT_LT(ticks, 10'000) << "at the rate of before it would be 25,600";
}

TEST_F(LimitStageTest, ALinksOwnRateAndCountHold)
{
    catalog::Link record = catalog::someLink(7, shares["closed"].id);
    record.path = record.name = "big.bin";
    record.rate = BytesPerSecond{100 << 10};
    record.concurrency = 1;
    write([&](catalog::Session& s) { return catalog::LinkRepository::insert(s, record); });
    const std::string url =
        auth::makeLinkUrl("http://h", record.id, record.name, false, *keys->current()).substr(8);
    auto one = ask(url);
    untilRunning(1);
    (void)taken(one, 2s);
    drain(one);
    expectAbout(taken(one, 10s), 10 * (100 << 10));
    auto two = ask(url);
    untilWaiting(1);
    // Another record: more for both.
    record.rate = {};
    record.concurrency = 2;
    write([&](catalog::Session& s) { return catalog::LinkRepository::update(s, record); });
    pipeline->linksChanged({record.id});
    EXPECT_TRUE(harness.pollUntil([&] {
        harness.clock.advance(1ms);
        one.read();
        return one.received.size() > 16 << 20;
    }));
    EXPECT_TRUE(harness.pollUntil([&] { return two.has("200 OK"); }));
}

TEST_F(LimitStageTest, ConnectionsOfAnAddressAndDownloadsOfAShareAreRefusedAtOnce)
{
    LimitFields two;
    two.connections = 2;
    set(LimitLevel::Ip, two);
    auto first = harness.connect(), second = harness.connect();
    EXPECT_TRUE(harness.pollUntil([&] { return harness.open == 2; }));
    auto third = harness.connect();
    EXPECT_TRUE(harness.pollUntil([&] { return third.has("503 Service Unavailable") && third.ended(); }));
    first.close();
    EXPECT_TRUE(harness.pollUntil([&] { return harness.open == 1; }));
    EXPECT_EQ(status("/s/open/hello.txt"), 200);

    LimitFields one;
    one.connections = 1;
    set(LimitLevel::Share, one);
    auto runs = ask();
    untilRunning(1);
    EXPECT_EQ(status("/s/open/hello.txt"), 503);
    EXPECT_EQ(status("/s/quiet/hello.txt"), 200);
    EXPECT_EQ(waiting(), 0);
}

} // namespace
} // namespace spillway::download
