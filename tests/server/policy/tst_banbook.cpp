// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/banbook.h"

#include "tests/server/observe/manualclock.h"

#include <gtest/gtest.h>
#include <mutex>
#include <thread>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;
using config::IpAddress;
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

IpAddress ip(std::string_view text)
{
    const auto parsed = config::parseIpAddress(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : IpAddress{};
}

class BanBookTest : public testing::Test
{
protected:
    BanBookTest() { setRules(); }

    void setRules(std::uint32_t threshold = 5, std::initializer_list<std::string_view> never = {})
    {
        BanRules rules{threshold, 60s, 100s, 1000s, {}};
        for (const auto block : never)
            rules.never.push_back(*config::parseCidr(block));
        book.setRules(std::move(rules));
    }
    void fail(std::string_view client, std::uint64_t what)
    {
        book.failed(ip(client).bytes, FailureKind::Signature, what);
    }
    /// As many different failures as the threshold takes.
    void offend(std::string_view client)
    {
        for (int i = 0; i < 5; ++i)
            fail(client, ++different);
    }
    std::int64_t now() { return unixSeconds(clock.wall()); }
    /// The seconds for which it is still banned; 0: it is not.
    std::int64_t banned(std::string_view client)
    {
        const auto until = book.isBanned(ip(client).bytes, now());
        return !until ? 0 : *until == kForever ? kForever : *until - now();
    }
    std::vector<BanRecord> flushed()
    {
        std::vector<BanRecord> all;
        book.flush([&](std::vector<BanRecord> bans) { all = std::move(bans); });
        return all;
    }

    observe::ManualClock clock;
    std::uint64_t different = 0;
    std::mutex toldMutex;
    std::vector<BanRecord> told;
    std::vector<IpAddress> spared;
    std::optional<IpAddress> proxy;
    BanBook book{clock,
                 64 * 64,
                 {.spare = [this](const IpAddress& address) { return proxy == address; },
                  .banned =
                      [this](const BanRecord& ban) {
                          const std::lock_guard lock(toldMutex); // of whichever thread met the failure
                          told.push_back(ban);
                      },
                  .spared = [this](const IpAddress& address) { spared.push_back(address); }}};
};

TEST_F(BanBookTest, TheThresholdOfDifferentFailuresBans)
{
    for (std::uint64_t i = 1; i <= 4; ++i)
        fail("192.0.2.1", i);
    EXPECT_EQ(banned("192.0.2.1"), 0);
    fail("192.0.2.1", 5);
    EXPECT_EQ(banned("192.0.2.1"), 100);
    EXPECT_EQ(banned("192.0.2.2"), 0);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].address, ip("192.0.2.1"));
    EXPECT_EQ(told[0].offences, 1);
    EXPECT_EQ(told[0].until, now() + 100);
    fail("192.0.2.1", 6); // still under way when the ban came
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(book.counters().failures[2], 6U);
    EXPECT_EQ(book.counters().made, 1U);
    EXPECT_EQ(book.counters().active, 1U);
}

TEST_F(BanBookTest, TheSameFailureCountsOnce)
{
    for (int i = 0; i < 1000; ++i)
        fail("192.0.2.1", 7);
    EXPECT_EQ(banned("192.0.2.1"), 0);
    for (std::uint64_t i = 1; i <= 4; ++i)
        fail("192.0.2.1", 100 + i);
    EXPECT_EQ(banned("192.0.2.1"), 100);
}

TEST_F(BanBookTest, AWindowEnds)
{
    for (const auto wait : {59s, 60s}) {
        const std::string client = "192.0.2." + std::to_string(wait.count());
        for (std::uint64_t i = 1; i <= 4; ++i)
            fail(client, i);
        clock.advance(wait);
        fail(client, 5);
        EXPECT_EQ(banned(client) != 0, wait < 60s) << wait.count();
    }
}

TEST_F(BanBookTest, BansGrowUpToTheLongestAndAreForgiven)
{
    for (const std::int64_t expected : {100, 200, 400, 800, 1000, 1000}) {
        offend("192.0.2.1");
        EXPECT_EQ(banned("192.0.2.1"), expected);
        clock.advance(std::chrono::seconds(expected - 1));
        EXPECT_EQ(banned("192.0.2.1"), 1);
        clock.advance(1s);
        EXPECT_EQ(banned("192.0.2.1"), 0);
    }
    clock.advance(1000s);
    offend("192.0.2.1");
    EXPECT_EQ(banned("192.0.2.1"), 1000) << "not long enough ago";
    clock.advance(2001s);
    offend("192.0.2.1");
    EXPECT_EQ(banned("192.0.2.1"), 100);
}

TEST_F(BanBookTest, AnIpv6ClientIsItsNetwork)
{
    for (int i = 1; i <= 5; ++i)
        fail("2001:db8:1:2::" + std::to_string(i), static_cast<std::uint64_t>(i));
    EXPECT_EQ(banned("2001:db8:1:2:ffff::9"), 100);
    EXPECT_EQ(banned("2001:db8:1:3::1"), 0);
    ASSERT_EQ(book.list().size(), 1U);
    EXPECT_EQ(BanBook::textOf(book.list()[0].address), "2001:db8:1:2::/64");
}

TEST_F(BanBookTest, SomeAreNeverBannedByRule)
{
    setRules(5, {"198.51.100.0/24", "2001:db8:1:2::7"});
    for (const char* client : {"127.0.0.1", "127.9.9.9", "::1", "198.51.100.3", "2001:db8:1:2::7"}) {
        offend(client);
        EXPECT_EQ(banned(client), 0) << client;
    }
    offend("2001:db8:1:2::8");
    EXPECT_EQ(banned("2001:db8:1:2::8"), 100);
    EXPECT_EQ(banned("2001:db8:1:2::7"), 0) << "not with its neighbours either";
    offend("192.0.2.1");
    EXPECT_EQ(banned("192.0.2.1"), 100);
    setRules(5, {"192.0.2.0/24"});
    EXPECT_EQ(banned("192.0.2.1"), 0) << "and at once where the list grows";
    EXPECT_EQ(book.list().size(), 1U);
}

TEST_F(BanBookTest, NoThresholdNoBan)
{
    setRules(0);
    for (int i = 0; i < 100; ++i)
        offend("192.0.2.1");
    EXPECT_EQ(banned("192.0.2.1"), 0);
    EXPECT_EQ(book.counters().known, 0U);
}

TEST_F(BanBookTest, AProxyThatNobodyTrustsIsToldOfInstead)
{
    proxy = ip("10.0.0.1");
    offend("10.0.0.1");
    EXPECT_EQ(banned("10.0.0.1"), 0);
    EXPECT_EQ(spared, std::vector{ip("10.0.0.1")});
    EXPECT_TRUE(told.empty());
    offend("10.0.0.2");
    EXPECT_EQ(banned("10.0.0.2"), 100);
}

TEST_F(BanBookTest, ByHandAnyAddressAndForEver)
{
    ASSERT_TRUE(book.put({ip("198.51.100.3"), "spam", 1, true, now(), {}}));
    ASSERT_TRUE(book.put({ip("198.51.100.4"), "spam", 1, true, now(), now() + 10}));
    EXPECT_EQ(banned("198.51.100.3"), kForever);
    EXPECT_EQ(banned("198.51.100.4"), 10);
    EXPECT_EQ(book.counters().active, 2U);
    clock.advance(10s);
    EXPECT_EQ(banned("198.51.100.4"), 0);
    EXPECT_EQ(book.list().size(), 1U);
    (void)flushed();
    EXPECT_EQ(book.counters().active, 1U);
    EXPECT_TRUE(book.lift(ip("198.51.100.3")));
    EXPECT_FALSE(book.lift(ip("198.51.100.3")));
    EXPECT_EQ(banned("198.51.100.3"), 0);
    EXPECT_EQ(book.counters().active, 0U);
}

TEST_F(BanBookTest, ByHandIsBounded)
{
    for (std::size_t i = 0; i < BanBook::kByHandLimit; ++i) {
        IpAddress address =
            IpAddress::v4(198, 18, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i));
        ASSERT_TRUE(book.put({address, "", 1, true, now(), {}}));
    }
    const auto more = book.put({ip("192.0.2.1"), "", 1, true, now(), {}});
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, ErrorCode::Exhausted);
    EXPECT_TRUE(book.put({ip("198.18.0.0"), "again", 1, true, now(), {}})) << "no further one";
}

TEST_F(BanBookTest, ALiftForgives)
{
    offend("192.0.2.1");
    EXPECT_TRUE(book.lift(ip("192.0.2.1")));
    EXPECT_EQ(banned("192.0.2.1"), 0);
    for (int i = 0; i < 4; ++i)
        fail("192.0.2.1", ++different);
    EXPECT_EQ(banned("192.0.2.1"), 0) << "failures begin anew";
    fail("192.0.2.1", ++different);
    EXPECT_EQ(banned("192.0.2.1"), 100) << "and the length, too";
}

TEST_F(BanBookTest, NewBansAreHandedOutOnce)
{
    offend("192.0.2.1");
    offend("192.0.2.2");
    offend("192.0.2.3");
    (void)book.lift(ip("192.0.2.2"));
    auto bans = flushed();
    ASSERT_EQ(bans.size(), 2U);
    EXPECT_TRUE(flushed().empty());
    (void)book.lift(ip("192.0.2.1"));
    book.giveBack(std::move(bans));
    bans = flushed();
    ASSERT_EQ(bans.size(), 1U) << "a lifted one does not come back";
    EXPECT_EQ(bans[0].address, ip("192.0.2.3"));
}

TEST_F(BanBookTest, WhatWasKeptHoldsAgain)
{
    ASSERT_TRUE(book.put({ip("192.0.2.1"), "old", 3, false, now() - 50, now() + 50}));
    EXPECT_EQ(banned("192.0.2.1"), 50);
    EXPECT_TRUE(flushed().empty());
    clock.advance(50s);
    EXPECT_EQ(banned("192.0.2.1"), 0);
    offend("192.0.2.1");
    EXPECT_EQ(banned("192.0.2.1"), 800) << "the fourth";
    ASSERT_TRUE(book.put({ip("192.0.2.9"), "over", 1, false, now() - 200, now() - 100}));
    EXPECT_EQ(banned("192.0.2.9"), 0);
    offend("192.0.2.9");
    EXPECT_EQ(banned("192.0.2.9"), 200) << "one that is over is remembered";
}

TEST_F(BanBookTest, WhatIsOverCostsNothing)
{
    offend("192.0.2.1");
    clock.advance(99s);
    (void)flushed();
    EXPECT_EQ(book.counters().active, 1U);
    clock.advance(1s);
    (void)flushed();
    EXPECT_EQ(book.counters().active, 0U);
}

TEST_F(BanBookTest, AMillionAddressesTakeNoMoreThanItsBound)
{
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
        const auto byte = [i](unsigned shift) { return static_cast<std::uint8_t>(i >> shift); };
        book.failed(IpAddress::v4(11, byte(16), byte(8), byte(0)).bytes, FailureKind::Token, i);
    }
    EXPECT_EQ(book.counters().known, 64U * 64U);
    EXPECT_EQ(book.counters().forgotten, 1'000'000U - 64U * 64U);
    EXPECT_EQ(book.counters().failures[0], 1'000'000U);
}

TEST(BanBookBound, TheBannedStayAndTheQuietGo)
{
    observe::ManualClock clock;
    BanBook book(clock, 64 * 16, {});
    book.setRules({2, 60s, 100s, 1000s, {}});
    const auto client = [](std::uint32_t i) {
        return IpAddress::v4(12, static_cast<std::uint8_t>(i >> 16U), static_cast<std::uint8_t>(i >> 8U),
                             static_cast<std::uint8_t>(i))
            .bytes;
    };
    for (std::uint32_t i = 0; i < 100; ++i)
        for (std::uint64_t what : {1U, 2U})
            book.failed(client(i), FailureKind::Token, what);
    for (std::uint32_t i = 1000; i < 100'000; ++i)
        book.failed(client(i), FailureKind::Token, 1);
    for (std::uint32_t i = 0; i < 100; ++i)
        EXPECT_TRUE(book.isBanned(client(i), unixSeconds(clock.wall()))) << i;
    EXPECT_EQ(book.counters().active, 100U);
}

TEST_F(BanBookTest, ManyThreadsFailAskAndLift)
{
    std::vector<std::thread> threads;
    for (std::uint8_t t = 0; t < 4; ++t)
        threads.emplace_back([this, t] {
            for (std::uint32_t i = 0; i < 5'000; ++i) {
                const IpAddress client = IpAddress::v4(13, 0, t % 2, static_cast<std::uint8_t>(i % 20));
                book.failed(client.bytes, FailureKind::Token, i);
                (void)book.isBanned(client.bytes, now());
                if (i % 97 == 0)
                    (void)book.lift(client);
                if (i % 89 == 0)
                    book.flush([this](std::vector<BanRecord> bans) { book.giveBack(std::move(bans)); });
            }
        });
    for (auto& thread : threads)
        thread.join();
    std::size_t active = 0;
    for (std::uint8_t t = 0; t < 2; ++t)
        for (std::uint8_t i = 0; i < 20; ++i)
            active += book.isBanned(IpAddress::v4(13, 0, t, i).bytes, now()) ? 1 : 0;
    EXPECT_EQ(book.counters().active, active);
    EXPECT_EQ(book.list().size(), active);
}

TEST(BanBookKeys, AreAddressesOrNetworks)
{
    const struct
    {
        const char* text;
        const char* key; ///< null: refused
    } rows[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"192.0.2.1/32", "192.0.2.1"},
        {"2001:db8:1:2::", "2001:db8:1:2::/64"},
        {"2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
        {"2001:db8:1:2::/64", "2001:db8:1:2::/64"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"192.0.2.0/24", nullptr},
        {"2001:db8::/48", nullptr},
        {"2001:db8::/65", nullptr},
        {"host", nullptr},
        {"", nullptr},
        {"::/0", nullptr},
    };
    for (const auto& row : rows) {
        const auto key = BanBook::parseKey(row.text);
        EXPECT_EQ(key.has_value(), row.key != nullptr) << row.text;
        if (key && row.key) {
            EXPECT_EQ(BanBook::textOf(*key), row.key);
        }
    }
}

} // namespace
} // namespace spillway::policy
