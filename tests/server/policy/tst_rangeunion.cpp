// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/rangeunion.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace spillway::policy {
namespace {

using Piece = RangeUnion::Piece;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

RangeUnion make(std::initializer_list<Piece> pieces)
{
    RangeUnion made;
    for (const Piece& piece : pieces)
        EXPECT_TRUE(made.add(piece.begin, piece.end));
    return made;
}

std::vector<Piece> piecesOf(const RangeUnion& ranges)
{
    return {ranges.pieces().begin(), ranges.pieces().end()};
}

TEST(RangeUnion, Adds)
{
    struct Case
    {
        const char* name;
        std::vector<Piece> added, expected;
    };
    for (const Case& c : {
             Case{"nothing", {}, {}},
             Case{"empty and reversed", {{5, 5}, {7, 3}}, {}},
             Case{"in order", {{0, 2}, {4, 6}}, {{0, 2}, {4, 6}}},
             Case{"in no order", {{4, 6}, {0, 2}}, {{0, 2}, {4, 6}}},
             Case{"touching behind", {{0, 2}, {2, 4}}, {{0, 4}}},
             Case{"touching before", {{2, 4}, {0, 2}}, {{0, 4}}},
             Case{"one byte apart", {{0, 2}, {3, 4}}, {{0, 2}, {3, 4}}},
             Case{"the gap closes", {{0, 2}, {3, 4}, {2, 3}}, {{0, 4}}},
             Case{"inside", {{0, 10}, {2, 4}}, {{0, 10}}},
             Case{"around", {{2, 4}, {6, 8}, {0, 10}}, {{0, 10}}},
             Case{"over several", {{0, 2}, {4, 6}, {8, 10}, {12, 14}, {5, 9}}, {{0, 2}, {4, 10}, {12, 14}}},
             Case{"to the end of 64 bits", {{kMost - 1, kMost}, {0, 1}}, {{0, 1}, {kMost - 1, kMost}}},
         }) {
        RangeUnion made;
        for (const Piece& piece : c.added)
            EXPECT_TRUE(made.add(piece.begin, piece.end));
        EXPECT_EQ(piecesOf(made), c.expected) << c.name;
    }
}

TEST(RangeUnion, CoversAll)
{
    EXPECT_TRUE(make({}).coversAll(0));
    EXPECT_FALSE(make({}).coversAll(1));
    EXPECT_FALSE(make({{0, 9}}).coversAll(10));
    EXPECT_TRUE(make({{0, 10}}).coversAll(10));
    EXPECT_TRUE(make({{0, 11}}).coversAll(10));
    EXPECT_FALSE(make({{1, 10}}).coversAll(10));
    EXPECT_FALSE(make({{0, 5}, {6, 10}}).coversAll(10));
}

/// Against a bitmap, with files small enough that everything happens: touching, nesting, closing gaps.
TEST(RangeUnion, IsTheUnion)
{
    std::mt19937 random(4);
    for (int round = 0; round < 300; ++round) {
        const std::uint64_t size = 1 + random() % 200;
        std::vector<bool> bitmap(size);
        RangeUnion ranges;
        const int adds = static_cast<int>(random() % 40);
        for (int i = 0; i < adds; ++i) {
            const std::uint64_t begin = random() % size, end = begin + random() % (size - begin + 1);
            ASSERT_TRUE(ranges.add(begin, end));
            std::fill(bitmap.begin() + static_cast<std::ptrdiff_t>(begin),
                      bitmap.begin() + static_cast<std::ptrdiff_t>(end), true);
        }
        std::vector<bool> covered(size);
        std::uint64_t last = 0;
        bool first = true;
        for (const Piece& piece : ranges.pieces()) {
            ASSERT_LT(piece.begin, piece.end);
            ASSERT_TRUE(first || piece.begin > last) << "in order and apart";
            first = false;
            last = piece.end;
            std::fill(covered.begin() + static_cast<std::ptrdiff_t>(piece.begin),
                      covered.begin() + static_cast<std::ptrdiff_t>(piece.end), true);
        }
        ASSERT_EQ(covered, bitmap) << "round " << round;
        ASSERT_EQ(ranges.covered(), static_cast<std::uint64_t>(std::ranges::count(bitmap, true)));
        ASSERT_EQ(ranges.coversAll(size), std::ranges::count(bitmap, false) == 0);
        const auto again = RangeUnion::decode(ranges.encode());
        ASSERT_TRUE(again);
        ASSERT_EQ(*again, ranges);
    }
}

TEST(RangeUnion, TooManyPiecesSayTooLittleNeverTooMuch)
{
    RangeUnion ranges;
    constexpr auto most = RangeUnion::kMaxPieces;
    // Pieces of 2 bytes, the one at 100 of 1 byte.
    for (std::uint64_t i = 0; i < most; ++i)
        EXPECT_TRUE(ranges.add(i * 10, i * 10 + (i == 10 ? 1 : 2)));
    EXPECT_EQ(ranges.pieces().size(), most);
    EXPECT_FALSE(ranges.add(most * 10, most * 10 + 2)) << "one more than fit";
    EXPECT_EQ(ranges.pieces().size(), most);
    EXPECT_EQ(ranges.covered(), most * 2) << "the smallest went";
    EXPECT_TRUE(std::ranges::none_of(ranges.pieces(), [](const Piece& piece) { return piece.begin == 100; }));
    EXPECT_TRUE(ranges.add(0, most * 10)) << "what joins needs no room";
    EXPECT_EQ(ranges.pieces().size(), 1u) << "the last piece touches";

    std::mt19937 random(5);
    std::vector<bool> bitmap(20'000);
    RangeUnion crowded;
    for (int i = 0; i < 6'000; ++i) {
        const std::uint64_t begin = random() % 19'990, end = begin + 1 + random() % 3;
        (void)crowded.add(begin, end);
        std::fill(bitmap.begin() + static_cast<std::ptrdiff_t>(begin),
                  bitmap.begin() + static_cast<std::ptrdiff_t>(end), true);
        ASSERT_LE(crowded.pieces().size(), most);
    }
    for (const Piece& piece : crowded.pieces())
        for (std::uint64_t at = piece.begin; at < piece.end; ++at)
            ASSERT_TRUE(bitmap[at]) << at << " never came";
}

TEST(RangeUnion, EncodesShortly)
{
    struct Case
    {
        RangeUnion ranges;
        std::string bytes;
    };
    for (const Case& c : {
             Case{make({}), ""},
             Case{make({{0, 1}}), std::string("\x00\x01", 2)},
             Case{make({{0, 127}}), std::string("\x00\x7f", 2)},
             Case{make({{0, 128}}), std::string("\x00\x80\x01", 3)},
             Case{make({{5, 7}, {9, 10}}), "\x05\x02\x02\x01"},
             Case{make({{0, kMost}}), std::string("\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11)},
         }) {
        EXPECT_EQ(c.ranges.encode(), c.bytes);
        const auto back = RangeUnion::decode(c.bytes);
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, c.ranges);
    }
}

TEST(RangeUnion, DecodesNothingElse)
{
    using namespace std::string_literals;
    for (const std::string& bad : {
             "\x00"s,                                         // half a piece
             "\x00\x00"s,                                     // a piece of no length
             "\x00\x01\x00\x01"s,                             // two pieces that touch
             "\x80"s,                                         // a number cut off
             "\x80\x00\x01"s,                                 // a number longer than it need be
             "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s, // beyond 64 bits
             "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, // ends beyond 64 bits
             "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
         })
        EXPECT_FALSE(RangeUnion::decode(bad)) << bad.size();
    std::string many;
    for (std::size_t i = 0; i <= RangeUnion::kMaxPieces; ++i)
        many += "\x01\x01";
    EXPECT_FALSE(RangeUnion::decode(many));
    many.resize(many.size() - 2);
    EXPECT_TRUE(RangeUnion::decode(many));
}

TEST(RangeUnion, JoinsAnother)
{
    RangeUnion ranges = make({{0, 10}, {20, 30}});
    EXPECT_TRUE(ranges.add(make({{10, 20}, {40, 50}})));
    EXPECT_EQ(ranges, make({{0, 30}, {40, 50}}));
}

} // namespace
} // namespace spillway::policy
