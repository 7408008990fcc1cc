// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/segmentplan.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace spillway::get {
namespace {

constexpr std::uint64_t kMiB = 1U << 20;

PlanOptions adaptive(std::uint64_t size, unsigned connections, std::uint64_t smallest = kMiB)
{
    PlanOptions options;
    options.size = size;
    options.connections = connections;
    options.smallest = smallest;
    options.largestSmallest = smallest;
    return options;
}

TEST(Span, OrderAndCoalescing)
{
    EXPECT_TRUE(isOrdered({}, 0));
    EXPECT_TRUE(isOrdered({{0, 5}, {6, 10}}, 10));
    EXPECT_FALSE(isOrdered({{0, 5}, {6, 11}}, 10));
    EXPECT_FALSE(isOrdered({{0, 5}, {5, 10}}, 10)) << "they touch";
    EXPECT_FALSE(isOrdered({{6, 10}, {0, 5}}, 10));
    EXPECT_FALSE(isOrdered({{3, 3}}, 10));
    EXPECT_FALSE(isOrdered({{4, 3}}, 10));
    const std::vector<Span> spans{{0, 10}, {12, 20}, {30, 40}, {41, 50}};
    EXPECT_EQ(coalesced(spans, 4), spans);
    EXPECT_EQ(coalesced(spans, 3), (std::vector<Span>{{0, 10}, {12, 20}, {30, 50}}));
    EXPECT_EQ(coalesced(spans, 2), (std::vector<Span>{{0, 20}, {30, 50}}));
    EXPECT_EQ(coalesced(spans, 1), (std::vector<Span>{{0, 50}}));
    EXPECT_EQ(coalesced(spans, 0), (std::vector<Span>{{0, 50}}));
    EXPECT_TRUE(coalesced({}, 1).empty());
}

TEST(SegmentPlan, BeginsWithEqualPieces)
{
    SegmentPlan plan(adaptive(16 * kMiB, 4), {{0, 16 * kMiB}});
    for (unsigned i = 0; i < 4; ++i) {
        const auto piece = plan.take(i, 0);
        ASSERT_TRUE(piece);
        EXPECT_EQ(piece->span, (Span{i * 4 * kMiB, (i + 1) * 4 * kMiB}));
        EXPECT_FALSE(piece->dropped);
    }
    EXPECT_FALSE(plan.take(4, 0)) << "there is no fifth connection";
    EXPECT_FALSE(plan.take(0, 0)) << "it has a piece";
}

TEST(SegmentPlan, SmallFilesAreOnePiece)
{
    for (const std::uint64_t size : {std::uint64_t(1), kMiB, 2 * kMiB - 1}) {
        SegmentPlan plan(adaptive(size, 8), {{0, size}});
        EXPECT_EQ(plan.take(0, 0)->span, (Span{0, size}));
        EXPECT_FALSE(plan.take(1, 0));
    }
    SegmentPlan plan(adaptive(2 * kMiB, 8), {{0, 2 * kMiB}});
    EXPECT_EQ(plan.take(0, 0)->span, (Span{0, kMiB}));
    EXPECT_EQ(plan.take(1, 0)->span, (Span{kMiB, 2 * kMiB}));
    EXPECT_FALSE(plan.take(2, 0));
}

TEST(SegmentPlan, TheFastTakesFromTheSlowSoThatBothEndTogether)
{
    SegmentPlan plan(adaptive(100 * kMiB, 2), {{0, 100 * kMiB}});
    ASSERT_EQ(plan.take(0, 0)->span.end, 50 * kMiB);
    ASSERT_TRUE(plan.take(1, 0));
    plan.advance(0, 50 * kMiB);
    plan.advance(1, 10 * kMiB);
    plan.setSpeed(1, 1e6);
    const auto piece = plan.take(0, 3e6);
    ASSERT_TRUE(piece);
    EXPECT_FALSE(piece->dropped);
    EXPECT_EQ(piece->span, (Span{70 * kMiB, 100 * kMiB})) << "a quarter of 40 MiB stays with the slow one";
    EXPECT_EQ(plan.rest(1), (Span{60 * kMiB, 70 * kMiB}));
}

TEST(SegmentPlan, NoTinyTails)
{
    // What is left of the other one's piece, and whether it is cut.
    for (const auto& [left, cut] :
         {std::pair(2 * kMiB, true), std::pair(2 * kMiB - 1, false), std::pair(std::uint64_t(1), false)}) {
        SegmentPlan plan(adaptive(20 * kMiB, 2), {{0, 20 * kMiB}});
        ASSERT_TRUE(plan.take(0, 0) && plan.take(1, 0));
        plan.setSpeed(1, 4e6);
        plan.advance(0, 10 * kMiB);
        plan.advance(1, 10 * kMiB - left);
        const auto piece = plan.take(0, 4e6);
        EXPECT_EQ(piece.has_value(), cut) << left;
        if (piece) {
            EXPECT_GE(piece->span.length(), kMiB);
            EXPECT_GE(plan.rest(1)->length(), kMiB);
        }
    }
}

TEST(SegmentPlan, PiecesAreWorthASecondOfTheTaker)
{
    PlanOptions options = adaptive(100 * kMiB, 2);
    options.largestSmallest = 8 * kMiB;
    SegmentPlan plan(options, {{0, 100 * kMiB}});
    ASSERT_TRUE(plan.take(0, 0) && plan.take(1, 0));
    plan.setSpeed(1, 100e6);
    plan.advance(0, 50 * kMiB);
    plan.advance(1, 50 * kMiB - 15 * kMiB);
    EXPECT_FALSE(plan.take(0, 100e6)) << "over before a new request would have begun";
    plan.setSpeed(1, 1e6);
    EXPECT_TRUE(plan.take(0, 1e6));
}

TEST(SegmentPlan, ACrawlingRestIsTakenOver)
{
    SegmentPlan plan(adaptive(20 * kMiB, 2), {{0, 20 * kMiB}});
    ASSERT_TRUE(plan.take(0, 0) && plan.take(1, 0));
    plan.advance(0, 10 * kMiB);
    plan.advance(1, 9 * kMiB + kMiB / 2);
    plan.setSpeed(1, 1000);
    const auto piece = plan.take(0, 10e6);
    ASSERT_TRUE(piece);
    EXPECT_EQ(piece->span, (Span{19 * kMiB + kMiB / 2, 20 * kMiB}));
    EXPECT_EQ(piece->dropped, 1U);
    EXPECT_FALSE(plan.rest(1));
    EXPECT_FALSE(plan.take(1, 1000)) << "and not taken back";
}

TEST(SegmentPlan, TheSlowTakesNothingThatItWouldHoldUp)
{
    SegmentPlan plan(adaptive(20 * kMiB, 2), {{0, 20 * kMiB}});
    ASSERT_TRUE(plan.take(0, 0) && plan.take(1, 0));
    plan.advance(0, 10 * kMiB);
    plan.setSpeed(1, 10e6);
    EXPECT_FALSE(plan.take(0, 1000)) << "a quarter of an hour for what the other does in a second";
    EXPECT_TRUE(plan.take(0, 2e6));
}

TEST(SegmentPlan, ABrokenPieceIsAHoleAgain)
{
    SegmentPlan plan(adaptive(4 * kMiB, 2), {{0, 4 * kMiB}});
    ASSERT_TRUE(plan.take(0, 0) && plan.take(1, 0));
    plan.advance(0, 100);
    plan.release(0);
    EXPECT_EQ(plan.missing(), (std::vector<Span>{{100, 4 * kMiB}}));
    EXPECT_EQ(plan.done(), 100U);
    EXPECT_TRUE(plan.hasHoles());
    EXPECT_EQ(plan.take(0, 0)->span, (Span{100, 2 * kMiB}));
    plan.advance(0, 1ULL << 40);
    EXPECT_FALSE(plan.rest(0)) << "more than there is counts as all of it";
    plan.advance(0, 5);
    plan.release(0);
    EXPECT_EQ(plan.done(), 2 * kMiB);
}

TEST(SegmentPlan, LostBytesAreAHoleAgain)
{
    SegmentPlan plan(adaptive(4 * kMiB, 1), {{0, 4 * kMiB}});
    ASSERT_TRUE(plan.take(0, 0));
    plan.advance(0, 4 * kMiB);
    ASSERT_TRUE(plan.isComplete());
    plan.lose({kMiB, kMiB});
    EXPECT_TRUE(plan.isComplete()) << "nothing is no hole";
    plan.lose({kMiB, 3 * kMiB});
    EXPECT_FALSE(plan.isComplete());
    EXPECT_EQ(plan.done(), 2 * kMiB);
    EXPECT_EQ(plan.missing(), (std::vector<Span>{{kMiB, 3 * kMiB}}));
    EXPECT_EQ(plan.take(0, 0)->span, (Span{kMiB, 3 * kMiB}));
}

TEST(SegmentPlan, FixedPiecesAreOnTheGridAndNeverCut)
{
    PlanOptions options = adaptive(10 * kMiB, 2);
    options.fixed = 4 * kMiB;
    SegmentPlan plan(options, {{kMiB, 10 * kMiB}});
    EXPECT_EQ(plan.take(0, 0)->span, (Span{kMiB, 4 * kMiB}));
    EXPECT_EQ(plan.take(1, 0)->span, (Span{4 * kMiB, 8 * kMiB}));
    plan.advance(0, 3 * kMiB);
    EXPECT_EQ(plan.take(0, 0)->span, (Span{8 * kMiB, 10 * kMiB}));
    plan.advance(0, 2 * kMiB);
    plan.setSpeed(1, 1);
    EXPECT_FALSE(plan.take(0, 1e9));
}

TEST(SegmentPlan, FewerConnectionsKeepWhatTheyHave)
{
    SegmentPlan plan(adaptive(40 * kMiB, 4), {{0, 40 * kMiB}});
    for (unsigned i = 0; i < 4; ++i)
        ASSERT_TRUE(plan.take(i, 0));
    plan.setConnections(2);
    plan.release(3);
    EXPECT_FALSE(plan.take(3, 0));
    EXPECT_TRUE(plan.rest(2));
    plan.release(2);
    plan.release(1);
    EXPECT_TRUE(plan.take(1, 0));
    EXPECT_FALSE(plan.take(2, 0));
}

/// Whatever is completed, cut, taken over or broken, in whatever order: each byte comes exactly once, the
/// plan's numbers agree with a map of the bytes, and the file is cut into no more spans than the header says.
TEST(SegmentPlan, EveryByteExactlyOnce)
{
    for (unsigned seed = 0; seed < 600; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto upTo = [&](std::uint64_t most) {
            return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
        };
        const std::uint64_t size = 1 + upTo(3000);
        PlanOptions options = adaptive(size, 1 + static_cast<unsigned>(upTo(7)), 1 + upTo(100));
        options.largestSmallest = options.smallest + upTo(200);
        options.fixed = upTo(3) == 0 ? 1 + upTo(300) : 0;
        std::vector<int> there(size, 1); // 1: from an earlier run
        std::vector<Span> missing;
        for (std::uint64_t at = upTo(size / 4); at < size;) {
            const Span span{at, std::min(size, at + 1 + upTo(size / 2))};
            missing.push_back(span);
            std::fill(there.begin() + static_cast<std::ptrdiff_t>(span.first),
                      there.begin() + static_cast<std::ptrdiff_t>(span.end), 0);
            at = span.end + 1 + upTo(size / 4);
        }
        ASSERT_TRUE(isOrdered(missing, size));
        const std::size_t bound =
            std::max<std::size_t>(missing.size(), options.connections) + 2U * options.connections;
        SegmentPlan plan(options, missing);
        std::uint64_t steps = 0;
        while (!plan.isComplete()) {
            ASSERT_LT(++steps, 100'000U) << "it never ends";
            const auto connection = static_cast<unsigned>(upTo(options.connections - 1));
            switch (upTo(5)) {
            case 0:
                plan.release(connection);
                break;
            case 1:
                plan.setSpeed(connection, static_cast<double>(upTo(1000)));
                break;
            case 2:
            case 3: {
                const bool had = plan.rest(connection).has_value();
                const auto piece = plan.take(connection, static_cast<double>(upTo(1000)));
                if (!piece)
                    break;
                ASSERT_FALSE(had);
                ASSERT_GT(piece->span.length(), 0U);
                ASSERT_EQ(plan.rest(connection), piece->span);
                if (piece->dropped) {
                    ASSERT_NE(*piece->dropped, connection);
                    ASSERT_FALSE(plan.rest(*piece->dropped));
                }
                break;
            }
            default: {
                const auto rest = plan.rest(connection);
                if (!rest)
                    break;
                const std::uint64_t count = 1 + upTo(std::min<std::uint64_t>(rest->length(), 64) - 1);
                for (std::uint64_t i = rest->first; i < rest->first + count; ++i)
                    ASSERT_EQ(there[i]++, 0) << "byte " << i;
                plan.advance(connection, count);
                break;
            }
            }
            const auto left = plan.missing();
            ASSERT_TRUE(isOrdered(left, size));
            ASSERT_LE(left.size(), bound);
            ASSERT_EQ(plan.done(), size - totalLength(left));
            ASSERT_EQ(totalLength(left),
                      static_cast<std::uint64_t>(std::count(there.begin(), there.end(), 0)));
            for (const Span& span : left)
                for (std::uint64_t i = span.first; i < span.end; ++i)
                    ASSERT_EQ(there[i], 0);
        }
        EXPECT_EQ(std::count(there.begin(), there.end(), 1), static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(plan.done(), size);
    }
}

} // namespace
} // namespace spillway::get
