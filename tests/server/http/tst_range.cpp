// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/range.h"

#include <gmock/gmock.h>
#include <string>

using namespace spillway::http;

namespace {

/// "whole", "416", or the ranges: "0-1,4-9".
std::string ask(std::string_view field, std::uint64_t size)
{
    const RangeSet set = parseRange(field, size);
    if (set.outcome() == RangeSet::Outcome::Whole)
        return "whole";
    if (set.outcome() == RangeSet::Outcome::Unsatisfiable)
        return "416";
    std::string text;
    for (const ByteRange& range : set.ranges()) {
        text += text.empty() ? "" : ",";
        text += std::to_string(range.first) + "-" + std::to_string(range.last);
    }
    return text;
}

struct Row
{
    const char* field;
    std::uint64_t size;
    const char* answer;
    const char* why;
};

void check(std::span<const Row> rows)
{
    for (const Row& row : rows)
        EXPECT_EQ(ask(row.field, row.size), row.answer) << row.field << " of " << row.size << ": " << row.why;
}

} // namespace

TEST(Range, AbsentIsWhole)
{
    EXPECT_EQ(ask(std::string_view(), 100), "whole");
}

TEST(Range, TheExamplesOfTheRfc)
{
    const Row rows[] = {
        {"bytes=0-499", 10000, "0-499", "RFC 9110 §14.1.2: the first 500 bytes"},
        {"bytes=500-999", 10000, "500-999", "§14.1.2: the second 500 bytes"},
        {"bytes=-500", 10000, "9500-9999", "§14.1.2: the final 500 bytes"},
        {"bytes=9500-", 10000, "9500-9999", "§14.1.2: the final 500 bytes"},
        {"bytes=0-0,-1", 10000, "0-0,9999-9999", "§14.1.2: the first and last bytes only"},
        {"bytes= 0-999, 4500-5499, -1000", 10000, "0-999,4500-5499,9000-9999", "§14.1.2: with blanks"},
        {"bytes=500-600,601-999", 10000, "500-999", "§14.1.2: two ways to say the second 500"},
        {"bytes=500-700,601-999", 10000, "500-999", "§14.1.2: the same, overlapping"},
    };
    check(rows);
}

TEST(Range, Satisfiability)
{
    const Row rows[] = {
        {"bytes=0-", 10, "0-9", "all of it is still a 206"},
        {"bytes=9-", 10, "9-9", "last byte"},
        {"bytes=10-", 10, "416", "§14.1.2: first-pos at the length"},
        {"bytes=11-20", 10, "416", "beyond"},
        {"bytes=0-8", 10, "0-8", "n-1"},
        {"bytes=0-9", 10, "0-9", "n"},
        {"bytes=0-10", 10, "0-9", "§14.1.2: last-pos beyond the end is cut"},
        {"bytes=-9", 10, "1-9", "n-1"},
        {"bytes=-10", 10, "0-9", "n"},
        {"bytes=-11", 10, "0-9", "§14.1.2: a suffix longer than the representation"},
        {"bytes=-0", 10, "416", "§14.1.2: a suffix of nothing is not satisfiable"},
        {"bytes=-0,0-0", 10, "0-0", "one of them is"},
        {"bytes=20-30,40-", 10, "416", "none of them is"},
        {"bytes=20-30,5-6", 10, "5-6", "those that are not are passed over"},
        {"bytes=0-0", 1, "0-0", "one byte"},
    };
    check(rows);
}

TEST(Range, NumbersSaturate)
{
    const Row rows[] = {
        {"bytes=0-18446744073709551615", 10, "0-9", "2^64-1"},
        {"bytes=0-18446744073709551616", 10, "0-9", "2^64"},
        {"bytes=0-99999999999999999999999999999999", 10, "0-9", "far more"},
        {"bytes=18446744073709551617-", 10, "416", "must not wrap to 1"},
        {"bytes=18446744073709551617-18446744073709551618", 10, "416", "both saturate"},
        {"bytes=-18446744073709551617", 10, "0-9", "must not wrap to 1"},
        {"bytes=18446744073709551614-", 18446744073709551615U, "18446744073709551614-18446744073709551614",
         "the end"},
        {"bytes=00000000000000000000000000000001-2", 10, "1-2", "leading zeros"},
    };
    check(rows);
}

TEST(Range, EmptyRepresentation)
{
    const Row rows[] = {
        {"bytes=0-", 0, "whole", "no Content-Range can say it"},
        {"bytes=0-0", 0, "whole", "same"},
        {"bytes=-1", 0, "whole", "satisfiable by §14.1.2, and still nothing to send"},
        {"bytes=x", 0, "whole", "malformed"},
    };
    check(rows);
}

TEST(Range, MalformedIsIgnored)
{
    const Row rows[] = {
        {"", 10, "whole", "§14.2: a recipient may ignore it"},
        {"bytes", 10, "whole", "no ="},
        {"bytes=", 10, "whole", "1#range-spec"},
        {"bytes=,", 10, "whole", "no member"},
        {"bytes=-", 10, "whole", "neither end"},
        {"bytes=5-4", 10, "whole", "§14.1.1: last before first is invalid"},
        {"bytes=0-1,5-4", 10, "whole", "one invalid member makes the set invalid"},
        {"bytes=0-1x", 10, "whole", "rubbish behind"},
        {"bytes=x0-1", 10, "whole", "rubbish before"},
        {"bytes=0--1", 10, "whole", "two signs"},
        {"bytes=--1", 10, "whole", "two signs"},
        {"bytes=+1-2", 10, "whole", "a sign"},
        {"bytes=0 - 1", 10, "whole", "blanks inside"},
        {"bytes =0-1", 10, "whole", "blank before ="},
        {"bytes=1", 10, "whole", "no -"},
        {"bytes=0x1-2", 10, "whole", "hexadecimal"},
        {"items=0-1", 10, "whole", "§14.2: an unknown unit MUST be ignored"},
        {"bytess=0-1", 10, "whole", "another unit"},
        {"BYTES=0-1", 10, "0-1", "§14.1: units have no case"},
        {"bytes=,0-1 ,\t, 4-4,", 10, "0-4", "§5.6.1.2: empty members"},
    };
    check(rows);
}

TEST(Range, CoalescingByGap)
{
    const Row rows[] = {
        {"bytes=0-9,10-19", 1000, "0-19", "adjacent"},
        {"bytes=0-9,89-99", 1000, "0-99", "a gap of 79 is smaller than a part head"},
        {"bytes=0-9,90-99", 1000, "0-9,90-99", "a gap of 80 is not"},
        {"bytes=0-9,91-99", 1000, "0-9,91-99", "nor is 81"},
        {"bytes=90-99,0-9", 1000, "90-99,0-9", "§15.3.7.2: the order of the request"},
        {"bytes=500-509,0-9,510-519", 1000, "500-519,0-9", "merged where the first of them stood"},
        {"bytes=0-9,500-509,300-309,0-600", 1000, "0-600", "one that bridges all"},
        {"bytes=0-9,200-209,100-110", 1000, "0-9,200-209,100-110", "gaps of 90 and 89"},
        {"bytes=0-9,160-169,85-90", 1000, "0-169", "one that bridges two by gaps"},
        {"bytes=0-0,0-0", 1000, "0-0", "the same twice"},
        {"bytes=300-309,0-9,100-109,90-299", 1000, "90-309,0-9",
         "overlaps one, touches one, 80 from the third"},
    };
    check(rows);
}

TEST(Range, TooMuchTroubleIsWhole)
{
    const auto apart = [](std::size_t count) {
        std::string field = "bytes=";
        for (std::size_t i = 0; i < count; ++i)
            field += (i == 0 ? "" : ",") + std::to_string(i * 1000) + "-" + std::to_string(i * 1000 + 9);
        return field;
    };
    EXPECT_EQ(parseRange(apart(63), 1000000).ranges().size(), 63U);
    EXPECT_EQ(parseRange(apart(64), 1000000).ranges().size(), 64U);
    EXPECT_EQ(ask(apart(65), 1000000), "whole") << "more than 64 parts";

    const auto adjacent = [](std::size_t count) {
        std::string field = "bytes=";
        for (std::size_t i = 0; i < count; ++i)
            field += (i == 0 ? "" : ",") + std::to_string(i) + "-" + std::to_string(i);
        return field;
    };
    EXPECT_EQ(ask(adjacent(255), 1000), "0-254");
    EXPECT_EQ(ask(adjacent(256), 1000), "0-255");
    EXPECT_EQ(ask(adjacent(257), 1000), "whole") << "too many members, though they would coalesce";

    EXPECT_EQ(ask("bytes=0-,0-", 10), "0-9");
    EXPECT_EQ(ask("bytes=0-,0-,0-", 10), "0-9") << "two that overlap others";
    EXPECT_EQ(ask("bytes=0-,0-,0-,0-", 10), "whole") << "RFC 9110 §17.15: more than two";
    std::string unsatisfiable = "bytes=10-";
    for (int i = 0; i < 255; ++i)
        unsatisfiable += ",10-";
    EXPECT_EQ(ask(unsatisfiable, 10), "416");
    EXPECT_EQ(ask(unsatisfiable + ",10-", 10), "whole");
}

TEST(Range, TotalLength)
{
    EXPECT_EQ(parseRange("bytes=0-9,500-599", 1000).totalLength(), 110U);
    EXPECT_EQ(parseRange("bytes=0-0", 1).totalLength(), 1U);
}
