// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/metricsnapshot.h"

#include <numeric>

namespace spillway::observe {
namespace {

template<class Accept>
std::uint64_t sumRequests(const MetricsSnapshot& snapshot, Accept accept)
{
    std::uint64_t sum = 0;
    for (std::size_t method = 0; method < static_cast<std::size_t>(MethodLabel::Count); ++method)
        for (std::size_t route = 0; route < static_cast<std::size_t>(Route::Count); ++route)
            for (std::size_t status = 0; status < statusCount; ++status)
                if (accept(static_cast<Route>(route), status))
                    sum += snapshot.requests[requestCell(static_cast<MethodLabel>(method),
                                                         static_cast<Route>(route), status)];
    return sum;
}

std::uint64_t grown(std::uint64_t earlier, std::uint64_t later)
{
    return later > earlier ? later - earlier : 0;
}

double ratio(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? -1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

std::uint64_t MetricsSnapshot::requestsTotal() const noexcept
{
    return std::accumulate(requests.begin(), requests.end(), std::uint64_t{0});
}

std::uint64_t MetricsSnapshot::requestsOf(Route wanted) const noexcept
{
    return sumRequests(*this, [wanted](Route route, std::size_t) { return route == wanted; });
}

std::uint64_t MetricsSnapshot::requestsOfClass(unsigned statusClass) const noexcept
{
    return sumRequests(*this, [statusClass](Route, std::size_t status) {
        return (status < statusLabels.size() ? statusLabels[status] / 100U : 0U) == statusClass;
    });
}

MetricsRates ratesBetween(const MetricsSnapshot& earlier, const MetricsSnapshot& later)
{
    MetricsRates rates;
    rates.seconds = std::chrono::duration<double>(later.at - earlier.at).count();
    if (rates.seconds <= 0)
        return MetricsRates{};
    const auto count = [&](Counter counter) { return grown(earlier[counter], later[counter]); };
    const auto rate = [&](std::uint64_t amount) { return static_cast<double>(amount) / rates.seconds; };

    rates.requests = rate(grown(earlier.requestsTotal(), later.requestsTotal()));
    rates.clientErrors = rate(grown(earlier.requestsOfClass(4), later.requestsOfClass(4)));
    rates.serverErrors = rate(grown(earlier.requestsOfClass(5), later.requestsOfClass(5)));
    rates.sentBytes = rate(count(Counter::SentBytes));
    rates.receivedBytes = rate(count(Counter::ReceivedBytes));
    rates.accepted = rate(count(Counter::Accepted));
    rates.logLinesDropped = rate(count(Counter::AccessLogDropped) + count(Counter::ProcessLogDropped));

    const auto hits = count(Counter::FileCacheHit);
    rates.fileCacheHitRatio =
        ratio(hits, hits + count(Counter::FileCacheMiss) + count(Counter::FileCacheRevalidate));
    const auto metadataHits = count(Counter::MetadataHit) + count(Counter::MetadataNegative);
    rates.metadataHitRatio = ratio(metadataHits, metadataHits + count(Counter::MetadataMiss));

    const HistogramSnapshot duration = later.duration.since(earlier.duration);
    rates.p50 = duration.quantile(0.50);
    rates.p95 = duration.quantile(0.95);
    rates.p99 = duration.quantile(0.99);
    const HistogramSnapshot firstByte = later.firstByte.since(earlier.firstByte);
    rates.firstByteP50 = firstByte.quantile(0.50);
    rates.firstByteP95 = firstByte.quantile(0.95);
    rates.firstByteP99 = firstByte.quantile(0.99);
    return rates;
}

} // namespace spillway::observe
