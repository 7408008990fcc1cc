// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/history.h"

namespace spillway::engine {

using contract::HistorySample;
using contract::HistorySpan;

namespace {

double milliseconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

/// What happened from one reading to a later one; the means are for the caller.
HistorySample between(const HistoryReading& from, const HistoryReading& to)
{
    HistorySample sample;
    const double seconds = std::chrono::duration<double>(to.at - from.at).count();
    if (seconds <= 0)
        return sample;
    const auto rate = [seconds](std::uint64_t before, std::uint64_t after) {
        return after > before ? static_cast<double>(after - before) / seconds : 0.0;
    };
    sample.sentRate = rate(from.sentBytes, to.sentBytes);
    sample.receivedRate = rate(from.receivedBytes, to.receivedBytes);
    sample.okRate = rate(from.byClass[0], to.byClass[0]);
    sample.redirectRate = rate(from.byClass[1], to.byClass[1]);
    sample.clientErrorRate = rate(from.byClass[2], to.byClass[2]);
    sample.serverErrorRate = rate(from.byClass[3], to.byClass[3]);
    if (to.cacheAsked > from.cacheAsked)
        sample.cacheHitRatio = static_cast<double>(to.cacheHits - from.cacheHits) /
                               static_cast<double>(to.cacheAsked - from.cacheAsked);
    const observe::HistogramSnapshot duration = to.duration.since(from.duration);
    sample.p50Ms = milliseconds(duration.quantile(0.50));
    sample.p95Ms = milliseconds(duration.quantile(0.95));
    sample.p99Ms = milliseconds(duration.quantile(0.99));
    return sample;
}

} // namespace

HistoryReading HistoryReading::of(const observe::MetricsSnapshot& metrics, std::int64_t connections,
                                  std::int64_t transfers)
{
    using observe::Counter;
    HistoryReading reading;
    reading.at = metrics.at;
    reading.wallMs = std::chrono::floor<std::chrono::milliseconds>(metrics.wall).time_since_epoch().count();
    reading.sentBytes = metrics[Counter::SentBytes];
    reading.receivedBytes = metrics[Counter::ReceivedBytes];
    for (unsigned i = 0; i < reading.byClass.size(); ++i)
        reading.byClass[i] = metrics.requestsOfClass(i + 2);
    reading.cacheHits = metrics[Counter::FileCacheHit];
    reading.cacheAsked =
        reading.cacheHits + metrics[Counter::FileCacheMiss] + metrics[Counter::FileCacheRevalidate];
    reading.connections = connections;
    reading.transfers = transfers;
    reading.duration = metrics.duration;
    return reading;
}

void History::Ring::push(const HistorySample& sample)
{
    while (count > 0 && fromNewest(0).atMs >= sample.atMs) {
        next = (next + samples.size() - 1) % samples.size();
        --count;
    }
    samples[next] = sample;
    next = (next + 1) % samples.size();
    count = std::min(count + 1, samples.size());
}

const HistorySample& History::Ring::fromNewest(std::size_t back) const
{
    return samples[(next + samples.size() - 1 - back) % samples.size()];
}

History::History()
{
    for (std::size_t i = 0; i < rings_.size(); ++i)
        rings_[i].samples.resize(contract::kHistoryShapes[i].capacity());
}

void History::add(const HistoryReading& reading)
{
    for (std::size_t i = 0; i < rings_.size(); ++i)
        feed(rings_[i], contract::kHistoryShapes[i].step.count(), reading);
    last_ = reading;
}

void History::feed(Ring& ring, std::int64_t stepMs, const HistoryReading& reading)
{
    const std::int64_t step = reading.wallMs / stepMs;
    const bool begins = !ring.begin || step != ring.begin->wallMs / stepMs;
    if (ring.begin) {
        ring.connections += static_cast<double>(reading.connections);
        ring.transfers += static_cast<double>(reading.transfers);
        ++ring.readings;
    }
    if (!begins)
        return;
    if (ring.begin) {
        HistorySample sample = between(*ring.begin, reading);
        sample.atMs = (ring.begin->wallMs / stepMs + 1) * stepMs;
        sample.connections = ring.connections / ring.readings;
        sample.transfers = ring.transfers / ring.readings;
        if (sample.atMs <= reading.wallMs) // else the clock was set back
            ring.push(sample);
    }
    ring.begin = reading;
    ring.connections = ring.transfers = 0;
    ring.readings = 0;
}

contract::HistoryPage History::page(HistorySpan span, std::int64_t afterMs) const
{
    const Ring& ring = rings_[static_cast<std::size_t>(span)];
    const std::int64_t oldest = last_ ? last_->wallMs - contract::shapeOf(span).length.count() : 0;
    contract::HistoryPage page{span, {}, std::nullopt};
    for (std::size_t back = ring.count; back-- > 0;)
        if (const HistorySample& sample = ring.fromNewest(back); sample.atMs > std::max(afterMs, oldest))
            page.samples.push_back(sample);
    if (last_ && ring.begin && ring.readings > 0) {
        page.running = between(*ring.begin, *last_);
        page.running->atMs = last_->wallMs;
        page.running->connections = ring.connections / ring.readings;
        page.running->transfers = ring.transfers / ring.readings;
    }
    return page;
}

void History::restore(HistorySpan span, const std::vector<HistorySample>& samples, std::int64_t nowMs)
{
    const std::int64_t oldest = nowMs - contract::shapeOf(span).length.count();
    for (const HistorySample& sample : samples)
        if (sample.atMs > oldest && sample.atMs <= nowMs)
            rings_[static_cast<std::size_t>(span)].push(sample);
}

} // namespace spillway::engine
