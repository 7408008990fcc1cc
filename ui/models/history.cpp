// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history.h"

#include <algorithm>

namespace spillway::ui {

namespace {

constexpr std::int64_t kLiveStepMs = 500;

bool endsBefore(const Sample& sample, std::int64_t atMs)
{
    return sample.atMs < atMs;
}

} // namespace

std::int64_t History::lengthMs(Span span)
{
    return contract::shapeOf(span).length.count();
}

std::int64_t History::stepMs(Span span)
{
    return span == Span::Minute ? kLiveStepMs : contract::shapeOf(span).step.count();
}

/// What has left the span, counted from its newest sample.
void History::forget(std::vector<Sample>& samples, Span span)
{
    const std::int64_t oldest = samples.empty() ? 0 : samples.back().atMs - lengthMs(span);
    samples.erase(samples.begin(), std::find_if(samples.begin(), samples.end(),
                                                [oldest](const Sample& one) { return one.atMs > oldest; }));
}

void History::add(const contract::LiveSnapshot& snapshot)
{
    if (snapshot.seconds <= 0)
        return; // the first has no rates
    Sample sample;
    sample.atMs = snapshot.atMs;
    sample.sentRate = snapshot.sentRate;
    sample.receivedRate = snapshot.receivedRate;
    sample.okRate = snapshot.okRate;
    sample.redirectRate = snapshot.redirectRate;
    sample.clientErrorRate = snapshot.clientErrorRate;
    sample.serverErrorRate = snapshot.serverErrorRate;
    sample.connections = static_cast<double>(snapshot.connections);
    sample.transfers = static_cast<double>(snapshot.running.transfers.size()) +
                       static_cast<double>(snapshot.running.omitted);
    sample.p50Ms = snapshot.p50Ms;
    sample.p95Ms = snapshot.p95Ms;
    sample.p99Ms = snapshot.p99Ms;
    sample.cacheHitRatio = snapshot.cacheHitRatio;
    std::vector<Sample>& minute = ring(Span::Minute).samples;
    // A clock that was set back takes what was after it.
    minute.erase(std::lower_bound(minute.begin(), minute.end(), sample.atMs, endsBefore), minute.end());
    minute.push_back(sample);
    forget(minute, Span::Minute);
}

void History::merge(const contract::HistoryPage& page)
{
    if (page.span == Span::Minute)
        return fillMinute(page);
    Ring& mine = ring(page.span);
    if (mine.endsRunning)
        mine.samples.pop_back();
    mine.endsRunning = false;
    const auto append = [&mine](const Sample& sample) {
        mine.samples.erase(
            std::lower_bound(mine.samples.begin(), mine.samples.end(), sample.atMs, endsBefore),
            mine.samples.end());
        mine.samples.push_back(sample);
    };
    for (const Sample& sample : page.samples)
        append(sample);
    mine.mergedUpTo = mine.samples.empty() ? 0 : mine.samples.back().atMs;
    if (page.running) {
        append(*page.running);
        mine.endsRunning = true;
    }
    forget(mine.samples, page.span);
}

/// The server's steps are longer than a snapshot's: each is as many samples as would have been seen, so that
/// lines without a time axis are right, too.
void History::fillMinute(const contract::HistoryPage& page)
{
    std::vector<Sample>& minute = ring(Span::Minute).samples;
    const std::int64_t stepMs = contract::shapeOf(Span::Minute).step.count();
    for (const Sample& step : page.samples) {
        const auto seen = std::lower_bound(minute.begin(), minute.end(), step.atMs - stepMs + 1, endsBefore);
        if (seen != minute.end() && seen->atMs <= step.atMs)
            continue;
        std::vector<Sample> parts;
        for (std::int64_t back = stepMs - kLiveStepMs; back >= 0; back -= kLiveStepMs) {
            parts.push_back(step);
            parts.back().atMs -= back;
        }
        minute.insert(seen, parts.begin(), parts.end());
    }
    forget(minute, Span::Minute);
}

std::int64_t History::mergedUpTo(Span span) const
{
    return rings_[static_cast<std::size_t>(span)].mergedUpTo;
}

const std::vector<Sample>& History::samples(Span span) const
{
    return rings_[static_cast<std::size_t>(span)].samples;
}

} // namespace spillway::ui
