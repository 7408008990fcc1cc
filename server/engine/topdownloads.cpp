// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/topdownloads.h"

namespace spillway::engine {

using contract::HistorySpan;
using observe::DownloadTally;

namespace {

constexpr std::array<std::chrono::milliseconds, contract::kHistorySpans> kSteps{
    std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::hours(1)};
/// Of a sum: all that its steps can hold, so that merging loses nothing more.
constexpr std::size_t kKeysOfSum = 25 * DownloadTally::kKeys;

/// The end of the last step that is in the span no more.
std::int64_t oldestEnd(HistorySpan span, std::int64_t nowMs)
{
    return nowMs - contract::shapeOf(span).length.count();
}

} // namespace

std::int64_t TopDownloads::stepMs(HistorySpan span)
{
    return kSteps[static_cast<std::size_t>(span)].count();
}

void TopDownloads::add(const DownloadTally& tally, std::int64_t nowMs)
{
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const auto span = static_cast<HistorySpan>(i);
        const std::int64_t step = stepMs(span), begin = nowMs / step * step;
        std::deque<Step>& steps = steps_[i];
        while (!steps.empty() && steps.back().beginMs > begin)
            steps.pop_back();
        while (!steps.empty() && steps.front().beginMs + step <= oldestEnd(span, nowMs))
            steps.pop_front();
        if (steps.empty() || steps.back().beginMs != begin)
            steps.push_back({begin, DownloadTally()});
        steps.back().tally.merge(tally);
    }
}

void TopDownloads::restore(HistorySpan span, Step step, std::int64_t nowMs)
{
    std::deque<Step>& steps = steps_[static_cast<std::size_t>(span)];
    const bool follows = steps.empty() || steps.back().beginMs < step.beginMs;
    if (follows && step.beginMs % stepMs(span) == 0 && step.beginMs <= nowMs &&
        step.beginMs + stepMs(span) > oldestEnd(span, nowMs))
        steps.push_back(std::move(step));
}

DownloadTally TopDownloads::sum(HistorySpan span, std::int64_t nowMs) const
{
    DownloadTally all(kKeysOfSum);
    for (const Step& step : steps(span))
        if (step.beginMs <= nowMs && step.beginMs + stepMs(span) > oldestEnd(span, nowMs))
            all.merge(step.tally);
    return all;
}

} // namespace spillway::engine
