// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/livesnapshots.h"

#include "server/engine/engine.h"

#include <algorithm>
#include <charconv>

namespace spillway::engine {

namespace {

constexpr std::size_t kMostTransfers = 20'000;

QString toQString(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

/// "/s/a%20b?token=x" → "/s/a b". An absolute-form target keeps its path alone, too (RFC 9112 §3.2.2).
QByteArray pathOf(std::string_view target)
{
    target = target.substr(0, target.find('?'));
    if (const std::size_t scheme = target.find("://");
        scheme != std::string_view::npos && !target.starts_with('/')) {
        const std::size_t path = target.find('/', scheme + 3);
        target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
    }
    return QByteArray::fromPercentEncoding(
        QByteArray::fromRawData(target.data(), static_cast<qsizetype>(target.size())));
}

std::int64_t milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

double milliseconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

QString ConnectionName::text() const
{
    return QStringLiteral("%1-%2-%3").arg(worker).arg(slot).arg(generation);
}

Result<ConnectionName> ConnectionName::parse(const std::string& text)
{
    ConnectionName name;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    const auto number = [&](auto& value, bool last) {
        const auto read = std::from_chars(at, end, value);
        const bool good =
            read.ec == std::errc() && (last ? read.ptr == end : read.ptr < end && *read.ptr == '-');
        at = read.ptr + 1;
        return good;
    };
    if (number(name.worker, false) && number(name.slot, false) && number(name.generation, true))
        return name;
    return fail(ErrorCode::InvalidArgument, "\"" + text + "\" names no connection");
}

Result<contract::TransferList> listTransfers(Engine& engine)
{
    auto lists = engine.answersInFlight(kMostTransfers);
    if (!lists)
        return fail(lists.error());
    const std::int64_t wall = milliseconds(engine.clock().wall());
    const Monotonic now = engine.clock().monotonic();
    contract::TransferList all;
    std::size_t total = 0;
    for (const http::AnswerList& list : *lists)
        total += list.rows.size();
    all.transfers.reserve(total);
    for (std::size_t worker = 0; worker < lists->size(); ++worker) {
        const http::AnswerList& list = (*lists)[worker];
        all.omitted += static_cast<std::int64_t>(list.omitted);
        for (const http::AnswerList::Row& row : list.rows) {
            const auto texts = list.of(row);
            contract::Transfer& transfer = all.transfers.emplace_back();
            transfer.id = ConnectionName{worker, row.slot, row.generation}.text();
            transfer.client = toQString(row.client.toString());
            transfer.path = pathOf(texts.target);
            transfer.share = toQString(texts.share);
            transfer.link = toQString(texts.link);
            transfer.userAgent = toQString(texts.userAgent);
            transfer.tls = row.tls;
            transfer.startedAtMs =
                wall - std::chrono::floor<std::chrono::milliseconds>(now - row.start).count();
            transfer.sent = static_cast<std::int64_t>(row.sent);
            if (!row.endless)
                transfer.total = static_cast<std::int64_t>(row.sent + row.left);
        }
    }
    std::stable_sort(all.transfers.begin(), all.transfers.end(), [](const auto& left, const auto& right) {
        return left.startedAtMs < right.startedAtMs;
    });
    if (all.transfers.size() > kMostTransfers) {
        all.omitted += static_cast<std::int64_t>(all.transfers.size() - kMostTransfers);
        all.transfers.resize(kMostTransfers);
    }
    return all;
}

contract::LiveSnapshot LiveSnapshots::take()
{
    observe::MetricsSnapshot now = engine_.metrics().snapshot();
    contract::LiveSnapshot snapshot;
    snapshot.atMs = milliseconds(now.wall);
    snapshot.connections = static_cast<std::int64_t>(engine_.connections());
    snapshot.requests = static_cast<std::int64_t>(now.requestsTotal());
    snapshot.sentBytes = static_cast<std::int64_t>(now[observe::Counter::SentBytes]);
    const auto modes = engine_.health().active();
    snapshot.mode = toQString(observe::modeName(engine_.health().mode()));
    if (!modes.empty())
        snapshot.modeReason = QString::fromStdString(modes.front().reason);
    if (before_) {
        const observe::MetricsRates rates = observe::ratesBetween(*before_, now);
        snapshot.seconds = rates.seconds;
        snapshot.sentRate = rates.sentBytes;
        snapshot.receivedRate = rates.receivedBytes;
        snapshot.requestRate = rates.requests;
        snapshot.clientErrorRate = rates.clientErrors;
        snapshot.serverErrorRate = rates.serverErrors;
        if (rates.seconds > 0) {
            const auto perSecond = [&](unsigned statusClass) {
                return static_cast<double>(now.requestsOfClass(statusClass) -
                                           before_->requestsOfClass(statusClass)) /
                       rates.seconds;
            };
            snapshot.okRate = perSecond(2);
            snapshot.redirectRate = perSecond(3);
        }
        snapshot.p50Ms = milliseconds(rates.p50);
        snapshot.p95Ms = milliseconds(rates.p95);
        snapshot.p99Ms = milliseconds(rates.p99);
        snapshot.cacheHitRatio = rates.fileCacheHitRatio;
    }
    if (auto running = listTransfers(engine_))
        snapshot.running = std::move(*running);
    before_ = std::move(now);
    return snapshot;
}

} // namespace spillway::engine
