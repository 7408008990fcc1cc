// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headwriter.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace spillway::http {
namespace {

constexpr std::size_t kRoom = 12 * 1024 - 2; // two bytes are kept for the empty line

TEST(HeadWriter, WritesAHead)
{
    HeadWriter writer;
    writer.begin(206);
    writer.date(784111777);
    writer.field("Content-Type", "text/plain");
    writer.field("Content-Length", std::uint64_t{18446744073709551615U});
    writer.lines("A: 1\r\nB: 2\r\n");
    writer.finish();
    EXPECT_EQ(writer.text(), "HTTP/1.1 206 Partial Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                             "Content-Type: text/plain\r\nContent-Length: 18446744073709551615\r\n"
                             "A: 1\r\nB: 2\r\n\r\n");
    EXPECT_EQ(writer.text().substr(writer.dateOffset(), 29), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_FALSE(writer.overflowed());
}

TEST(HeadWriter, BeginForgetsTheHeadBefore)
{
    HeadWriter writer;
    writer.begin(200);
    writer.date(784111777);
    writer.field("X", "a\rb");
    EXPECT_TRUE(writer.overflowed());
    writer.begin(404);
    EXPECT_FALSE(writer.overflowed());
    EXPECT_EQ(writer.dateOffset(), 0u);
    EXPECT_EQ(writer.text(), "HTTP/1.1 404 Not Found\r\n");
    writer.date(784111778);
    EXPECT_EQ(writer.text().substr(writer.dateOffset(), 29), "Sun, 06 Nov 1994 08:49:38 GMT");
}

TEST(HeadWriter, TakesAHeadMadeElsewhere)
{
    HeadWriter writer;
    writer.begin(500);
    writer.take("HTTP/1.1 200 OK\r\nA: b\r\n");
    writer.lines("Connection: close\r\n");
    writer.finish();
    EXPECT_EQ(writer.text(), "HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n");
}

TEST(HeadWriter, AValueCannotSplitTheAnswer)
{
    for (const std::string_view bad :
         {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("\r\nX: 1"),
          std::string_view("a\0b", 3), std::string_view("a\r\n")}) {
        HeadWriter writer;
        writer.begin(200);
        writer.field("X", bad);
        EXPECT_TRUE(writer.overflowed());
        EXPECT_EQ(writer.text(), "HTTP/1.1 200 OK\r\n") << "left out whole";
        writer.field("Y", "fine");
        EXPECT_TRUE(writer.overflowed()) << "once lost, always told";
    }
}

TEST(HeadWriter, WhatDoesNotFitIsLeftOutWhole)
{
    const std::string_view start = "HTTP/1.1 200 OK\r\n";
    const std::size_t most = kRoom - start.size() - 5; // "X", ": ", CRLF
    for (const std::size_t size : {most - 1, most, most + 1, most + 100'000}) {
        SCOPED_TRACE(size);
        auto writer = std::make_unique<HeadWriter>();
        writer->begin(200);
        writer->field("X", std::string(size, 'v'));
        EXPECT_EQ(writer->overflowed(), size > most);
        EXPECT_EQ(writer->text().size(), size > most ? start.size() : start.size() + size + 5);
        const auto before = writer->text().size();
        writer->finish(); // there is always room for it
        EXPECT_EQ(writer->text().size(), before + 2);
        EXPECT_TRUE(writer->text().ends_with("\r\n\r\n"));
    }
}

TEST(HeadWriter, LinesAndDateKnowTheBoundToo)
{
    auto writer = std::make_unique<HeadWriter>();
    writer->take(std::string(kRoom - 37, 'x'));
    writer->date(784111777); // 37 bytes
    EXPECT_FALSE(writer->overflowed());
    EXPECT_EQ(writer->text().size(), kRoom);
    writer->lines("y");
    EXPECT_TRUE(writer->overflowed());
    writer->take(std::string(kRoom - 36, 'x'));
    EXPECT_FALSE(writer->overflowed());
    writer->date(784111777);
    EXPECT_TRUE(writer->overflowed());
    EXPECT_EQ(writer->dateOffset(), 0u);
    writer->take(std::string(kRoom + 1, 'x'));
    EXPECT_TRUE(writer->overflowed());
    EXPECT_TRUE(writer->text().empty());
}

} // namespace
} // namespace spillway::http
