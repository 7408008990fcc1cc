// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

#include <algorithm>

// What a server keeps for charts, as JSON.
namespace spillway::contract {

namespace {

struct Member
{
    const char* name;
    double HistorySample::*value;
};
constexpr std::array kMembers{Member{"sent_rate", &HistorySample::sentRate},
                              Member{"received_rate", &HistorySample::receivedRate},
                              Member{"ok_rate", &HistorySample::okRate},
                              Member{"redirect_rate", &HistorySample::redirectRate},
                              Member{"client_error_rate", &HistorySample::clientErrorRate},
                              Member{"server_error_rate", &HistorySample::serverErrorRate},
                              Member{"connections", &HistorySample::connections},
                              Member{"transfers", &HistorySample::transfers},
                              Member{"p50_ms", &HistorySample::p50Ms},
                              Member{"p95_ms", &HistorySample::p95Ms},
                              Member{"p99_ms", &HistorySample::p99Ms},
                              Member{"cache_hit_ratio", &HistorySample::cacheHitRatio}};

QJsonObject sampleJson(const HistorySample& sample)
{
    QJsonObject object{{QStringLiteral("at_ms"), static_cast<qint64>(sample.atMs)}};
    for (const Member& member : kMembers)
        object.insert(QLatin1String(member.name), sample.*member.value);
    return object;
}

} // namespace

std::optional<HistorySpan> historySpanFromName(const QString& name)
{
    const auto* found = std::find_if(kHistorySpanNames.begin(), kHistorySpanNames.end(),
                                     [&name](const char* one) { return name == QLatin1String(one); });
    if (found == kHistorySpanNames.end())
        return std::nullopt;
    return static_cast<HistorySpan>(found - kHistorySpanNames.begin());
}

QString historySpanName(HistorySpan span)
{
    return QLatin1String(kHistorySpanNames[static_cast<std::size_t>(span)]);
}

QJsonObject toJson(const HistoryPage& page)
{
    QJsonArray samples;
    for (const HistorySample& sample : page.samples)
        samples.append(sampleJson(sample));
    QJsonObject object{{QStringLiteral("span"), historySpanName(page.span)},
                       {QStringLiteral("step_ms"), static_cast<qint64>(shapeOf(page.span).step.count())},
                       {QStringLiteral("samples"), samples}};
    if (page.running)
        object.insert(QStringLiteral("running"), sampleJson(*page.running));
    return object;
}

template<>
Result<HistorySample> decode(const QJsonValue& json)
{
    Decoder from(json, "sample of the history");
    HistorySample sample;
    sample.atMs = from.number("at_ms");
    for (const Member& member : kMembers)
        sample.*member.value = from.real(member.name);
    return finish(from, sample);
}

template<>
Result<HistoryPage> decode(const QJsonValue& json)
{
    Decoder from(json, "history");
    const QString name = from.text("span");
    auto samples = decodeAll<HistorySample>(from.array("samples"));
    if (!from.good())
        return fail(from.error());
    if (!samples)
        return fail(samples.error());
    const auto span = historySpanFromName(name);
    if (!span)
        return fail(ErrorCode::Corrupt, "the server's history has the span \"" + name.toStdString() +
                                            "\", which this console does not know");
    HistoryPage page{*span, std::move(*samples), std::nullopt};
    if (const QJsonValue running = json.toObject().value(QLatin1String("running")); !running.isUndefined()) {
        auto sample = decode<HistorySample>(running);
        if (!sample)
            return fail(sample.error());
        page.running = *sample;
    }
    return page;
}

QJsonObject parameters(const GetHistory& command)
{
    QJsonObject object{{QStringLiteral("span"), historySpanName(command.span)}};
    if (command.afterMs > 0)
        object.insert(QStringLiteral("after"), QString::number(command.afterMs));
    return object;
}

} // namespace spillway::contract
