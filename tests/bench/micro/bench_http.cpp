// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headgate.h"

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

} // namespace

BENCHMARK_CAPTURE(parseHead, bare, bareHead());
BENCHMARK_CAPTURE(parseHead, browser, browserHead());
