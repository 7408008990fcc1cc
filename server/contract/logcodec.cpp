// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

// The logs of a server as JSON.
namespace spillway::contract {

namespace {

void giveText(QJsonObject& object, const char* name, const QString& text)
{
    if (!text.isEmpty())
        object.insert(QLatin1String(name), text);
}

} // namespace

template<>
Result<AuditEntry> decode(const QJsonValue& json)
{
    Decoder from(json, "entry of the audit log");
    const QJsonObject object = json.toObject();
    AuditEntry entry;
    entry.id = from.number("id");
    entry.atMs = from.number("at");
    entry.by = from.text("by");
    entry.tokenName = from.textOr("token_name", {});
    entry.from = from.textOr("from", {});
    entry.operation = from.text("operation");
    entry.outcome = from.text("outcome");
    entry.text = from.textOr("text", {});
    entry.given = object.value(QLatin1String("given")).toObject();
    entry.before = object.value(QLatin1String("before")).toObject();
    entry.after = object.value(QLatin1String("after")).toObject();
    entry.error = object.value(QLatin1String("error")).toObject().value(QLatin1String("detail")).toString();
    return finish(from, std::move(entry));
}

template<>
Result<AuditPage> decode(const QJsonValue& json)
{
    Decoder from(json, "page of the audit log");
    auto entries = decodeAll<AuditEntry>(from.array("entries"));
    if (!entries)
        return fail(entries.error());
    AuditPage page{std::move(*entries), from.textOr("next", {})};
    return finish(from, std::move(page));
}

template<>
Result<AuditVerdict> decode(const QJsonValue& json)
{
    Decoder from(json, "verdict on the audit log");
    AuditVerdict verdict;
    verdict.good = from.flag("good");
    verdict.lines = from.number("lines");
    verdict.head = from.text("head");
    verdict.dropped = from.numberOr("dropped", 0);
    for (const QJsonValue one : from.array("faults")) {
        const QJsonObject fault = one.toObject();
        const QString file = fault.value(QLatin1String("file")).toString();
        const QString text = fault.value(QLatin1String("text")).toString();
        // In most cases there is one file, and nobody asks which.
        verdict.faults +=
            file.isEmpty() || file == QLatin1String("audit.log") ? text : file + QLatin1String(", ") + text;
    }
    return finish(from, std::move(verdict));
}

template<>
Result<LogPage> decode(const QJsonValue& json)
{
    Decoder from(json, "page of the access log");
    LogPage page;
    page.format = from.text("format");
    page.lines = from.textList("lines");
    page.newest = from.text("newest");
    page.older = from.textOr("older", {});
    return finish(from, std::move(page));
}

QJsonObject parameters(const ListAudit& command)
{
    QJsonObject object{{QStringLiteral("limit"), QString::number(command.limit)}};
    giveText(object, "q", command.search);
    giveText(object, "after", command.after);
    return object;
}

QJsonObject parameters(const VerifyAudit&)
{
    return {};
}

QJsonObject parameters(const ListLog& command)
{
    QJsonObject object{{QStringLiteral("limit"), QString::number(command.limit)}};
    giveText(object, "q", command.search);
    giveText(object, "after", command.after);
    giveText(object, "before", command.before);
    return object;
}

} // namespace spillway::contract
