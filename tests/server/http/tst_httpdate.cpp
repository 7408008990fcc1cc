// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/httpdate.h"

#include <gtest/gtest.h>
#include <limits>
#include <string>

using namespace spillway::http;

namespace {

constexpr std::int64_t kExample = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 §5.6.7)
constexpr std::int64_t kNow2026 = 1795500000; // 24 Nov 2026

std::string format(std::int64_t seconds)
{
    char out[kHttpDateBytes];
    formatHttpDate(seconds, out);
    return {out, sizeof out};
}

} // namespace

TEST(HttpDate, Formats)
{
    EXPECT_EQ(format(kExample), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(format(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
    EXPECT_EQ(format(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(format(4102444800), "Fri, 01 Jan 2100 00:00:00 GMT");
    EXPECT_EQ(format(253402300799), "Fri, 31 Dec 9999 23:59:59 GMT");
    EXPECT_EQ(format(253402300800), "Fri, 31 Dec 9999 23:59:59 GMT");
    EXPECT_EQ(format(std::numeric_limits<std::int64_t>::max()), "Fri, 31 Dec 9999 23:59:59 GMT");
    EXPECT_EQ(format(std::numeric_limits<std::int64_t>::min()), "Sat, 01 Jan 0000 00:00:00 GMT");
}

TEST(HttpDate, ReadsAllThreeForms)
{
    EXPECT_EQ(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT", kNow2026), kExample);
    EXPECT_EQ(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", kNow2026), kExample);
    EXPECT_EQ(parseHttpDate("Sun Nov  6 08:49:37 1994", kNow2026), kExample);
    EXPECT_EQ(parseHttpDate("Wed Nov 16 08:49:37 1994", kNow2026), kExample + 10 * 86400);
}

TEST(HttpDate, WhatIsWrittenIsReadBack)
{
    for (std::int64_t t = -62135596800; t < 253402300799; t += 86400 * 37 + 3607)
        ASSERT_EQ(parseHttpDate(format(t), kNow2026), t);
}

TEST(HttpDate, TwoDigitYears)
{
    const struct
    {
        const char* text;
        const char* means;
    } rows[] = {
        {"Friday, 01-Jan-27 00:00:00 GMT", "Fri, 01 Jan 2027 00:00:00 GMT"},
        {"Wednesday, 01-Jan-76 00:00:00 GMT", "Wed, 01 Jan 2076 00:00:00 GMT"}, // 50 years ahead
        {"Saturday, 01-Jan-77 00:00:00 GMT", "Sat, 01 Jan 1977 00:00:00 GMT"},  // 51: the most recent past
        {"Friday, 01-Jan-99 00:00:00 GMT", "Fri, 01 Jan 1999 00:00:00 GMT"},
        {"Saturday, 01-Jan-00 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(format(parseHttpDate(row.text, kNow2026).value_or(0)), row.means) << row.text;
    EXPECT_EQ(parseHttpDate("Friday, 01-Jan-10 00:00:00 GMT", kExample), 1262304000)
        << "seen from 1994: 2010";
}

TEST(HttpDate, WhatIsNoDateIsNone)
{
    for (const char* text : {"",
                             "x",
                             "784111777",
                             "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, 06 Nov 1994 08:49:37 GMT ",
                             " Sun, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMTx",
                             "sun, 06 nov 1994 08:49:37 gmt",
                             "Xyz, 06 Nov 1994 08:49:37 GMT",
                             "Sun, 06 Nox 1994 08:49:37 GMT",
                             "Sun, 6 Nov 1994 08:49:37 GMT",
                             "Sun, 00 Nov 1994 08:49:37 GMT",
                             "Thu, 31 Nov 1994 08:49:37 GMT",
                             "Tue, 29 Feb 2023 08:49:37 GMT",
                             "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:60:00 GMT",
                             "Sun, 06 Nov 1994 08:49:61 GMT",
                             "Sun, 06 Nov 94 08:49:37 GMT",
                             "Sun, 06  Nov 1994 08:49:37 GMT",
                             "Sun, -6 Nov 1994 08:49:37 GMT",
                             "Sunday, 06-Nov-1994 08:49:37 GMT",
                             "Someday, 06-Nov-94 08:49:37 GMT",
                             "Sunday, 06 Nov 94 08:49:37 GMT",
                             "Sun Nov 6 08:49:37 1994",
                             "Sun Nov  6 08:49:37 1994 GMT",
                             "Sun Nov   08:49:37 1994",
                             ","})
        EXPECT_EQ(parseHttpDate(text, kNow2026), std::nullopt) << text;
    EXPECT_EQ(parseHttpDate("Sun, 06 Nov 1994 08:49:60 GMT", kNow2026), kExample + 23)
        << "a leap second is allowed";
}
