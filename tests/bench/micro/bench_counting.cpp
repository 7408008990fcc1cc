// SPDX-License-Identifier: GPL-3.0-or-later
//
// What counting adds to a request of a stored link: the shortest way, and what is behind it.
#include "server/download/knownrecipients.h"
#include "server/policy/rangeunion.h"

#include <benchmark/benchmark.h>
#include <random>

using namespace spillway;
using namespace spillway::download;

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
const std::string kLink = "AbCdEfGhIjKlMnOp";
const LinkFile kFile{"", "\"1a2b3c-64\"", 100};

net::PeerAddress clientOf(int number)
{
    net::PeerAddress client;
    client.address = {0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0xff,
                      0xff,
                      10,
                      0,
                      static_cast<std::uint8_t>(number >> 8),
                      static_cast<std::uint8_t>(number)};
    return client;
}

http::RequestHead browserHead()
{
    http::RequestHead head;
    head.userAgent =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 "
        "Safari/537.36";
    head.cookie = "theme=dark; lang=en; consent=2025-10-10T13:55:36Z; visited=summer-2025";
    return head;
}

/// 1000 recipients who have the file, met by one worker.
void passing(benchmark::State& state, const http::RequestHead& head)
{
    KnownRecipients known(4096);
    const auto bounds = std::make_shared<ReceiptBounds>();
    for (int i = 0; i < 1000; ++i) {
        auto recipient = std::make_shared<Recipient>(kLink, recipientName(clientOf(i)), false, kNow, bounds);
        const policy::RangeUnion::Piece whole{0, kFile.size};
        if (!recipient->begin(kFile, kNow))
            state.SkipWithError("not followed");
        recipient->end(kFile, {&whole, 1}, kNow);
        if (known.remember(clientOf(i), recipient))
            state.SkipWithError("no room");
    }
    const policy::RecipientLife life;
    const std::uint64_t tag = kFile.tag();
    int number = 0;
    for ([[maybe_unused]] auto _ : state) {
        if (!known.passing(head, clientOf(number), life, {kLink, tag, false, kNow})) {
            state.SkipWithError("does not pass");
            break;
        }
        number = (number + 1) % 1000;
    }
}
BENCHMARK_CAPTURE(passing, bareHead, http::RequestHead{});
BENCHMARK_CAPTURE(passing, browserHead, browserHead());

void previewTable(benchmark::State& state)
{
    const http::RequestHead head = browserHead();
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(isPreviewBot(head.userAgent));
}
BENCHMARK(previewTable);

/// A transfer of a range: what a download client's part costs here.
void transfer(benchmark::State& state)
{
    const auto bounds = std::make_shared<ReceiptBounds>();
    Recipient recipient(kLink, "192.0.2.1", false, kNow, bounds);
    const LinkFile file{"", "\"1a2b3c-40000000\"", 1U << 30};
    std::uint64_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        const policy::RangeUnion::Piece piece{at, at + 1000};
        benchmark::DoNotOptimize(recipient.begin(file, kNow));
        recipient.end(file, {&piece, 1}, kNow);
        at = (at + 7919 * 1000) % (1U << 30);
    }
}
BENCHMARK(transfer);

} // namespace
