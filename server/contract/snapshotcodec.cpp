// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

// Live snapshots as JSON: what GET /api/v1/live sends and a console elsewhere reads.
namespace spillway::contract {

namespace {

QJsonArray endedJson(const std::vector<EndedTransfer>& ended)
{
    QJsonArray array;
    for (const EndedTransfer& one : ended)
        array.append(QJsonObject{{QStringLiteral("transfer"), toJson(one.transfer)},
                                 {QStringLiteral("ended_at_ms"), static_cast<qint64>(one.endedAtMs)},
                                 {QStringLiteral("complete"), one.complete}});
    return array;
}

} // namespace

QJsonObject toJson(const TransferList& list)
{
    QJsonArray transfers;
    for (const Transfer& transfer : list.transfers)
        transfers.append(toJson(transfer));
    return {{QStringLiteral("transfers"), transfers},
            {QStringLiteral("omitted"), static_cast<qint64>(list.omitted)}};
}

QJsonObject toJson(const LiveSnapshot& snapshot)
{
    return {{QStringLiteral("at_ms"), static_cast<qint64>(snapshot.atMs)},
            {QStringLiteral("seconds"), snapshot.seconds},
            {QStringLiteral("mode"), snapshot.mode},
            {QStringLiteral("mode_reason"), snapshot.modeReason},
            {QStringLiteral("connections"), static_cast<qint64>(snapshot.connections)},
            {QStringLiteral("sent_rate"), snapshot.sentRate},
            {QStringLiteral("received_rate"), snapshot.receivedRate},
            {QStringLiteral("request_rate"), snapshot.requestRate},
            {QStringLiteral("ok_rate"), snapshot.okRate},
            {QStringLiteral("redirect_rate"), snapshot.redirectRate},
            {QStringLiteral("client_error_rate"), snapshot.clientErrorRate},
            {QStringLiteral("server_error_rate"), snapshot.serverErrorRate},
            {QStringLiteral("p50_ms"), snapshot.p50Ms},
            {QStringLiteral("p95_ms"), snapshot.p95Ms},
            {QStringLiteral("p99_ms"), snapshot.p99Ms},
            {QStringLiteral("cache_hit_ratio"), snapshot.cacheHitRatio},
            {QStringLiteral("requests"), static_cast<qint64>(snapshot.requests)},
            {QStringLiteral("sent_bytes"), static_cast<qint64>(snapshot.sentBytes)},
            {QStringLiteral("waiting"), static_cast<qint64>(snapshot.waiting)},
            {QStringLiteral("wait_ms"), static_cast<qint64>(snapshot.waitMs)},
            {QStringLiteral("running"), toJson(snapshot.running)},
            {QStringLiteral("ended"), endedJson(snapshot.ended)}};
}

template<>
Result<EndedTransfer> decode(const QJsonValue& json)
{
    auto transfer = decode<Transfer>(json.toObject().value(QLatin1String("transfer")));
    if (!transfer)
        return fail(transfer.error());
    Decoder from(json, "transfer that ended");
    EndedTransfer ended{std::move(*transfer), from.number("ended_at_ms"), from.flag("complete")};
    return finish(from, std::move(ended));
}

template<>
Result<LiveSnapshot> decode(const QJsonValue& json)
{
    Decoder from(json, "snapshot");
    LiveSnapshot snapshot;
    snapshot.atMs = from.number("at_ms");
    snapshot.seconds = from.real("seconds");
    snapshot.mode = from.text("mode");
    snapshot.modeReason = from.textOr("mode_reason", {});
    snapshot.connections = from.number("connections");
    snapshot.sentRate = from.real("sent_rate");
    snapshot.receivedRate = from.real("received_rate");
    snapshot.requestRate = from.real("request_rate");
    snapshot.okRate = from.real("ok_rate");
    snapshot.redirectRate = from.real("redirect_rate");
    snapshot.clientErrorRate = from.real("client_error_rate");
    snapshot.serverErrorRate = from.real("server_error_rate");
    snapshot.p50Ms = from.real("p50_ms");
    snapshot.p95Ms = from.real("p95_ms");
    snapshot.p99Ms = from.real("p99_ms");
    snapshot.cacheHitRatio = from.real("cache_hit_ratio");
    snapshot.requests = from.number("requests");
    snapshot.sentBytes = from.number("sent_bytes");
    snapshot.waiting = from.numberOr("waiting", 0);
    snapshot.waitMs = from.numberOr("wait_ms", 0);
    auto ended = decodeAll<EndedTransfer>(from.array("ended"));
    if (!ended)
        return fail(ended.error());
    snapshot.ended = std::move(*ended);
    auto running = decode<TransferList>(json.toObject().value(QLatin1String("running")));
    if (!running)
        return fail(running.error());
    snapshot.running = std::move(*running);
    return finish(from, std::move(snapshot));
}

} // namespace spillway::contract
