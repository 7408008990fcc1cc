// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headgate.h"

#include <cctype>
#include <gtest/gtest.h>
#include <string>

using namespace spillway::http;
using Outcome = GateResult::Outcome;

namespace {

struct Parsed
{
    explicit Parsed(std::string text, HeadLimits limits = {}) : bytes(std::move(text)), gate(limits)
    {
        result = gate.parse(bytes, resumeAt, head);
    }
    std::string bytes;
    HeadGate gate;
    RequestHead head;
    std::size_t resumeAt = 0;
    GateResult result;
};

std::string get(const std::string& target, const std::string& fields = "")
{
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

} // namespace

TEST(HeadGate, BareHead)
{
    const Parsed p("GET /s/pub/a HTTP/1.1\r\nHost: x\r\n\r\nGET /next");
    ASSERT_EQ(p.result.outcome, Outcome::Accepted);
    EXPECT_EQ(p.head.method, Method::Get);
    EXPECT_EQ(p.head.methodToken, "GET");
    EXPECT_EQ(p.head.minorVersion, 1);
    EXPECT_TRUE(p.head.keepAlive);
    EXPECT_FALSE(p.head.expectContinue);
    EXPECT_FALSE(p.head.chunkedBody);
    EXPECT_FALSE(p.head.contentLength);
    EXPECT_EQ(p.head.rawTarget, "/s/pub/a");
    EXPECT_EQ(p.head.rawPath, "/s/pub/a");
    EXPECT_EQ(p.head.rawQuery.data(), nullptr);
    EXPECT_EQ(p.head.path, "/s/pub/a");
    EXPECT_EQ(p.head.path.data(), p.bytes.data() + 4) << "nothing to decode, nothing copied";
    EXPECT_EQ(p.head.host, "x");
    EXPECT_EQ(p.head.range.data(), nullptr);
    ASSERT_EQ(p.head.fields.size(), 1U);
    EXPECT_EQ(p.head.fields[0].name, "Host");
    EXPECT_EQ(p.head.size, p.bytes.find("GET /next"));
    EXPECT_EQ(p.resumeAt, 0U);
}

TEST(HeadGate, Methods)
{
    const struct
    {
        const char* token;
        Method method;
    } rows[] = {{"GET", Method::Get},        {"HEAD", Method::Head}, {"OPTIONS", Method::Options},
                {"POST", Method::Post},      {"PUT", Method::Put},   {"PATCH", Method::Patch},
                {"DELETE", Method::Delete},  {"get", Method::Other}, {"TRACE", Method::Other},
                {"PROPFIND", Method::Other}, {"GETS", Method::Other}};
    for (const auto& row : rows) {
        const Parsed p(std::string(row.token) + " / HTTP/1.1\r\nHost: x\r\n\r\n");
        ASSERT_EQ(p.result.outcome, Outcome::Accepted) << row.token;
        EXPECT_EQ(p.head.method, row.method) << row.token;
        EXPECT_EQ(p.head.methodToken, row.token);
    }
}

TEST(HeadGate, Targets)
{
    const struct
    {
        const char* target;
        const char* rawTarget;
        const char* rawPath;
        const char* rawQuery; // null: none
        const char* path;
        const char* host;
    } rows[] = {
        {"/", "/", "/", nullptr, "/", "x"},
        {"/a?", "/a?", "/a", "", "/a", "x"},
        {"/a?b=c?d", "/a?b=c?d", "/a", "b=c?d", "/a", "x"},
        {"/a%20b%C3%A4?%20", "/a%20b%C3%A4?%20", "/a%20b%C3%A4", "%20", "/a b\xc3\xa4", "x"},
        {"/%252e", "/%252e", "/%252e", nullptr, "/%2e", "x"},
        {"/a+b", "/a+b", "/a+b", nullptr, "/a+b", "x"},
        {"http://h:81/p%41?q", "/p%41?q", "/p%41", "q", "/pA", "h:81"},
        {"https://h", "/", "/", nullptr, "/", "h"},
        {"HTTP://h?q=/x", "/?q=/x", "/", "q=/x", "/", "h"},
        {"http://[::1]:8080/", "/", "/", nullptr, "/", "[::1]:8080"},
    };
    for (const auto& row : rows) {
        const Parsed p(get(row.target));
        ASSERT_EQ(p.result.outcome, Outcome::Accepted) << row.target;
        EXPECT_EQ(p.head.rawTarget, row.rawTarget);
        EXPECT_EQ(p.head.rawPath, row.rawPath) << row.target;
        EXPECT_EQ(p.head.rawQuery.data() == nullptr, row.rawQuery == nullptr) << row.target;
        EXPECT_EQ(p.head.rawQuery, row.rawQuery == nullptr ? "" : row.rawQuery);
        EXPECT_EQ(p.head.path, row.path);
        EXPECT_EQ(p.head.host, row.host);
    }
}

TEST(HeadGate, OptionsStar)
{
    const Parsed p("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_EQ(p.result.outcome, Outcome::Accepted);
    EXPECT_EQ(p.head.rawTarget, "*");
    EXPECT_EQ(p.head.path, "*");
}

TEST(HeadGate, KnownFields)
{
    const struct
    {
        const char* name;
        std::string_view RequestHead::*view;
    } rows[] = {
        {"Range", &RequestHead::range},
        {"If-Range", &RequestHead::ifRange},
        {"If-Match", &RequestHead::ifMatch},
        {"If-None-Match", &RequestHead::ifNoneMatch},
        {"If-Modified-Since", &RequestHead::ifModifiedSince},
        {"If-Unmodified-Since", &RequestHead::ifUnmodifiedSince},
        {"Authorization", &RequestHead::authorization},
        {"Cookie", &RequestHead::cookie},
        {"Accept", &RequestHead::accept},
        {"Accept-Language", &RequestHead::acceptLanguage},
        {"Accept-Encoding", &RequestHead::acceptEncoding},
        {"User-Agent", &RequestHead::userAgent},
        {"Referer", &RequestHead::referer},
        {"Origin", &RequestHead::origin},
        {"Sec-Fetch-Dest", &RequestHead::secFetchDest},
        {"Content-Type", &RequestHead::contentType},
        {"Forwarded", &RequestHead::forwarded},
        {"X-Forwarded-For", &RequestHead::xForwardedFor},
        {"X-Forwarded-Proto", &RequestHead::xForwardedProto},
        {"traceparent", &RequestHead::traceparent},
        {"Want-Repr-Digest", &RequestHead::wantReprDigest},
    };
    for (const auto& row : rows) {
        std::string upper = row.name;
        std::string lower = row.name;
        for (char& c : upper)
            c = static_cast<char>(std::toupper(c));
        for (char& c : lower)
            c = static_cast<char>(std::tolower(c));
        for (const std::string& name : {std::string(row.name), upper, lower}) {
            const Parsed p(get("/", name + ": \t v w \t\r\n"));
            ASSERT_EQ(p.result.outcome, Outcome::Accepted) << name;
            EXPECT_EQ(p.head.*row.view, "v w") << name;
        }
        // Near misses: one character off at each place, and one more.
        for (std::size_t i = 0; i < lower.size(); ++i) {
            std::string near = lower;
            near[i] = near[i] == '~' ? '!' : '~';
            const Parsed p(get("/", near + ": v\r\n"));
            ASSERT_EQ(p.result.outcome, Outcome::Accepted) << near;
            EXPECT_EQ((p.head.*row.view).data(), nullptr) << near;
        }
        const Parsed more(get("/", lower + "s: v\r\n"));
        EXPECT_EQ((more.head.*row.view).data(), nullptr) << lower;
    }
}

TEST(HeadGate, EmptyFieldIsThereAndEmpty)
{
    const Parsed p(get("/", "Accept:\r\nRange: \r\n"));
    ASSERT_EQ(p.result.outcome, Outcome::Accepted);
    EXPECT_NE(p.head.accept.data(), nullptr);
    EXPECT_EQ(p.head.accept, "");
    EXPECT_NE(p.head.range.data(), nullptr);
    EXPECT_EQ(p.head.range, "");
}

TEST(HeadGate, ListsAreJoined)
{
    const Parsed p(
        get("/", "Accept: a/b\r\nCookie: a=1\r\nX-Forwarded-For: 1.1.1.1\r\naccept: c/d\r\nCOOKIE: b=2\r\n"
                 "x-forwarded-for:\r\nAccept: e/f\r\nX-Forwarded-For: 2.2.2.2\r\nIf-None-Match: \"a\"\r\n"
                 "If-None-Match: \"b\"\r\nUser-Agent: one\r\nUser-Agent: two\r\n"));
    ASSERT_EQ(p.result.outcome, Outcome::Accepted);
    EXPECT_EQ(p.head.accept, "a/b, c/d, e/f");
    EXPECT_EQ(p.head.cookie, "a=1; b=2");
    EXPECT_EQ(p.head.xForwardedFor, "1.1.1.1, 2.2.2.2");
    EXPECT_EQ(p.head.ifNoneMatch, "\"a\", \"b\"");
    EXPECT_EQ(p.head.userAgent, "one");
    EXPECT_EQ(p.head.fields.size(), 13U);
}

TEST(HeadGate, JoinedListsOfTheLargestHeadFit)
{
    std::string fields;
    while (fields.size() < 98 * 160)
        fields += "Accept: " + std::string(150, 'a') + "\r\n";
    const Parsed p(get("/", fields));
    ASSERT_EQ(p.result.outcome, Outcome::Accepted);
    EXPECT_EQ(p.head.accept.size(), 98 * 150 + 97 * 2U);
}

TEST(HeadGate, KeepAlive)
{
    const struct
    {
        const char* version;
        const char* connection;
        bool keepAlive;
    } rows[] = {
        {"1.1", "", true},
        {"1.1", "Connection: close\r\n", false},
        {"1.1", "Connection: CLOSE\r\n", false},
        {"1.1", "Connection: te ,close\r\n", false},
        {"1.1", "Connection: ,, close,\r\n", false},
        {"1.1", "Connection: closed\r\n", true},
        {"1.1", "Connection: keep-alive\r\n", true},
        {"1.1", "Connection: keep-alive\r\nConnection: close\r\n", false},
        {"1.1", "Connection: upgrade\r\n", true},
        {"1.0", "", false},
        {"1.0", "Connection: keep-alive\r\n", true},
        {"1.0", "Connection: Keep-Alive, x\r\n", true},
        {"1.0", "Connection: keep-alive, close\r\n", false},
        {"1.0", "Connection: close\r\n", false},
    };
    for (const auto& row : rows) {
        const Parsed p("GET / HTTP/" + std::string(row.version) + "\r\nHost: x\r\n" + row.connection +
                       "\r\n");
        ASSERT_EQ(p.result.outcome, Outcome::Accepted) << row.connection;
        EXPECT_EQ(p.head.keepAlive, row.keepAlive) << row.version << " " << row.connection;
    }
}

TEST(HeadGate, Body)
{
    const Parsed length("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0012\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_EQ(length.result.outcome, Outcome::Accepted);
    EXPECT_EQ(length.head.contentLength, 12U);
    EXPECT_TRUE(length.head.expectContinue);
    const Parsed chunked("PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n");
    ASSERT_EQ(chunked.result.outcome, Outcome::Accepted);
    EXPECT_TRUE(chunked.head.chunkedBody);
    EXPECT_FALSE(chunked.head.contentLength);
    const Parsed old("PUT /a HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_EQ(old.result.outcome, Outcome::Accepted);
    EXPECT_FALSE(old.head.expectContinue);
}

TEST(HeadGate, LimitsOfOneByteMoreOrLess)
{
    const std::string head = get("/12345", "A: b\r\n");
    EXPECT_EQ(Parsed(head, {.headBytes = head.size()}).result.outcome, Outcome::Accepted);
    EXPECT_EQ(Parsed(head, {.headBytes = head.size() - 1}).result.status, 431);
    EXPECT_EQ(Parsed("\r\n" + head, {.headBytes = head.size()}).result.outcome, Outcome::Accepted);
    EXPECT_EQ(Parsed(head, {.targetBytes = 6}).result.outcome, Outcome::Accepted);
    EXPECT_EQ(Parsed(head, {.targetBytes = 5}).result.status, 414);
    EXPECT_EQ(Parsed(head, {.fields = 2}).result.outcome, Outcome::Accepted);
    EXPECT_EQ(Parsed(head, {.fields = 1}).result.status, 431);
}

TEST(HeadGate, EveryByteAtEveryPlaceOfAValue)
{
    // Values are scanned eight bytes at a time: each byte must be judged wherever it falls.
    for (int c = 0; c < 256; ++c)
        for (std::size_t at = 0; at < 20; ++at) {
            std::string value(21, 'v');
            value[at] = static_cast<char>(c);
            value[20] = '~';
            const Parsed p(get("/", "A: " + value + "\r\n"));
            const bool good = c == '\t' || (c >= 0x20 && c != 0x7f);
            ASSERT_EQ(p.result.status, good ? 0 : 400) << c << " at " << at;
            if (good && (at > 0 || (c != ' ' && c != '\t'))) {
                ASSERT_EQ(p.head.fields[1].value, value) << c << " at " << at;
            }
        }
}

TEST(HeadGate, EveryByteInANameAndInATarget)
{
    const std::string marks = "!#$%&'*+-.^_`|~"; // RFC 9110 §5.6.2
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        const bool alnum = i < 128 && std::isalnum(i) != 0;
        const bool token = alnum || (i != 0 && marks.find(c) != std::string::npos);
        EXPECT_EQ(Parsed(get("/", std::string("A") + c + "B: v\r\n")).result.status,
                  token || c == ':' ? 0 : 400)
            << i;
        EXPECT_EQ(Parsed(std::string("G") + c + "T / HTTP/1.1\r\nHost: x\r\n\r\n").result.status,
                  token ? 0 : 400)
            << i;
        const bool raw = i > 0x20 && i < 0x7f && c != '#';
        const bool path = raw && c != '\\' && c != '%';
        EXPECT_EQ(Parsed(get(std::string("/a") + c + "b")).result.status, path ? 0 : 400) << i;
        EXPECT_EQ(Parsed(get(std::string("/a?") + c + "b")).result.status, raw ? 0 : 400) << i;
    }
}

TEST(HeadGate, CuttingDoesNotChangeWhichLimitIsHit)
{
    // Every length of request line and field around small limits, fed whole and byte by byte.
    for (std::size_t headBytes : {2U, 3U, 40U, 60U, 80U, 120U})
        for (std::size_t target = 1; target < 90; ++target)
            for (std::size_t value : {0U, 1U, 20U, 60U})
                for (const char* before : {"", "\r\n"}) {
                    const HeadLimits limits{.headBytes = headBytes, .targetBytes = 20, .fields = 2};
                    const std::string bytes = before + get("/" + std::string(target - 1, 'a'),
                                                           "A: " + std::string(value, 'v') + "\r\n");
                    const Parsed whole(bytes, limits);
                    HeadGate gate(limits);
                    RequestHead head;
                    std::size_t resumeAt = 0;
                    GateResult result;
                    for (std::size_t size = 1; size <= bytes.size() && result.outcome == Outcome::NeedMore;
                         ++size)
                        result = gate.parse(std::string_view(bytes).substr(0, size), resumeAt, head);
                    ASSERT_NE(result.outcome, Outcome::NeedMore) << bytes;
                    ASSERT_EQ(result.status, whole.result.status) << headBytes << " " << bytes;
                }
}

TEST(HeadGate, ScratchIsFreshForTheNextHead)
{
    HeadGate gate;
    RequestHead head;
    std::size_t resumeAt = 0;
    const std::string first =
        get("/%41?x", "Accept: a\r\nAccept: b\r\nRange: bytes=0-1\r\nCookie: secret\r\n");
    ASSERT_EQ(gate.parse(first, resumeAt, head).outcome, Outcome::Accepted);
    const std::string second = get("/b");
    ASSERT_EQ(gate.parse(second, resumeAt, head).outcome, Outcome::Accepted);
    EXPECT_EQ(head.path, "/b");
    EXPECT_EQ(head.rawQuery.data(), nullptr);
    EXPECT_EQ(head.accept.data(), nullptr);
    EXPECT_EQ(head.range.data(), nullptr);
    EXPECT_EQ(head.cookie.data(), nullptr);
    EXPECT_EQ(head.fields.size(), 1U);
}

TEST(HeadGate, RefusesBeforeTheLineIsComplete)
{
    EXPECT_EQ(Parsed("\x16").result.status, 400);
    EXPECT_EQ(Parsed("GE\x01").result.status, 400);
    EXPECT_EQ(Parsed("{\"a\"").result.status, 400);
    EXPECT_EQ(Parsed(std::string(33, 'A')).result.status, 501);
    EXPECT_EQ(Parsed(std::string(32, 'A')).result.outcome, Outcome::NeedMore);
    EXPECT_EQ(Parsed("GET /" + std::string(8300, 'a')).result.status, 414);
    EXPECT_EQ(Parsed("GET /").result.outcome, Outcome::NeedMore);
    EXPECT_EQ(Parsed("").result.outcome, Outcome::NeedMore);
}
