// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/folderlisting.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

TEST(ListingLine, Good)
{
    auto entry =
        parseListingLine(R"({"name":"a.iso","type":"file","size":1024,"mtime":"2026-11-24T05:33:45Z"})");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->path, "a.iso");
    EXPECT_FALSE(entry->folder);
    EXPECT_EQ(entry->size, 1024U);
    EXPECT_EQ(entry->modified, 1795498425);
    entry = parseListingLine(R"({"name":"b","path":"sub/b","type":"dir","mtime":"2026-11-24T05:33:45Z"})");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->path, "sub/b");
    EXPECT_TRUE(entry->folder);
    entry = parseListingLine(
        R"({"name":"x\ufffd","name_bytes":"eP8=","path":"d/x\ufffd","path_bytes":"ZC94/w==","type":"file","size":0})");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->path, "d/x\xff") << "the exact bytes";
    EXPECT_FALSE(entry->modified);
}

TEST(ListingLine, Bad)
{
    for (const char* line :
         {"", "{}", "[]", "{\"name\":\"a\"}", R"({"name":"a","type":"file"})",
          R"({"name":"a","type":"file","size":-1})", R"({"name":"a","type":"socket","size":1})",
          R"({"name":"..","type":"dir"})", R"({"name":"a","path":"../a","type":"file","size":1})",
          R"({"name":"a","path":"/etc/a","type":"file","size":1})",
          R"({"name":"a","path":"","type":"file","size":1})",
          R"({"name":"a","path_bytes":"Li4=","path":"a","type":"dir"})",
          R"({"name":5,"type":"file","size":1})", R"({"name":"a","type":"file","size":1)"})
        EXPECT_FALSE(parseListingLine(line)) << line;
}

AnswerHead ndjson()
{
    AnswerHead head;
    head.status = 200;
    head.contentType = "application/x-ndjson";
    return head;
}

TEST(ListingReader, LinesInAnyPieces)
{
    const std::string text = "{\"name\":\"a\",\"type\":\"file\",\"size\":1}\n"
                             "{\"name\":\"b\",\"type\":\"dir\"}\n"
                             "{\"name\":\"..\",\"type\":\"dir\"}\n";
    const SystemClock clock;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        ListingReader reader(clock);
        ASSERT_TRUE(reader.onHead(ndjson()));
        ASSERT_TRUE(reader.onBody(std::string_view(text).substr(0, cut)));
        ASSERT_TRUE(reader.onBody(std::string_view(text).substr(cut)));
        EXPECT_FALSE(reader.over());
        reader.onEnd({RequestEnd::Cause::Whole, {}});
        EXPECT_TRUE(reader.over());
        EXPECT_FALSE(reader.problem());
        EXPECT_EQ(reader.entries().size(), 2U);
        EXPECT_EQ(reader.skipped(), 1U);
    }
}

TEST(ListingReader, CutOrStrangeIsNotWhole)
{
    const SystemClock clock;
    ListingReader cut(clock);
    ASSERT_TRUE(cut.onHead(ndjson()));
    cut.onEnd({RequestEnd::Cause::Cut, "gone"});
    EXPECT_EQ(cut.problem(), "gone");
    ListingReader half(clock);
    ASSERT_TRUE(half.onHead(ndjson()));
    ASSERT_TRUE(half.onBody("{\"name\":"));
    half.onEnd({RequestEnd::Cause::Whole, {}});
    EXPECT_TRUE(half.problem());
    AnswerHead other = ndjson();
    other.contentType = "text/html";
    ListingReader page(clock);
    EXPECT_FALSE(page.onHead(other));
    EXPECT_FALSE(page.verdict().again) << "it stays a page";
    EXPECT_TRUE(cut.verdict().again);
    other = ndjson();
    other.status = 403;
    ListingReader refused(clock);
    EXPECT_FALSE(refused.onHead(other));
    EXPECT_EQ(refused.verdict().kind, FailureKind::Refused);
    ListingReader endless(clock);
    ASSERT_TRUE(endless.onHead(ndjson()));
    EXPECT_TRUE(endless.onBody(std::string(ListingReader::kMostLine, 'x')));
    EXPECT_FALSE(endless.onBody("x"));
    EXPECT_TRUE(endless.problem());
}

} // namespace
} // namespace spillway::get
