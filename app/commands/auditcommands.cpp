// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/auditcommands.h"

#include "app/commands/answertexts.h"
#include "app/commands/output.h"
#include "server/admin/auditchain.h"
#include "server/admin/auditoperations.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <cstdlib>

namespace spillway::app {

namespace {

using admin::toQString;

constexpr int kUsual = 50;
constexpr int kPage = 1000;

std::string who(const QJsonValue& entry)
{
    const std::string by = member(entry, "by");
    return by == "token" ? "token " + member(entry, "token_name") : by;
}

/// What the operation was about, of what it was given or answered.
std::string object(const QJsonValue& entry)
{
    for (const char* part : {"given", "after", "before"})
        for (const char* name : {"name", "id", "target", "address", "level", "mode", "path"})
            if (const std::string text = member(value(entry, part), name); !text.empty())
                return text;
    return member(entry, "text");
}

/// "listing: true → false, …": members that are there before and after, and differ.
std::string difference(const QJsonValue& entry)
{
    if (const QJsonValue error = value(entry, "error"); error.isObject())
        return member(error, "detail");
    const QJsonObject before = value(entry, "before").toObject(), after = value(entry, "after").toObject();
    std::string text;
    for (auto old = before.begin(); old != before.end(); ++old) {
        const QJsonValue now = after.value(old.key());
        if (now.isUndefined() || now == old.value() || old.key() == QLatin1String("version") ||
            now.isObject() || now.isArray())
            continue;
        text += (text.empty() ? "" : ", ") + old.key().toStdString() + ": " +
                old.value().toVariant().toString().toStdString() + " → " +
                now.toVariant().toString().toStdString();
    }
    return text;
}

std::string auditTable(const QJsonArray& entries)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue entry : entries)
        rows.push_back({number(value(entry, "id")),
                        timeText(static_cast<qint64>(value(entry, "at").toInteger() / 1000)), who(entry),
                        member(entry, "from"), member(entry, "operation"), object(entry),
                        member(entry, "outcome"), difference(entry)});
    return rows.empty()
               ? "Nothing was changed yet.\n"
               : table({"ENTRY", "WHEN", "WHO", "FROM", "WHAT", "OBJECT", "OUTCOME", "CHANGE"}, rows);
}

} // namespace

int showAudit(Backend& backend, const config::ParsedCommand& command, bool json)
{
    const int wanted =
        command.has("--limit") ? std::max(1, std::atoi(command.value("--limit").c_str())) : kUsual;
    QJsonObject query{{QStringLiteral("limit"), std::min(wanted, kPage)}};
    if (command.has("--search"))
        query.insert(QStringLiteral("q"), toQString(command.value("--search")));
    QJsonArray entries;
    for (;;) {
        const auto page = backend.run("audit.list", query);
        if (!page)
            return failed(page.error(), json);
        for (const QJsonValue entry : value(*page, "entries").toArray())
            if (entries.size() < wanted)
                entries.append(entry);
        const QJsonValue next = value(*page, "next");
        if (!next.isString() || entries.size() >= wanted)
            break;
        query.insert(QStringLiteral("after"), next);
    }
    if (json)
        printJson(entries);
    else
        print(auditTable(entries));
    return 0;
}

int verifyAudit(const config::ParsedCommand& command, bool json)
{
    const auto location = locate(command);
    if (!location)
        return failed(location.error(), json);
    std::optional<admin::AuditHead> expected;
    if (command.has("--head")) {
        const auto head = admin::AuditHead::parse(command.value("--head"));
        if (!head)
            return failed(head.error(), json);
        expected = *head;
    }
    const auto verdict = admin::verifyAuditLog(location->dataFolder, expected);
    if (!verdict)
        return failed(verdict.error(), json);
    if (json)
        printJson(admin::toJson(*verdict));
    else if (verdict->keyMissing)
        say("audit.key is missing: nothing in the audit log can be verified without it");
    else if (verdict->good())
        print("The audit log is whole: " + std::to_string(verdict->lines) + " lines" +
              (verdict->files > 1 ? " in " + std::to_string(verdict->files) + " files" : "") +
              (verdict->head.seq == 0 ? "" : ", head " + verdict->head.text()) +
              (verdict->dropped > 0 ? ".\nEntries 1 to " + std::to_string(verdict->dropped) +
                                          " are not there and cannot be verified: they were deleted, as the "
                                          "setting audit.files says"
                                    : "") +
              ".\nNote the head somewhere else: spillway audit verify --head HEAD tells later whether that "
              "line is "
              "still there.\n");
    if (!json) {
        for (const admin::AuditFault& fault : verdict->faults)
            say(fault.file + ": " + fault.text);
        if (verdict->faultsLeftOut > 0)
            say("and " + std::to_string(verdict->faultsLeftOut) + " more");
    }
    return verdict->good() ? 0 : 1;
}

} // namespace spillway::app
