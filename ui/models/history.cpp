// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history.h"

#include <algorithm>

namespace spillway::ui {

namespace {

struct Shape
{
    std::int64_t lengthMs, stepMs;
};
constexpr std::array<Shape, History::kSpans> kShapes{
    {{60'000, 500}, {3'600'000, 15'000}, {86'400'000, 300'000}}};

const Shape& shapeOf(History::Span span)
{
    return kShapes[static_cast<std::size_t>(span)];
}

/// The members that are averaged.
constexpr std::array<double Sample::*, 7> kMeans{
    &Sample::sentRate,        &Sample::okRate,      &Sample::redirectRate, &Sample::clientErrorRate,
    &Sample::serverErrorRate, &Sample::connections, &Sample::transfers};
/// Those of which the largest counts.
constexpr std::array<double Sample::*, 3> kPeaks{&Sample::p50Ms, &Sample::p95Ms, &Sample::p99Ms};

} // namespace

std::int64_t History::lengthMs(Span span)
{
    return shapeOf(span).lengthMs;
}

std::int64_t History::stepMs(Span span)
{
    return shapeOf(span).stepMs;
}

void History::add(const contract::LiveSnapshot& snapshot)
{
    if (snapshot.seconds <= 0)
        return; // the first has no rates
    Sample sample;
    sample.atMs = snapshot.atMs;
    sample.sentRate = snapshot.sentRate;
    sample.okRate = snapshot.okRate;
    sample.redirectRate = snapshot.redirectRate;
    sample.clientErrorRate = snapshot.clientErrorRate;
    sample.serverErrorRate = snapshot.serverErrorRate;
    sample.connections = static_cast<double>(snapshot.connections);
    sample.transfers = static_cast<double>(snapshot.running.transfers.size());
    sample.p50Ms = snapshot.p50Ms;
    sample.p95Ms = snapshot.p95Ms;
    sample.p99Ms = snapshot.p99Ms;
    for (std::size_t i = 0; i < kSpans; ++i)
        feed(rings_[i], static_cast<Span>(i), sample);
}

void History::feed(Ring& ring, Span span, const Sample& sample)
{
    const Shape& shape = shapeOf(span);
    const std::int64_t step = sample.atMs / shape.stepMs;
    if (ring.inSum > 0 && step != ring.step) {
        Sample& done = ring.samples[ring.next];
        done = ring.sum;
        for (const auto member : kMeans)
            done.*member /= ring.inSum;
        done.atMs = (ring.step + 1) * shape.stepMs;
        const auto capacity = static_cast<std::size_t>(shape.lengthMs / shape.stepMs);
        ring.next = (ring.next + 1) % capacity;
        ring.count = std::min(ring.count + 1, capacity);
        ring.sum = {};
        ring.inSum = 0;
    }
    ring.step = step;
    for (const auto member : kMeans)
        ring.sum.*member += sample.*member;
    for (const auto member : kPeaks)
        ring.sum.*member = std::max(ring.sum.*member, sample.*member);
    ++ring.inSum;
}

std::vector<Sample> History::samples(Span span) const
{
    const Ring& ring = rings_[static_cast<std::size_t>(span)];
    const auto capacity = static_cast<std::size_t>(shapeOf(span).lengthMs / shapeOf(span).stepMs);
    std::vector<Sample> all;
    all.reserve(ring.count);
    for (std::size_t i = 0; i < ring.count; ++i)
        all.push_back(ring.samples[(ring.next + capacity - ring.count + i) % capacity]);
    return all;
}

} // namespace spillway::ui
