// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/units.h"

#include <gtest/gtest.h>
#include <limits>

using namespace spillway;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST(EventRate, ReadsAndWrites)
{
    for (const auto& [text, milli, shown] : {std::tuple{"20/s", 20'000LL, "20/s"},
                                             {"0.5/s", 500LL, "0.5/s"},
                                             {"90/m", 1500LL, "1.5/s"},
                                             {"100/h", 28LL, "0.028/s"},
                                             {"3.6/h", 1LL, "0.001/s"},
                                             {"1000000000/s", 1'000'000'000'000LL, "1000000000/s"}}) {
        const auto rate = parseEventRate(text);
        ASSERT_TRUE(rate) << text;
        EXPECT_EQ(*rate, milli) << text;
        EXPECT_EQ(formatEventRate(*rate), shown);
        EXPECT_EQ(parseEventRate(shown).value_or(0), *rate);
    }
    for (const char* text : {"", "20", "/s", "20/", "20/d", "-1/s", "0/s", "1/sec", "x/s", "1e3/s", "20 /s",
                             "2/h", "1000000001/s", "nan/s", "inf/s"})
        EXPECT_FALSE(parseEventRate(text)) << text;
}

TEST(Units, Sizes)
{
    const struct
    {
        const char* text;
        std::int64_t bytes;
    } rows[] = {
        {"0", 0},
        {"512", 512},
        {"512B", 512},
        {"1kB", 1000},
        {"1KB", 1000},
        {"64KiB", 65536},
        {"2MiB", 2097152},
        {"2MB", 2000000},
        {"1GB", 1000000000},
        {"1GiB", 1073741824},
        {"1TB", 1000000000000},
        {"1TiB", 1099511627776},
        {"1.5GiB", 1610612736},
        {"0.5KiB", 512},
        {"9223372036854775807", kMost},
        {"8388607TiB", 8388607LL << 40},
    };
    for (const auto& row : rows) {
        const auto value = parseBytes(row.text);
        ASSERT_TRUE(value) << row.text;
        EXPECT_EQ(value->count, row.bytes) << row.text;
    }
}

TEST(Units, BadSizes)
{
    for (const char* text : {"",
                             " ",
                             "x",
                             "-1",
                             "+1",
                             "1 KiB",
                             " 1",
                             "1 ",
                             "KiB",
                             "B",
                             "1.5",
                             "1.",
                             "1.GiB",
                             ".5GiB",
                             "1e3",
                             "1e3KiB",
                             "0x10",
                             "64kib",
                             "64kiB",
                             "64Kib",
                             "1KiBB",
                             "1PiB",
                             "1,5GiB",
                             "nanKiB",
                             "infKiB",
                             "-0.5KiB",
                             "9223372036854775808",
                             "8388608TiB",
                             "99999999999999999999TiB",
                             "8388608.5TiB"}) {
        const auto value = parseBytes(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument) << text;
    }
}

TEST(Units, Rates)
{
    EXPECT_EQ(parseRate("2MiB/s")->count, 2097152);
    EXPECT_EQ(parseRate("100/s")->count, 100);
    EXPECT_EQ(parseRate("0")->count, 0);
    EXPECT_EQ(parseRate("0/s")->count, 0);
    for (const char* text : {"", "2MiB", "1", "/s", "2MiB/m", "2MiB /s", "-1/s", "2MiB/s ", "00"}) {
        const auto value = parseRate(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument) << text;
    }
}

TEST(Units, Durations)
{
    const struct
    {
        const char* text;
        std::int64_t ms;
    } rows[] = {
        {"0", 0},
        {"0s", 0},
        {"250ms", 250},
        {"90s", 90'000},
        {"15m", 900'000},
        {"12h", 43'200'000},
        {"7d", 604'800'000},
        {"1h30m", 5'400'000},
        {"1d2h3m4s5ms", 93'784'005},
        {"9223372036854775807ms", kMost},
        {"9223372036854775s807ms", kMost},
    };
    for (const auto& row : rows) {
        const auto value = parseDuration(row.text);
        ASSERT_TRUE(value) << row.text;
        EXPECT_EQ(value->count(), row.ms) << row.text;
    }
}

TEST(Units, BadDurations)
{
    for (const char* text :
         {"", "1", "s", "-1s", "+1s", "1.5h", "1h 30m", " 1s", "1s ", "30m1h", "1h1h", "1w", "1S", "1sec",
          "1h30", "9223372036854775808ms", "9223372036854775s808ms", "106751991168d", "1s-1ms"}) {
        const auto value = parseDuration(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument) << text;
    }
}

TEST(Units, FormatsTheShortestText)
{
    const struct
    {
        std::int64_t bytes;
        const char* text;
    } rows[] = {
        {0, "0"},         {1, "1B"},         {999, "999B"},           {1000, "1kB"},
        {1023, "1023B"},  {1024, "1KiB"},    {65536, "64KiB"},        {65537, "65537B"},
        {1000000, "1MB"}, {1048576, "1MiB"}, {1610612736, "1536MiB"}, {kMost, "9223372036854775807B"}};
    for (const auto& row : rows)
        EXPECT_EQ(formatBytes(Bytes{row.bytes}), row.text);
    EXPECT_EQ(formatRate(BytesPerSecond{0}), "0");
    EXPECT_EQ(formatRate(BytesPerSecond{2097152}), "2MiB/s");
    EXPECT_EQ(formatDuration(milliseconds(0)), "0");
    EXPECT_EQ(formatDuration(milliseconds(5'400'000)), "1h30m");
    EXPECT_EQ(formatDuration(milliseconds(90'000)), "1m30s");
    EXPECT_EQ(formatDuration(milliseconds(250)), "250ms");
}

TEST(Units, WhatIsFormattedIsReadBack)
{
    for (std::int64_t step = 1; step < kMost / 7000; step *= 7)
        for (std::int64_t value : {step - 1, step, step + 1, step * 1000, step / 1024 * 1024}) {
            EXPECT_EQ(parseBytes(formatBytes(Bytes{value}))->count, value);
            EXPECT_EQ(parseRate(formatRate(BytesPerSecond{value}))->count, value);
            EXPECT_EQ(parseDuration(formatDuration(milliseconds(value)))->count(), value);
        }
}

TEST(Units, Literals)
{
    EXPECT_EQ((3_KiB).count, 3072);
    EXPECT_EQ((1_GiB).count, 1073741824);
    EXPECT_LT(1_KiB, 1_MiB);
    EXPECT_EQ(1024_B, 1_KiB);
}
