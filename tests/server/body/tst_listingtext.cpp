// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/listingtext.h"

#include <algorithm>
#include <climits>
#include <gtest/gtest.h>
#include <vector>

namespace spillway::body {

namespace {

using namespace std::string_literals;

template<class Value>
std::string with(void (*append)(std::string&, Value), std::type_identity_t<Value> value)
{
    std::string out = "+";
    append(out, value);
    return out.substr(1);
}

TEST(ListingText, Rfc3339)
{
    constexpr std::int64_t second = 1'000'000'000;
    struct Row
    {
        std::int64_t nanoseconds;
        const char* expected;
    };
    for (const Row& row : {Row{0, "1970-01-01T00:00:00Z"}, Row{-1, "1969-12-31T23:59:59Z"},
                           Row{second - 1, "1970-01-01T00:00:00Z"}, Row{second, "1970-01-01T00:00:01Z"},
                           Row{951'782'400 * second, "2000-02-29T00:00:00Z"},
                           Row{1'795'498'425 * second, "2026-11-24T05:33:45Z"},
                           Row{INT64_MAX, "2262-04-11T23:47:16Z"}, Row{INT64_MIN, "1677-09-21T00:12:43Z"}})
        EXPECT_EQ(with(appendRfc3339, row.nanoseconds), row.expected);
}

TEST(ListingText, Html)
{
    struct Row
    {
        std::string text;
        const char* expected;
    };
    for (const Row& row :
         {Row{"plain ü 日", "plain ü 日"}, Row{"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
          Row{"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},
          Row{"\x01\n\x7f", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, Row{"\0"s, "\xef\xbf\xbd"},
          Row{"\xc2\x85", "\xef\xbf\xbd"}, Row{"", ""},
          // What would turn the text around it, or end its line: RLO, RLI, PDI, LINE SEPARATOR.
          Row{"\u202egpj.exe", "\xef\xbf\xbdgpj.exe"}, Row{"\u2067\u2069", "\xef\xbf\xbd\xef\xbf\xbd"},
          Row{"\u2028", "\xef\xbf\xbd"}, Row{"א\u200f!", "א\u200f!"}})
        EXPECT_EQ(with(appendHtml, row.text), row.expected);
}

TEST(ListingText, PathSegment)
{
    EXPECT_EQ(with(appendPathSegment, "aZ0-._~"), "aZ0-._~");
    EXPECT_EQ(with(appendPathSegment, "a b?c#d%e&f:g/h\"<>"), "a%20b%3Fc%23d%25e%26f%3Ag%2Fh%22%3C%3E");
    EXPECT_EQ(with(appendPathSegment, "\xff\x01ü"), "%FF%01%C3%BC");
}

TEST(ListingText, Base64)
{
    struct Row
    {
        const char* bytes;
        const char* expected;
    };
    for (const Row& row : {Row{"", ""}, Row{"f", "Zg=="}, Row{"fo", "Zm8="}, Row{"foo", "Zm9v"},
                           Row{"foob", "Zm9vYg=="}, Row{"\xff\xfe\xfd", "//79"}, Row{"\xfb\xf0", "+/A="}})
        EXPECT_EQ(with(appendBase64, row.bytes), row.expected);
}

TEST(ListingText, Sizes)
{
    struct Row
    {
        std::uint64_t bytes;
        const char* expected;
    };
    for (const Row& row :
         {Row{0, "0 B"}, Row{1023, "1023 B"}, Row{1024, "1.0 KiB"}, Row{1025, "1.0 KiB"},
          Row{1536, "1.5 KiB"}, Row{10 * 1024 - 1, "9.9 KiB"}, Row{10 * 1024, "10 KiB"},
          Row{1024 * 1024 - 1, "1023 KiB"}, Row{1024 * 1024, "1.0 MiB"}, Row{UINT64_MAX, "15 EiB"}})
        EXPECT_EQ(sizeText(row.bytes), row.expected);
}

TEST(ListingText, NaturalOrder)
{
    const std::vector<std::string> sorted{"",   "0",  "00",  "01",   "1",     "2", "10",  "A", "a", "a1",
                                          "a2", "A3", "a10", "a10b", "a010c", "B", "b c", "z", "Ä", "\xff"};
    for (std::size_t i = 0; i < sorted.size(); ++i)
        for (std::size_t j = 0; j < sorted.size(); ++j)
            EXPECT_EQ(naturalLess(sorted[i], sorted[j]), i < j) << sorted[i] << " < " << sorted[j];
    const std::string big(100, '9');
    EXPECT_TRUE(naturalLess(big, "1" + std::string(100, '0')));
}

} // namespace

} // namespace spillway::body
