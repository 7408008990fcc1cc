// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/escape.h"

#include <gtest/gtest.h>

namespace spillway::observe {
namespace {

using namespace std::string_literals;

std::string json(std::string_view text)
{
    std::string out;
    appendJsonEscaped(out, text);
    return out;
}

std::string log(std::string_view text)
{
    std::string out;
    appendLogEscaped(out, text);
    return out;
}

TEST(Escape, Json)
{
    struct Case
    {
        std::string in, out;
    };
    const Case cases[] = {
        {"", ""},
        {"plain /a?b=c", "plain /a?b=c"},
        {"a\"b\\c", "a\\\"b\\\\c"},
        {"a\nb\r\t\0c"s, "a\\u000ab\\u000d\\u0009\\u0000c"},
        {"\x1b[31m", "\\u001b[31m"},
        {"\x7f", "\\u007f"},
        {"naïve 文件 😀", "naïve 文件 😀"},
        {"\xc2\x9b"s, "\\u009b"},       // CSI as a C1 control: a terminal obeys it
        {"\xc2\xa0"s, "\xc2\xa0"s},     // one past the last C1 control
        {"\xe2\x80\xa8", "\\u2028"},    // ends a line for JavaScript
        {"\xff\xfe", "\\ufffd\\ufffd"}, // never in UTF-8
        {"\xc0\xaf", "\\ufffd\\ufffd"}, // overlong "/"
        {"\xe0\x80\xaf", "\\ufffd\\ufffd\\ufffd"},
        {"\xf0\x80\x80\xaf", "\\ufffd\\ufffd\\ufffd\\ufffd"},
        {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},            // a surrogate
        {"\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"}, // past U+10FFFF
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},             // U+10FFFF
        {"\xe6\x96", "\\ufffd\\ufffd"},                       // cut short, as bounds do
        {"\x80", "\\ufffd"},                                  // a continuation alone
        {"\xc3(", "\\ufffd("},                                // the byte after a bad start is looked at again
        {"\xc3\"", "\\ufffd\\\""},
    };
    for (const Case& c : cases)
        EXPECT_EQ(json(c.in), c.out);
}

TEST(Escape, LogLineIsPrintableAscii)
{
    struct Case
    {
        std::string in, out;
    };
    const Case cases[] = {
        {"", ""},
        {"/a?b=c d~", "/a?b=c d~"},
        {"a\"b\\c", "a\\x22b\\x5Cc"},
        {"a\r\nb\0c"s, "a\\x0D\\x0Ab\\x00c"},
        {"\x7f\x80\xff", "\\x7F\\x80\\xFF"},
        {"文", "\\xE6\\x96\\x87"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(log(c.in), c.out);
    for (int byte = 0; byte < 256; ++byte)
        for (const char c : log(std::string(1, static_cast<char>(byte)))) {
            EXPECT_GE(c, ' ') << byte;
            EXPECT_LT(c, 0x7f) << byte;
            EXPECT_NE(c, '"') << byte;
        }
}

TEST(Escape, EveryByteAtEveryPlaceOfALongText)
{
    // Plain text is copied in words: each byte is tried at each place of a word, and after one that is
    // escaped.
    for (int byte = 0; byte < 256; ++byte)
        for (std::size_t place = 0; place < 24; ++place) {
            std::string text(24, 'p');
            text[place] = static_cast<char>(byte);
            const std::string one = log(std::string(1, static_cast<char>(byte)));
            std::string expected(24, 'p');
            expected.replace(place, 1, one);
            ASSERT_EQ(log(text), expected) << byte << " at " << place;
            text[0] = '\x01';
            if (place > 0) {
                expected.replace(0, 1, "\\x01");
                ASSERT_EQ(log(text), expected) << byte << " at " << place;
            }
        }
}

TEST(Escape, JsonStringHasQuotes)
{
    std::string out = "x:";
    appendJsonString(out, "a\"");
    EXPECT_EQ(out, "x:\"a\\\"\"");
}

} // namespace
} // namespace spillway::observe
