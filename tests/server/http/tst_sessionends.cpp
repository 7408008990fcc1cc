// SPDX-License-Identifier: GPL-3.0-or-later
// How connections end: limits of a head, time-outs, the last answer, draining.
#include "tests/server/http/sessionfixture.h"

namespace spillway::http {
namespace {

using observe::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Ends : SessionTest
{
    explicit Ends(SessionLimits limits = {}) : SessionTest(limits) {}
    Answer refused(std::string_view bytes)
    {
        handler.handled.clear();
        auto client = harness.connect();
        client.send(bytes);
        const Answer answer = next(client);
        EXPECT_TRUE(answer.has("Connection: close"));
        EXPECT_TRUE(ends(client));
        EXPECT_FALSE(client.reset());
        EXPECT_TRUE(client.received.empty());
        EXPECT_TRUE(handler.handled.empty());
        return answer;
    }
};

TEST_F(Ends, BadHeadsAreAnsweredAndCounted)
{
    struct Case
    {
        std::string bytes;
        int status;
        Counter counter;
    };
    for (const Case& c : std::vector<Case>{
             {"GET / HTTP/1.1\r\n\r\n", 400, Counter::Head400},
             {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get("/x"), 400, Counter::Head400},
             {"\x16\x03\x01\x02\x03\x04\x05", 400, Counter::Head400},
             {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, Counter::Head505},
             {"POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501, Counter::Head501},
             {get("/" + std::string(9000, 'a')), 414, Counter::Head414},
             {get("/", "X: " + std::string(17'000, 'a') + "\r\n"), 431, Counter::Head431},
         }) {
        SCOPED_TRACE(c.bytes.substr(0, 60));
        const auto before = count(c.counter);
        EXPECT_EQ(refused(c.bytes).status, c.status);
        EXPECT_EQ(count(c.counter), before + 1);
    }
    EXPECT_EQ(count(Counter::EndProtocolError) + harness.worker.connections(), 7u);
}

TEST_F(Ends, TheHeadsOwnLimitPasses)
{
    const std::string rest = get("/", "X: \r\n");
    for (const std::size_t size : {16'383u, 16'384u, 16'385u}) {
        SCOPED_TRACE(size);
        const std::string head = get("/", "X: " + std::string(size - rest.size(), 'a') + "\r\n");
        ASSERT_EQ(head.size(), size);
        auto client = harness.connect();
        EXPECT_EQ(ask(client, head).status, size > 16'384 ? 431 : 200);
    }
}

TEST_F(Ends, ASlowHeadIs408)
{
    auto client = harness.connect();
    client.send("GET / HT");
    harness.settle();
    for (int i = 0; i < 9; ++i) { // bytes do not give it more time
        harness.advance(seconds(1));
        client.send("T");
        harness.settle();
    }
    EXPECT_FALSE(client.has("HTTP"));
    harness.advance(seconds(1) + milliseconds(40));
    EXPECT_EQ(next(client).status, 408);
    EXPECT_TRUE(ends(client));
    EXPECT_EQ(count(Counter::Head408), 1u);
    client.close();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(count(Counter::EndHeadTimeout), 1u);
}

TEST_F(Ends, ABodyThatDoesNotComeIs408)
{
    auto client = harness.connect();
    client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12");
    harness.settle();
    harness.advance(seconds(10) + milliseconds(40));
    EXPECT_EQ(next(client).status, 408);
    client.close();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(count(Counter::EndBodyTimeout), 1u);
    EXPECT_TRUE(handler.handled.empty());
}

TEST_F(Ends, SilenceEndsWithoutAWord)
{
    auto fresh = harness.connect();
    auto used = harness.connect();
    EXPECT_EQ(ask(used, get("/1")).status, 200);
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 2; }));
    harness.advance(seconds(10) + milliseconds(40));
    EXPECT_TRUE(ends(fresh));
    EXPECT_TRUE(fresh.received.empty());
    EXPECT_EQ(count(Counter::EndHeadTimeout), 1u);
    harness.advance(seconds(65) - milliseconds(80));
    EXPECT_EQ(harness.worker.connections(), 1u);
    harness.advance(milliseconds(120));
    EXPECT_TRUE(ends(used));
    EXPECT_TRUE(used.received.empty());
    EXPECT_EQ(count(Counter::EndIdleTimeout), 1u);
}

/// Of a kept connection, the head's time begins with its first byte.
TEST_F(Ends, TheSecondHeadHasItsOwnTime)
{
    auto client = harness.connect();
    EXPECT_EQ(ask(client, get("/1")).status, 200);
    harness.advance(seconds(60));
    client.send("GET /2");
    harness.settle();
    harness.advance(seconds(10) - milliseconds(20));
    EXPECT_FALSE(client.has("HTTP"));
    harness.advance(milliseconds(60));
    EXPECT_EQ(next(client).status, 408);
}

TEST_F(Ends, AParkedRequestDoesNotTimeOut)
{
    auto client = harness.connect();
    client.send(get("/park"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    harness.advance(std::chrono::minutes(10), seconds(5));
    handler.parked[0].resume([](Exchange& exchange) {
        exchange.begin(200);
        exchange.answerText("text/plain", "late");
    });
    EXPECT_EQ(next(client).body, "late");
}

TEST_F(Ends, WhoeverAsksForItIsClosed)
{
    auto client = harness.connect();
    client.send(get("/1", "Connection: close\r\n") + get("/2"));
    EXPECT_TRUE(next(client).has("Connection: close"));
    EXPECT_TRUE(ends(client));
    EXPECT_TRUE(client.received.empty());
    EXPECT_EQ(handler.handled.size(), 1u);
    auto other = harness.connect();
    other.send(get("/close") + get("/2"));
    EXPECT_TRUE(next(other).has("Connection: close"));
    EXPECT_TRUE(ends(other));
    EXPECT_TRUE(other.received.empty());
    client.close();
    other.close();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(count(Counter::EndDone), 2u);
}

struct ThreeAtMost : Ends
{
    ThreeAtMost()
        : Ends([] {
              SessionLimits limits;
              limits.keepAliveRequests = 3;
              return limits;
          }())
    {
    }
};

TEST_F(ThreeAtMost, TheLastRequestOfAConnectionSaysSo)
{
    auto client = harness.connect();
    client.send(get("/1") + get("/2") + get("/3") + get("/4"));
    EXPECT_FALSE(next(client).has("Connection: close"));
    EXPECT_FALSE(next(client).has("Connection: close"));
    EXPECT_TRUE(next(client).has("Connection: close"));
    EXPECT_TRUE(ends(client));
    EXPECT_TRUE(client.received.empty());
    EXPECT_EQ(handler.handled.size(), 3u);
}

struct SmallPipeline : Ends
{
    SmallPipeline()
        : Ends([] {
              SessionLimits limits;
              limits.pipelinedBytes = 1000;
              return limits;
          }())
    {
    }
};

TEST_F(SmallPipeline, WhatIsKeptBehindAnAnswerIsBounded)
{
    auto client = harness.connect();
    std::string many = get("/park");
    for (int i = 0; i < 200; ++i)
        many += get("/x");
    client.send(many);
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    harness.settle();
    EXPECT_EQ(count(Counter::ReceivedBytes), 1000u) << "the rest stays in the kernel";
    EXPECT_EQ(count(Counter::BoundPipelinedBytes), 1u);
    handler.parked[0].resume([](Exchange& exchange) {
        exchange.begin(200);
        exchange.answerText("text/plain", "first");
    });
    EXPECT_EQ(next(client).body, "first");
    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(next(client).body, "/x|") << i;
}

TEST_F(Ends, DrainingSaysCloseAndCloses)
{
    auto idle = harness.connect();
    EXPECT_EQ(ask(idle, get("/1")).status, 200);
    auto parked = harness.connect();
    parked.send(get("/park"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    harness.worker.drain();
    EXPECT_TRUE(ends(idle));
    EXPECT_EQ(harness.worker.connections(), 1u);
    handler.parked[0].resume([](Exchange& exchange) {
        exchange.begin(200);
        exchange.answerText("text/plain", "last");
    });
    const Answer answer = next(parked);
    EXPECT_EQ(answer.body, "last");
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(ends(parked));
}

/// A head that never comes whole must not hold a drain until its deadline, which is for downloads.
TEST_F(Ends, DrainingWaitsShortlyForAHeadThatHasBegun)
{
    auto half = harness.connect();
    half.send("GET /half HTTP/1.1\r\nHo");
    auto late = harness.connect();
    late.send("GET /late HTTP/1.1\r\nHost: a\r\n");
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 2; }));
    harness.settle();
    harness.worker.drain();
    EXPECT_EQ(harness.worker.connections(), 2u);
    harness.advance(milliseconds(900));
    late.send("\r\n");
    EXPECT_EQ(next(late).status, 200);
    EXPECT_TRUE(ends(late));
    half.send("st:"); // more of it, but not all, gains no time
    harness.settle();
    EXPECT_FALSE(half.ended());
    harness.advance(milliseconds(200));
    EXPECT_EQ(next(half).status, 408);
    EXPECT_TRUE(ends(half));
    late.close();
    half.close();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(count(Counter::EndDrain), 2u);
}

TEST_F(Ends, AHeadTimeoutShorterThanTheGraceHoldsWhileDraining)
{
    harness.worker.limits().headTimeout = milliseconds(300);
    auto half = harness.connect();
    half.send("GET /half");
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 1; }));
    harness.settle();
    harness.worker.drain();
    harness.advance(milliseconds(400));
    EXPECT_EQ(next(half).status, 408);
}

/// An answer that began before the drain promised to keep the connection; it is closed after it all the same.
TEST_F(Ends, DrainingDoesNotWaitBehindALargeAnswer)
{
    auto client = harness.connect(4096);
    client.send(get("/big"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.handled.size() == 1; }));
    harness.worker.drain();
    EXPECT_EQ(harness.worker.connections(), 1u);
    EXPECT_TRUE(next(client).body == handler.big);
    EXPECT_TRUE(ends(client));
    client.close();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(count(Counter::EndDrain), 1u);
}

} // namespace
} // namespace spillway::http
