// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/units.h"
#include "ui/models/entry.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

TEST(Entry, RatesAsPeopleWriteThem)
{
    const std::pair<const char*, std::int64_t> good[] = {
        {"8 MB/s", 8'000'000},     {"8MB/s", 8'000'000},      {"8m", 8'000'000},    {" 8 ", 8'000'000},
        {"1,5 MB/s", 1'500'000},   {"512 KiB/s", 524'288},    {"2 MiB", 2'097'152}, {"100 b/s", 100},
        {"1,200 kB/s", 1'200'000}, {"1 GB/s", 1'000'000'000}, {"3 Mbps", 3'000'000}};
    for (const auto& [text, rate] : good)
        EXPECT_EQ(readRate(QString::fromUtf8(text)), rate) << text;
    for (const char* bad : {"", "fast", "-1 MB/s", "0", "8 XB/s", "8 MB/h", "1e3", "i", "8 iB"})
        EXPECT_EQ(readRate(QString::fromUtf8(bad)), std::nullopt) << bad;
}

TEST(Entry, SpansAndCountsAsPeopleWriteThem)
{
    const std::pair<const char*, std::int64_t> spans[] = {
        {"36h", 129'600},       {"7 days", 604'800}, {"7", 604'800}, {"1h30m", 5400},
        {"2 Weeks", 1'209'600}, {"0.5 h", 1800},     {"90 s", 90},   {"3天", 259'200}};
    for (const auto& [text, seconds] : spans)
        EXPECT_EQ(readSpan(QString::fromUtf8(text)), seconds) << text;
    for (const char* bad : {"", "soon", "0", "-1 h", "3 moons"})
        EXPECT_EQ(readSpan(QString::fromUtf8(bad)), std::nullopt) << bad;
    EXPECT_EQ(readCount(QStringLiteral("5")), 5);
    EXPECT_EQ(readCount(QStringLiteral("5×")), 5);
    EXPECT_EQ(readCount(QStringLiteral("1,204")), 1204);
    for (const char* bad : {"", "0", "-1", "1.5", "many"})
        EXPECT_EQ(readCount(QString::fromUtf8(bad)), std::nullopt) << bad;
    EXPECT_DOUBLE_EQ(*readEventRate(QStringLiteral("90/m")), 1.5);
    EXPECT_DOUBLE_EQ(*readEventRate(QStringLiteral("20")), 20);
    EXPECT_EQ(readList(QStringLiteral("10.0.0.0/8, ::1;\n192.168.0.1")).size(), 3);
}

TEST(Entry, WhatTheServerIsGivenReadsBackExactly)
{
    for (const std::int64_t rate : {std::int64_t{1}, std::int64_t{1000}, std::int64_t{65'537},
                                    std::int64_t{2'097'152}, std::int64_t{123'456'789}})
        EXPECT_EQ(parseRate(rateForServer(rate).toStdString())->count, rate);
    EXPECT_EQ(*parseEventRate(eventRateForServer(1.5).toStdString()), 1500);
    EXPECT_EQ(*parseEventRate(eventRateForServer(20).toStdString()), 20'000);
}

} // namespace
} // namespace spillway::ui
