// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/accept.h"
#include "server/http/disposition.h"
#include "server/http/multipart.h"
#include "server/http/query.h"
#include "server/http/status.h"
#include "server/http/utf8.h"

#include <array>
#include <gtest/gtest.h>
#include <vector>

using namespace spillway::http;

TEST(Disposition, Names)
{
    const struct
    {
        const char* name;
        const char* value; // after "attachment; "
    } rows[] = {
        {"report.pdf", "filename=\"report.pdf\""},
        {"a b;c,d=e.txt", "filename=\"a b;c,d=e.txt\""},
        {"say \"hi\".txt", "filename=\"say \\\"hi\\\".txt\"; filename*=UTF-8''say%20%22hi%22.txt"},
        {"100%.txt", "filename=\"100%.txt\"; filename*=UTF-8''100%25.txt"},
        {"\xc3\xa4\xe4\xbd\xa0.txt", "filename=\"__.txt\"; filename*=UTF-8''%C3%A4%E4%BD%A0.txt"},
        {"\xf0\x9f\x90\x9f", "filename=\"_\"; filename*=UTF-8''%F0%9F%90%9F"},
        {"b\xe4r.txt", "filename=\"b_r.txt\"; filename*=UTF-8''b%25E4r.txt"},
        {"a/../b\\c", "filename=\"a_.._b_c\""},
        {"a\r\nSet-Cookie: x", "filename=\"a__Set-Cookie: x\""},
        {"a\tb\x7f", "filename=\"a_b_\""},
        {"a\xc2\x85"
         "b",
         "filename=\"a_b\""},
        {"photo\xe2\x80\xaegpj.exe", "filename=\"photo_gpj.exe\""},
        {"", "filename=\"download\""},
        {".", "filename=\"download\""},
        {"..", "filename=\"download\""},
        {"...", "filename=\"...\""},
        {".bashrc", "filename=\".bashrc\""},
        {"a'b*c.txt", "filename=\"a'b*c.txt\""},
        {"\xc3\xa4'*(", "filename=\"_'*(\"; filename*=UTF-8''%C3%A4%27%2A%28"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(contentDisposition(Disposition::Attachment, row.name),
                  "attachment; " + std::string(row.value));
        EXPECT_EQ(contentDisposition(Disposition::Inline, row.name), "inline; " + std::string(row.value));
    }
    for (const char* mark :
         {"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa",
          "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xc2\x80", "\xc2\x9f", "\x1f"})
        EXPECT_EQ(contentDisposition(Disposition::Inline, std::string("a") + mark + "b"),
                  "inline; filename=\"a_b\"");
    EXPECT_EQ(contentDisposition(Disposition::Inline, std::string_view("a\0b", 3)),
              "inline; filename=\"a_b\"");
}

TEST(Query, SplitsWithoutDecoding)
{
    std::vector<std::string> seen;
    for (const QueryParameter& p : Query("a=1&&b&c=&=d&e=f=g&%41=%20+&"))
        seen.push_back(std::string(p.rawName) + (p.rawValue.data() == nullptr ? "!" : "=") +
                       std::string(p.rawValue));
    EXPECT_EQ(seen, (std::vector<std::string>{"a=1", "b!", "c=", "=d", "e=f=g", "%41=%20+"}));
    EXPECT_EQ(Query(std::string_view()).begin(), Query(std::string_view()).end());
    EXPECT_EQ(Query("&&&").begin(), Query("&&&").end());
}

TEST(Query, FindsByDecodedName)
{
    const Query query("k=1&%6b=2&K=3&s=a%2Bb+c%20d&bad=%zz&%z=1&x-ip=1&flag&x");
    EXPECT_EQ(query.count("k"), 2U);
    EXPECT_EQ(query.count("K"), 1U);
    EXPECT_EQ(query.count("none"), 0U);
    EXPECT_EQ(query.find("k")->value(), "1");
    EXPECT_EQ(query.find("s")->value(), "a+b+c d") << "a plus is a plus";
    EXPECT_EQ(query.find("bad")->value(), std::nullopt);
    EXPECT_EQ(query.find("flag")->value(), "");
    EXPECT_EQ(query.find("flag")->rawValue.data(), nullptr);
    EXPECT_FALSE(query.find("none"));
    EXPECT_TRUE(query.contains("x"));
    EXPECT_FALSE(query.contains("x-"));
    std::size_t constraints = 0;
    for (const QueryParameter& p : query)
        constraints += p.nameStartsWith("x-") ? 1U : 0U;
    EXPECT_EQ(constraints, 1U);
    EXPECT_EQ(Query("%78-a=1").begin()->name(), "x-a");
}

TEST(Query, CountIsBounded)
{
    const auto many = [](std::size_t count) {
        std::string raw;
        for (std::size_t i = 0; i < count; ++i)
            raw += "a&";
        return raw;
    };
    EXPECT_FALSE(Query(many(99)).tooMany());
    EXPECT_FALSE(Query(many(100)).tooMany());
    EXPECT_TRUE(Query(many(101)).tooMany());
    EXPECT_EQ(Query(many(100)).count("a"), 100U);
    EXPECT_EQ(Query(many(101)).count("a"), 100U);
    EXPECT_FALSE(Query(many(100) + "&&&").tooMany());
}

TEST(Query, PercentDecode)
{
    std::string out;
    EXPECT_TRUE(percentDecode("%41%62%63%2f%00%fF", out));
    EXPECT_EQ(out, std::string("Abc/\0\xff", 6));
    for (const char* bad : {"%", "%4", "a%4", "%g0", "%0g", "%%41", "%+1"})
        EXPECT_FALSE(percentDecode(bad, out)) << bad;
}

TEST(Accept, NamesAndWeights)
{
    const char* browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    EXPECT_TRUE(acceptNames(browser, "text/html"));
    EXPECT_TRUE(acceptNames("image/png, TEXT/HTML;level=1 ; q=0.1", "text/html"));
    for (const char* text : {"", "*/*", "text/*", "text/html;q=0", "text/html; q=0.000", "text/htmlx",
                             "x;a=\",text/html\"", "text/html;q=x"})
        EXPECT_FALSE(acceptNames(text, "text/html")) << text;
    EXPECT_FALSE(acceptNames(std::string_view(), "text/html"));

    // RFC 9110 §12.5.1: the nearest range decides
    const char* rfc = "text/*;q=0.3, text/plain;q=0.7, text/html;level=1, */*;q=0.5";
    EXPECT_EQ(acceptWeight(rfc, "text/plain"), 700);
    EXPECT_EQ(acceptWeight(rfc, "text/html"), 1000);
    EXPECT_EQ(acceptWeight(rfc, "text/css"), 300);
    EXPECT_EQ(acceptWeight(rfc, "image/jpeg"), 500);
    EXPECT_EQ(acceptWeight("text/html", "image/png"), 0);
    EXPECT_EQ(acceptWeight(std::string_view(), "image/png"), 1000);
    EXPECT_EQ(acceptWeight("", "image/png"), 0);
    const struct
    {
        const char* q;
        int weight;
    } weights[] = {{"0", 0},     {"1", 1000},     {"0.", 0},    {"0.5", 500},  {"0.05", 50},
                   {"0.005", 5}, {"1.000", 1000}, {"1.001", 0}, {"0.0005", 0}, {"2", 0},
                   {"", 0},      {"-1", 0},       {".5", 0},    {"0,5", 0}};
    for (const auto& row : weights)
        EXPECT_EQ(acceptWeight("a/b;q=" + std::string(row.q), "a/b"), row.weight) << row.q;
}

TEST(Accept, PreferredType)
{
    const std::array<std::string_view, 3> offered{"text/html", "application/x-ndjson", "application/json"};
    const struct
    {
        const char* accept;
        int chosen; // -1: none
    } rows[] = {
        {"application/x-ndjson", 1},
        {"application/json, application/x-ndjson", 1}, // of equals the one offered first
        {"application/json, application/x-ndjson;q=0.9", 2},
        {"*/*", 0},
        {"application/*, text/html;q=0.5", 1},
        {"image/png", -1},
        {"text/html;q=0, */*", 1},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 0},
    };
    for (const auto& row : rows) {
        const auto chosen = preferredType(row.accept, offered);
        EXPECT_EQ(chosen ? static_cast<int>(*chosen) : -1, row.chosen) << row.accept;
    }
    EXPECT_EQ(preferredType(std::string_view(), offered), 0U);
}

TEST(Accept, PreferredLanguage)
{
    const std::array<std::string_view, 3> offered{"en", "zh-cn", "de"};
    const struct
    {
        const char* accept;
        int chosen;
    } rows[] = {
        {"zh-CN,zh;q=0.9,en;q=0.8", 1},
        {"zh", 1},
        {"zh-TW,zh;q=0.9,en;q=0.8", 1},
        {"zh-TW", -1},
        {"en-GB", 0},
        {"en-GB;q=0.9, de", 2},
        {"fr, *;q=0.1", 0},
        {"fr", -1},
        {"en;q=0, *", 1},
        {"en-GB, en;q=0.1, de;q=0.5", 2}, // "en" itself is named, with 0.1
        {"DE", 2},
        {"den", -1},
        {"", -1},
    };
    for (const auto& row : rows) {
        const auto chosen = preferredLanguage(row.accept, offered);
        EXPECT_EQ(chosen ? static_cast<int>(*chosen) : -1, row.chosen) << row.accept;
    }
    EXPECT_EQ(preferredLanguage(std::string_view(), offered), 0U);
    EXPECT_EQ(preferredLanguage(std::string_view(), {}), std::nullopt);
}

TEST(Multipart, ExactBytes)
{
    const MultipartForm form{"B", "text/plain", 10};
    const std::array<ByteRange, 2> ranges{{{0, 1}, {4, 9}}};
    const std::string bytes = "abcdefghij";
    std::string body;
    for (const ByteRange& range : ranges) {
        body += partHead(form, range, body.empty() ? Part::First : Part::Later);
        body += bytes.substr(range.first, range.length());
    }
    body += closingDelimiter("B");
    EXPECT_EQ(body, "--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\nab"
                    "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-9/10\r\n\r\nefghij"
                    "\r\n--B--\r\n");
    EXPECT_EQ(multipartLength(form, ranges), body.size());
    EXPECT_EQ(multipartContentType("B"), "multipart/byteranges; boundary=B");
    EXPECT_EQ(contentRange({4, 9}, 10), "bytes 4-9/10");
    EXPECT_EQ(unsatisfiedContentRange(10), "bytes */10");
}

TEST(Multipart, LengthIsThatOfTheTexts)
{
    const std::uint64_t most = 9223372036854775807U;
    for (std::string_view type : {"", "application/octet-stream"})
        for (std::uint64_t size : {std::uint64_t{10}, std::uint64_t{100}, std::uint64_t{1000000}, most}) {
            const MultipartForm form{"0123456789abcdef", type, size};
            const std::array<ByteRange, 4> ranges{
                {{0, 0}, {9, 9}, {size - 1, size - 1}, {size / 2, size / 2 + 1}}};
            std::uint64_t length = closingDelimiter(form.boundary).size();
            Part part = Part::First;
            for (const ByteRange& range : ranges) {
                length += partHead(form, range, part).size() + range.length();
                part = Part::Later;
            }
            EXPECT_EQ(multipartLength(form, ranges), length) << size;
        }
}

TEST(Status, ReasonsAndProblems)
{
    EXPECT_STREQ(reasonPhrase(206), "Partial Content");
    EXPECT_STREQ(reasonPhrase(431), "Request Header Fields Too Large");
    EXPECT_STREQ(reasonPhrase(999), "Unknown");
    for (int code : {200, 206, 303, 304, 308, 400, 401, 403, 404, 405, 408, 412,
                     413, 414, 416, 417, 421, 429, 431, 500, 501, 503, 505})
        EXPECT_STRNE(reasonPhrase(code), "Unknown") << code;
    EXPECT_EQ(problemJson(404, "There is no \"a\".\n", "7f"),
              "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
              "\"detail\":\"There is no \\\"a\\\".\\n\",\"id\":\"7f\"}\n");
    EXPECT_EQ(problemJson(403, "", "x"),
              "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"id\":\"x\"}\n");
}

TEST(Utf8, JsonStrings)
{
    const struct
    {
        std::string_view text;
        const char* json;
    } rows[] = {
        {"", "\"\""},
        {"a\"\\/b", "\"a\\\"\\\\/b\""},
        {std::string_view("\0\x01\x1f\x7f", 4), "\"\\u0000\\u0001\\u001f\\u007f\""},
        {"\t\r\n", "\"\\t\\r\\n\""},
        {"</script>&", "\"\\u003c/script\\u003e\\u0026\""},
        {"\xc3\xa4\xf0\x9f\x90\x9f", "\"\xc3\xa4\xf0\x9f\x90\x9f\""},
        {"\xe4z", "\"\xef\xbf\xbdz\""},
        {"\xe2\x80\xa8", "\"\\u2028\""},
    };
    for (const auto& row : rows) {
        std::string out;
        appendJsonString(out, row.text);
        EXPECT_EQ(out, row.json);
    }
}

TEST(Utf8, Validity)
{
    for (std::string_view good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                  "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(isUtf8(good)) << good;
    for (std::string_view bad :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2z", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
        EXPECT_FALSE(isUtf8(bad)) << bad;
}
