// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/progress.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spillway::get {
namespace {

using namespace std::chrono_literals;

TEST(RateMeter, SteadyRateFromTheFirstSecond)
{
    RateMeter meter(3s);
    Monotonic now{};
    meter.start(now);
    EXPECT_EQ(meter.rate(now), 0);
    for (int i = 1; i <= 200; ++i) {
        now += 100ms;
        meter.add(1000, now);
        if (i >= 10) {
            EXPECT_NEAR(meter.rate(now), 10'000, 500) << i;
        }
    }
    now += 30s;
    EXPECT_LT(meter.rate(now), 10) << "nothing came for long";
    meter.start(now);
    EXPECT_EQ(meter.rate(now), 0) << "begun anew";
}

TEST(ShortBytes, ThreeDigits)
{
    const struct
    {
        double bytes;
        const char* text;
    } rows[] = {{0, "0 B"},
                {999, "999 B"},
                {1000, "0.98 KiB"},
                {1024, "1.00 KiB"},
                {10 * 1024, "10.0 KiB"},
                {100 * 1024, "100 KiB"},
                {999.4 * 1024, "999 KiB"},
                {999.6 * 1024, "0.98 MiB"},
                {1.5 * 1024 * 1024 * 1024, "1.50 GiB"},
                {9.999 * 1024, "10.0 KiB"},
                {99.96 * 1024, "100 KiB"},
                {1.8e19, "15.6 EiB"}};
    for (const auto& row : rows)
        EXPECT_EQ(shortBytes(row.bytes), row.text) << row.bytes;
}

TEST(ShortTime, Texts)
{
    const struct
    {
        std::uint64_t seconds;
        const char* text;
    } rows[] = {{0, "0:00"},         {9, "0:09"},          {59, "0:59"},       {60, "1:00"},
                {3599, "59:59"},     {3600, "1:00:00"},    {3661, "1:01:01"},  {86399, "23:59:59"},
                {86400, "1d 00:00"}, {180000, "2d 02:00"}, {90061, "1d 01:01"}};
    for (const auto& row : rows)
        EXPECT_EQ(shortTime(row.seconds), row.text) << row.seconds;
}

TEST(SecondsLeft, OnlyWhereItCanBeKnown)
{
    ProgressView view;
    view.done = 50;
    view.rate = 10;
    EXPECT_FALSE(secondsLeft(view)) << "no size";
    view.size = 100;
    EXPECT_EQ(secondsLeft(view), 5U);
    view.size = 101;
    EXPECT_EQ(secondsLeft(view), 6U) << "rounded up";
    view.size = 50;
    EXPECT_EQ(secondsLeft(view), 0U);
    view.size = 49;
    EXPECT_FALSE(secondsLeft(view)) << "more than there is";
    view.size = 100;
    for (const double rate : {0.0, -1.0, 1e-12}) {
        view.rate = rate;
        EXPECT_FALSE(secondsLeft(view)) << rate;
    }
}

std::size_t characters(const std::string& utf8)
{
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST(ProgressLine, HasWhatMatters)
{
    ProgressView view;
    view.name = "big.iso";
    view.done = 512U << 20;
    view.size = 1U << 30;
    view.rate = 64.0 * (1U << 20);
    const std::string line = progressLine(view, 100);
    EXPECT_EQ(
        line,
        "big.iso   50% [====================>                   ]  512 MiB of 1.00 GiB  64.0 MiB/s  0:08");
    view.note = "server busy";
    EXPECT_NE(progressLine(view, 100).find("server busy"), std::string::npos);
    view.note = {};
    view.size.reset();
    EXPECT_EQ(progressLine(view, 100), "big.iso    512 MiB  64.0 MiB/s");
    view.done = view.size.emplace(0);
    EXPECT_NE(progressLine(view, 100).find("0%"), std::string::npos);
}

TEST(ProgressLine, NeverWiderThanTheTerminal)
{
    ProgressView view;
    const std::string name = "ein sehr länger Name mit ümläuten und 中文字符.iso";
    view.name = name;
    view.rate = 123456789;
    for (const std::uint64_t done : {std::uint64_t(0), std::uint64_t(1) << 20, std::uint64_t(1) << 40}) {
        for (const bool sized : {false, true}) {
            view.done = done;
            view.size = sized ? std::optional<std::uint64_t>(std::uint64_t(1) << 40) : std::nullopt;
            for (std::size_t columns = 20; columns <= 200; ++columns) {
                const std::string line = progressLine(view, columns);
                ASSERT_LE(characters(line), columns) << line;
                ASSERT_EQ(line.find_first_of("\r\n"), std::string::npos);
            }
        }
    }
    EXPECT_LE(characters(progressLine(view, 0)), 20U);
}

} // namespace
} // namespace spillway::get
