// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/output.h"
#include "app/commands/qrcode.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spillway::app {
namespace {

TEST(Output, ColumnsAlignByCharacters)
{
    EXPECT_EQ(table({"NAME", "PATH"}, {{"a", "/x"}, {"äöü", "/y"}, {"中文名称长", "/z"}}),
              "NAME   PATH\n"
              "a      /x\n"
              "äöü    /y\n"
              "中文名称长  /z\n");
    EXPECT_EQ(table({"A", "B"}, {{"x", ""}}), "A  B\nx\n") << "no blanks at a line's end";
}

TEST(Output, NothingWritesToTheTerminal)
{
    const struct
    {
        const char *text, *printed;
    } rows[] = {{"plain", "plain"},
                {"\033]0;title\007", "?]0;title?"},
                {"two\nlines", "two?lines"},
                {"c1 \xC2\x9B"
                 "31m",
                 "c1 ?31m"},
                {"bad \xFF", "bad \xEF\xBF\xBD"}};
    for (const auto& row : rows)
        EXPECT_EQ(printable(row.text), row.printed);
}

TEST(QrCode, IsASquareOfHalfBlocks)
{
    const auto picture = terminalQrCode("http://192.168.1.5:8080/d/abc");
    ASSERT_TRUE(picture);
    const auto lines = std::count(picture->begin(), picture->end(), '\n');
    EXPECT_GE(lines, (21 + 8 + 1) / 2) << "version 1 with its quiet zone, at least";
    EXPECT_NE(picture->find("█"), std::string::npos);
    EXPECT_TRUE(picture->ends_with("\033[0m\n")) << "colours are put back";
    EXPECT_TRUE(terminalQrCode(std::string(2953, 'x'))) << "the most that version 40-L holds";
    EXPECT_EQ(terminalQrCode(std::string(2954, 'x')).error().code, ErrorCode::InvalidArgument);
}

} // namespace
} // namespace spillway::app
