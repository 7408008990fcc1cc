// SPDX-License-Identifier: GPL-3.0-or-later
//
// What limits cost a request, and a piece of a paced download.
#include "server/policy/limittree.h"

#include <benchmark/benchmark.h>

using namespace spillway;
using namespace spillway::policy;

namespace {

const SystemClock kClock;

std::shared_ptr<const LimitSet> someLimits()
{
    auto set = std::make_shared<LimitSet>();
    LimitFields fields;
    fields.milliRequests = 1'000'000'000'000;
    fields.burst = 1'000'000'000;
    set->setDefault(LimitLevel::Ip, fields);
    LimitFields bandwidth;
    bandwidth.bandwidth = BytesPerSecond{1LL << 40};
    set->setDefault(LimitLevel::Server, bandwidth);
    return set;
}

/// The whole of it for a keep-alive client under a limit for its address.
void takeRequest(benchmark::State& state)
{
    RequestRate rate;
    rate.set(1'000'000'000'000, 1'000'000'000);
    const Monotonic now = kClock.monotonic();
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(rate.take(now));
}
BENCHMARK(takeRequest);

/// Once a connection: finding the address among `range` others.
void findClient(benchmark::State& state)
{
    LimitTree tree(1 << 20, kClock);
    const auto set = someLimits();
    tree.apply(set);
    const std::int64_t count = state.range(0);
    for (std::int64_t i = 0; i < count; ++i)
        (void)tree.find(*set, LimitLevel::Ip, SubjectKey::number(i));
    std::int64_t i = 0;
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(tree.find(*set, LimitLevel::Ip, SubjectKey::number(i)));
        i = i + 7919 < count ? i + 7919 : i + 7919 - count;
    }
}
BENCHMARK(findClient)->Arg(10'000)->Arg(1'000'000);

void takePiece(benchmark::State& state)
{
    LimitTree tree(1024, kClock);
    const auto set = someLimits();
    tree.apply(set);
    LimitPath path;
    path[indexOf(LimitLevel::Server)] = tree.find(*set, LimitLevel::Server, {});
    Admission transfer(path, {});
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(transfer.take(1, kClock.monotonic()));
}
BENCHMARK(takePiece);

} // namespace
