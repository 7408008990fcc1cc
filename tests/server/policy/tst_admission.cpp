// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/admission.h"

#include "server/policy/limittree.h"
#include "tests/server/observe/manualclock.h"

#include <gtest/gtest.h>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;
using Answer = SlotQueue::Answer;

struct AdmissionTest : testing::Test
{
    AdmissionTest() { clock.advance(1h); }

    void set(LimitLevel level, const LimitFields& fields)
    {
        limits.setDefault(level, fields);
        tree.apply(std::make_shared<LimitSet>(limits));
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
    LimitPath path(std::int64_t client, const char* link = nullptr, std::int64_t share = 1)
    {
        LimitPath all;
        const auto take = [&](LimitLevel level, const SubjectKey& key) {
            all[indexOf(level)] = tree.find(limits, level, key);
        };
        take(LimitLevel::Server, {});
        take(LimitLevel::Share, SubjectKey::number(share));
        if (link)
            take(LimitLevel::Link, SubjectKey::text(link));
        take(LimitLevel::Ip, SubjectKey::number(client));
        return all;
    }
    std::unique_ptr<Admission> come(std::int64_t client, const char* link = nullptr, std::int64_t share = 1)
    {
        return std::make_unique<Admission>(path(client, link, share), SubjectKey::number(client));
    }
    /// What a transfer gets over a time, asking again when it is told to.
    std::uint64_t draw(Admission& transfer, std::chrono::nanoseconds time)
    {
        std::uint64_t total = 0;
        const Monotonic from = clock.monotonic();
        for (Monotonic now = from; now < from + time;) {
            const auto grant = transfer.take(1 << 20, now);
            total += grant.bytes;
            if (grant.bytes == 0) {
                EXPECT_GT(grant.again, now);
                EXPECT_LE(grant.again, now + Admission::kLongestSleep);
                now = grant.again;
            }
        }
        return total;
    }

    observe::ManualClock clock;
    LimitTree tree{1000, clock};
    LimitSet limits;
};

TEST_F(AdmissionTest, NothingLimitedMeansNoPace)
{
    auto one = come(1);
    EXPECT_EQ(one->takeSlots(nullptr), Answer::Held);
    EXPECT_FALSE(one->paces());
}

TEST_F(AdmissionTest, ASlotIsNeededOnEveryLevel)
{
    set(LimitLevel::Server, downloads(3));
    set(LimitLevel::Ip, downloads(2));
    std::string woken;
    auto a = come(1), b = come(1), c = come(1), d = come(2), e = come(3);
    EXPECT_EQ(a->takeSlots(nullptr), Answer::Held);
    EXPECT_EQ(b->takeSlots(nullptr), Answer::Held);
    EXPECT_EQ(c->takeSlots([&] { woken += "c"; }), Answer::Waiting);
    EXPECT_EQ(c->level(), LimitLevel::Ip);
    EXPECT_EQ(d->takeSlots(nullptr), Answer::Held);
    EXPECT_EQ(e->takeSlots([&] { woken += "e"; }), Answer::Waiting);
    EXPECT_EQ(e->level(), LimitLevel::Server);
    a.reset(); // frees both: e has the server's, c its address's
    EXPECT_EQ(woken.size(), 2U);
    EXPECT_EQ(e->takeSlots(nullptr), Answer::Held);
    EXPECT_EQ(c->takeSlots([&] { woken += "C"; }), Answer::Waiting);
    EXPECT_EQ(c->level(), LimitLevel::Server);
    d.reset();
    EXPECT_EQ(woken.back(), 'C');
    EXPECT_EQ(c->takeSlots(nullptr), Answer::Held);
}

/// Fifty downloads wait for one link; they hold nothing of the server that others could use.
TEST_F(AdmissionTest, ACrowdAtOneLinkKeepsNobodyElseOut)
{
    set(LimitLevel::Server, downloads(2));
    set(LimitLevel::Link, downloads(1));
    auto first = come(0, "busy");
    EXPECT_EQ(first->takeSlots(nullptr), Answer::Held);
    std::vector<std::unique_ptr<Admission>> crowd;
    for (int i = 1; i <= 50; ++i) {
        crowd.push_back(come(i, "busy"));
        EXPECT_EQ(crowd.back()->takeSlots([] {}), Answer::Waiting);
    }
    auto other = come(99, "quiet");
    EXPECT_EQ(other->takeSlots(nullptr), Answer::Held);
}

TEST_F(AdmissionTest, TheNarrowestLevelSetsThePace)
{
    set(LimitLevel::Server, bandwidth(1 << 20));
    set(LimitLevel::Ip, bandwidth(100 << 10));
    auto one = come(1);
    EXPECT_TRUE(one->paces());
    EXPECT_NEAR(static_cast<double>(draw(*one, 10s)), 10.0 * (100 << 10), 0.05 * 10 * (100 << 10));
}

TEST_F(AdmissionTest, TheInnermostPriorityCounts)
{
    LimitFields shareLow;
    shareLow.priority = Priority::Low;
    set(LimitLevel::Server, bandwidth(1 << 20));
    set(LimitLevel::Share, shareLow);
    LimitFields linkHigh;
    linkHigh.priority = Priority::High;
    set(LimitLevel::Link, linkHigh);
    auto low = come(1), high = come(2, "important");
    std::uint64_t lowBytes = 0, highBytes = 0;
    Monotonic now = clock.monotonic();
    for (int tick = 0; tick < 500; ++tick, now += 20ms) {
        for (auto grant = low->take(1 << 20, now); grant.bytes > 0; grant = low->take(1 << 20, now))
            lowBytes += grant.bytes;
        for (auto grant = high->take(1 << 20, now); grant.bytes > 0; grant = high->take(1 << 20, now))
            highBytes += grant.bytes;
    }
    EXPECT_NEAR(static_cast<double>(highBytes) / static_cast<double>(lowBytes), 4.0, 0.2);
}

TEST_F(AdmissionTest, LimitsThatComeAndGoReachATransferThatRuns)
{
    auto one = come(1);
    EXPECT_FALSE(one->paces());
    set(LimitLevel::Ip, bandwidth(10 << 10));
    set(LimitLevel::Server, downloads(1));
    one->update(path(1));
    EXPECT_TRUE(one->paces());
    EXPECT_NEAR(static_cast<double>(draw(*one, 20s)), 20.0 * (10 << 10), 32 << 10);
    auto two = come(2);
    EXPECT_NE(two->takeSlots(nullptr), Answer::Held) << "the one that runs counts";
    limits = {};
    tree.apply(std::make_shared<LimitSet>());
    one->update(path(1));
    EXPECT_FALSE(one->paces());
    one.reset();
}

TEST_F(AdmissionTest, AnotherRateHoldsForThePieceThatIsWaitedFor)
{
    set(LimitLevel::Ip, bandwidth(1));
    auto one = come(1);
    const Monotonic now = clock.monotonic();
    EXPECT_GT(one->take(4096, now).bytes, 0U);
    EXPECT_EQ(one->take(4096, now).bytes, 0U); // for more than an hour
    set(LimitLevel::Ip, bandwidth(10 << 20));
    EXPECT_GT(one->take(4096, now + 1s).bytes, 0U);
}

TEST_F(AdmissionTest, WhatTheSocketDoesNotTakeIsGivenBack)
{
    set(LimitLevel::Ip, bandwidth(1000));
    auto one = come(1);
    const Monotonic now = clock.monotonic();
    const auto grant = one->take(4096, now);
    ASSERT_GT(grant.bytes, 0U);
    one->giveBack(grant.bytes);
    EXPECT_EQ(one->take(4096, now).bytes, grant.bytes);
    // Less than the piece: the rest is not lost either.
    one->giveBack(grant.bytes);
    EXPECT_EQ(one->take(1, now).bytes, 1U);
    EXPECT_LE(one->take(1, now).again, now + 2ms);
}

TEST_F(AdmissionTest, ALinksOwnLimitsAndItsRowBothHold)
{
    const auto link = [&](std::int64_t rate, std::int64_t count) {
        return tree.findLink(limits, SubjectKey::text("link"), BytesPerSecond{rate}, count);
    };
    EXPECT_EQ(link(0, 0), nullptr);
    ASSERT_TRUE(link(1000, 1));
    EXPECT_EQ(link(1000, 1)->bandwidth()->rate().count, 1000);
    set(LimitLevel::Link, bandwidth(500));
    EXPECT_EQ(link(1000, 1)->bandwidth()->rate().count, 500);
    EXPECT_EQ(link(200, 1)->bandwidth()->rate().count, 200);
    EXPECT_TRUE(link(200, 1)->slots());
    EXPECT_FALSE(link(0, 0)->slots());
    EXPECT_EQ(link(0, 0)->bandwidth()->rate().count, 500);
}

} // namespace
} // namespace spillway::policy
