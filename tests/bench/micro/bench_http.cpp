// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/conditional.h"
#include "server/http/headgate.h"
#include "server/http/httpdate.h"
#include "server/http/range.h"
#include "server/observe/redact.h"

#include <benchmark/benchmark.h>
#include <string>

using namespace spillway::http;

namespace {

const std::string& bareHead()
{
    static const std::string head = "GET /s/pub/a HTTP/1.1\r\nHost: x\r\n\r\n";
    return head;
}

/// What Chrome sends for a page: 700 bytes, 15 fields.
const std::string& browserHead()
{
    static const std::string head =
        "GET /s/pub/pictures/IMG_0001.jpg HTTP/1.1\r\n"
        "Host: files.example.com:8080\r\n"
        "Connection: keep-alive\r\n"
        "sec-ch-ua: \"Chromium\";v=\"118\", \"Google Chrome\";v=\"118\", \"Not=A?Brand\";v=\"99\"\r\n"
        "sec-ch-ua-mobile: ?0\r\n"
        "sec-ch-ua-platform: \"Linux\"\r\n"
        "Upgrade-Insecure-Requests: 1\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0.0.0 "
        "Safari/537.36\r\n"
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
        "Sec-Fetch-Site: none\r\n"
        "Sec-Fetch-Mode: navigate\r\n"
        "Sec-Fetch-User: ?1\r\n"
        "Sec-Fetch-Dest: document\r\n"
        "Accept-Encoding: gzip, deflate, br\r\n"
        "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
        "Cookie: spillway=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; lang=en\r\n"
        "\r\n";
    return head;
}

void parseHead(benchmark::State& state, const std::string& bytes)
{
    HeadGate gate;
    RequestHead head;
    std::size_t resumeAt = 0;
    for ([[maybe_unused]] auto _ : state) {
        const GateResult result = gate.parse(bytes, resumeAt, head);
        if (result.outcome != GateResult::Outcome::Accepted) {
            state.SkipWithError("the head was refused");
            break;
        }
        benchmark::DoNotOptimize(head.path.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(bytes.size()));
}

/// A head that arrives in pieces of this many bytes.
void trickleHead(benchmark::State& state)
{
    HeadGate gate;
    RequestHead head;
    const std::string& bytes = browserHead();
    const auto step = static_cast<std::size_t>(state.range(0));
    for ([[maybe_unused]] auto _ : state) {
        std::size_t resumeAt = 0;
        GateResult result;
        for (std::size_t end = step; result.outcome == GateResult::Outcome::NeedMore; end += step)
            result = gate.parse(std::string_view(bytes).substr(0, end), resumeAt, head);
        benchmark::DoNotOptimize(result.outcome);
    }
}

void parseRangeField(benchmark::State& state, const std::string& field)
{
    for ([[maybe_unused]] auto _ : state) {
        const RangeSet set = parseRange(field, 1 << 30);
        benchmark::DoNotOptimize(set.ranges().data());
    }
}

/// The most that one request can make the range parser do: parts kept apart, then members that each meet all
/// of them.
std::string worstRanges()
{
    std::string field = "bytes=";
    for (int i = 0; i < 60; ++i)
        field += std::to_string(i * 1000) + "-" + std::to_string(i * 1000) + ",";
    for (int i = 0; i < 196; ++i)
        field += std::to_string(59001 + i) + "-" + std::to_string(59001 + i) + ",";
    return field;
}

void formatDate(benchmark::State& state)
{
    std::int64_t now = 1'795'500'000;
    char out[kHttpDateBytes];
    for ([[maybe_unused]] auto _ : state) {
        formatHttpDate(now++, out);
        benchmark::DoNotOptimize(out);
    }
}

void ifNoneMatch(benchmark::State& state)
{
    RequestHead head;
    head.method = Method::Get;
    head.ifNoneMatch = "\"5f3c-1a2b3c4d5e6f7081\"";
    const Validators validators{{"\"5f3c-1a2b3c4d5e6f7081\"", false}, 1'795'000'000};
    for ([[maybe_unused]] auto _ : state) {
        Precondition answer = evaluate(head, validators, 1'795'500'000);
        benchmark::DoNotOptimize(answer);
    }
}

void redact(benchmark::State& state, const std::string& text)
{
    std::string out;
    for ([[maybe_unused]] auto _ : state) {
        out.clear();
        spillway::observe::redactTarget(text, out);
        benchmark::DoNotOptimize(out.data());
    }
}

} // namespace

BENCHMARK_CAPTURE(redact, plain, std::string("/s/pub/pictures/IMG_0001.jpg"));
BENCHMARK_CAPTURE(redact, link,
                  std::string("/d/AbCdEfGhIjKlMnOp/report.pdf?k=k1k1k1&"
                              "s=qvDlj-hcNfOUdhxBBVIJamuPZMbKAmCeHMQ-JkGtMQM"));
BENCHMARK_CAPTURE(redact, userAgent,
                  std::string("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                              "Chrome/118.0.0.0 Safari/537.36"));
BENCHMARK_CAPTURE(parseHead, bare, bareHead());
BENCHMARK_CAPTURE(parseHead, browser, browserHead());
BENCHMARK(trickleHead)->Arg(1)->Arg(64)->ArgName("bytes");
BENCHMARK_CAPTURE(parseRangeField, one, std::string("bytes=0-1048575"));
BENCHMARK_CAPTURE(parseRangeField, three, std::string("bytes=0-99,1000-1099,-100"));
BENCHMARK_CAPTURE(parseRangeField, worst, worstRanges());
BENCHMARK(formatDate);
BENCHMARK(ifNoneMatch);
