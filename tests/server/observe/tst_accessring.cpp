// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/accessring.h"

#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

AccessRecord sample(std::string_view target)
{
    AccessRecord record;
    record.time = fromUnixSeconds(1'760'000'000) + 123ms;
    record.peer.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    record.peer.port = 50123;
    record.method = "GET";
    record.target = target;
    record.status = 206;
    record.bytesSent = 1'234'567'890'123;
    record.duration = 1500us;
    record.userAgent = "curl/8";
    record.referer = "https://example.org/";
    record.share = "pub";
    record.link = "l1";
    record.requestId = 0xabcdef;
    return record;
}

TEST(AccessRing, GivesBackWhatWasPushed)
{
    AccessRing ring(4096);
    AccessRecord out;
    EXPECT_TRUE(ring.empty());
    EXPECT_FALSE(ring.pop(out));
    ASSERT_TRUE(ring.push(sample("/s/pub/a")));
    AccessRecord behind = sample("/s/pub/b");
    behind.client.emplace().fill(9);
    ASSERT_TRUE(ring.push(behind));
    EXPECT_FALSE(ring.empty());
    ASSERT_TRUE(ring.pop(out));
    const AccessRecord in = sample("/s/pub/a");
    EXPECT_EQ(out.time, in.time);
    EXPECT_EQ(out.peer.bytes, in.peer.bytes);
    EXPECT_EQ(out.peer.port, in.peer.port);
    EXPECT_EQ(out.method, in.method);
    EXPECT_EQ(out.target, in.target);
    EXPECT_EQ(out.minorVersion, in.minorVersion);
    EXPECT_EQ(out.status, in.status);
    EXPECT_EQ(out.bytesSent, in.bytesSent);
    EXPECT_EQ(out.duration, in.duration);
    EXPECT_EQ(out.userAgent, in.userAgent);
    EXPECT_EQ(out.referer, in.referer);
    EXPECT_EQ(out.share, in.share);
    EXPECT_EQ(out.link, in.link);
    EXPECT_EQ(out.requestId, in.requestId);
    EXPECT_FALSE(out.truncated);
    EXPECT_FALSE(out.client);
    ASSERT_TRUE(ring.pop(out));
    EXPECT_EQ(out.target, "/s/pub/b");
    EXPECT_EQ(out.client, behind.client);
    EXPECT_FALSE(ring.pop(out));
}

TEST(AccessRing, EveryTextHasItsBound)
{
    struct Case
    {
        std::string_view AccessRecord::*field;
        std::size_t most;
    };
    const Case cases[] = {
        {&AccessRecord::method, maxLoggedMethod},       {&AccessRecord::target, maxLoggedTarget},
        {&AccessRecord::userAgent, maxLoggedUserAgent}, {&AccessRecord::referer, maxLoggedReferer},
        {&AccessRecord::share, maxLoggedShare},         {&AccessRecord::link, maxLoggedLink},
    };
    for (const Case& c : cases)
        for (const std::size_t size :
             {std::size_t{0}, c.most - 1, c.most, c.most + 1, std::size_t{100'000}}) {
            const std::string text(size, 'x');
            AccessRecord in = sample("/t");
            in.*c.field = text;
            AccessRing ring(4096);
            ASSERT_TRUE(ring.push(in)) << size;
            AccessRecord out;
            ASSERT_TRUE(ring.pop(out));
            EXPECT_EQ((out.*c.field).size(), std::min(size, c.most));
            EXPECT_EQ(out.truncated, c.field == &AccessRecord::target && size > c.most);
        }
}

TEST(AccessRing, DurationsOutOfRangeAreClamped)
{
    AccessRing ring(4096);
    AccessRecord in = sample("/t");
    in.duration = -5s;
    ASSERT_TRUE(ring.push(in));
    in.duration = std::chrono::hours(24 * 365);
    ASSERT_TRUE(ring.push(in));
    AccessRecord out;
    ASSERT_TRUE(ring.pop(out));
    EXPECT_EQ(out.duration, 0s);
    ASSERT_TRUE(ring.pop(out));
    EXPECT_EQ(out.duration, std::chrono::microseconds(0xffffffff));
}

TEST(AccessRing, AFullRingDropsAndCounts)
{
    AccessRing ring(4096);
    std::size_t fit = 0;
    while (ring.push(sample("/s/pub/some/file")))
        ++fit;
    EXPECT_GT(fit, 20U);
    EXPECT_EQ(ring.dropped(), 1U);
    EXPECT_FALSE(ring.push(sample("/s/pub/some/file")));
    EXPECT_EQ(ring.dropped(), 2U);
    EXPECT_TRUE(ring.halfFull());

    AccessRecord out;
    ASSERT_TRUE(ring.pop(out));
    EXPECT_FALSE(ring.push(sample("/s/pub/some/file"))) << "space comes back with popDone() only";
    ring.popDone();
    EXPECT_TRUE(ring.push(sample("/s/pub/some/file")));
    for (std::size_t i = 0; i < fit; ++i)
        ASSERT_TRUE(ring.pop(out)) << i;
    EXPECT_FALSE(ring.pop(out));
    ring.popDone();
    EXPECT_FALSE(ring.halfFull());
}

TEST(AccessRing, WrapsAtEveryOffset)
{
    AccessRing ring(4096);
    std::uint64_t sequence = 0;
    for (std::size_t length = 0; length < 700; ++length)
        for (int i = 0; i < 3; ++i) {
            const std::string target(length, static_cast<char>('a' + sequence % 26));
            AccessRecord in = sample(target);
            in.requestId = ++sequence;
            ASSERT_TRUE(ring.push(in)) << length;
            AccessRecord out;
            ASSERT_TRUE(ring.pop(out));
            ASSERT_EQ(out.requestId, sequence);
            ASSERT_EQ(out.target, target);
            ASSERT_EQ(out.link, "l1");
            ring.popDone();
        }
    EXPECT_EQ(ring.dropped(), 0U);
}

TEST(AccessRing, TwoThreadsLoseNothingButWhatIsCounted)
{
    AccessRing ring(16384);
    constexpr std::uint64_t count = 200'000;
    std::atomic<bool> done{false};
    std::thread producer([&] {
        for (std::uint64_t i = 1; i <= count; ++i) {
            const std::string target(i % 300, static_cast<char>('a' + i % 26));
            AccessRecord in = sample(target);
            in.requestId = i;
            (void)ring.push(in);
        }
        done = true;
    });
    std::uint64_t popped = 0;
    std::uint64_t last = 0;
    AccessRecord out;
    for (;;) {
        const bool finished = done.load();
        if (!ring.pop(out)) {
            ring.popDone();
            if (finished)
                break;
            std::this_thread::yield();
            continue;
        }
        ++popped;
        ASSERT_GT(out.requestId, last);
        last = out.requestId;
        ASSERT_EQ(out.target, std::string(last % 300, static_cast<char>('a' + last % 26)));
        if (popped % 16 == 0)
            ring.popDone();
    }
    producer.join();
    EXPECT_EQ(popped + ring.dropped(), count);
}

} // namespace
} // namespace spillway::observe
