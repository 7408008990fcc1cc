// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/limitcommands.h"

#include "app/commands/answertexts.h"
#include "app/commands/output.h"
#include "server/engine/limitinfo.h"

#include <QtCore/QJsonArray>

namespace spillway::app {

namespace {

using admin::toQString;

/// A field as one would write it for `limit set`; "none" where it is not set.
std::string fieldText(const QJsonObject& limit, std::string_view name)
{
    const QJsonValue value = limit.value(toQString(name));
    if (value.isNull())
        return "none";
    if (name == "requests")
        return formatEventRate(static_cast<std::int64_t>(value.toDouble() * 1000 + 0.5));
    if (name == "bandwidth")
        return formatRate(BytesPerSecond{value.toInteger()});
    if (name == "wait")
        return formatDuration(
            std::chrono::milliseconds(static_cast<std::int64_t>(value.toDouble() * 1000 + 0.5)));
    return value.isString() ? value.toString().toStdString() : std::to_string(value.toInteger());
}

std::string limitTable(const QJsonArray& limits)
{
    if (limits.isEmpty())
        return "Nothing is limited.\n";
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue value : limits) {
        const QJsonObject limit = value.toObject();
        rows.push_back(
            {member(limit, "level"), member(limit, "id").empty() ? "(default)" : member(limit, "id")});
        for (const std::string_view name : engine::limitFieldNames()) {
            const std::string field = fieldText(limit, name);
            rows.back().push_back(field == "none" ? "-" : field);
        }
    }
    return table({"LEVEL", "ID", "REQUESTS", "BURST", "BANDWIDTH", "CONNECTIONS", "DOWNLOADS", "QUEUE",
                  "WAIT", "PRIORITY"},
                 rows);
}

} // namespace

bool isLimitLevel(const config::ParsedCommand& command)
{
    if (command.arguments.empty() || policy::limitLevelOf(command.arguments.front()))
        return true;
    say("there is no level \"" + command.arguments.front() +
        "\"; there are: server, share, token, link, ip, connection");
    return false;
}

QJsonObject limitToSet(const config::ParsedCommand& command)
{
    QJsonObject limit{{QStringLiteral("level"), toQString(command.arguments.front())}};
    if (command.arguments.size() > 1)
        limit.insert(QStringLiteral("id"), toQString(command.arguments[1]));
    for (const std::string_view name : engine::limitFieldNames()) {
        const std::string option = "--" + std::string(name);
        if (command.has(option))
            limit.insert(toQString(name), toQString(command.value(option)));
    }
    return limit;
}

std::string limitDetails(const QJsonValue& value)
{
    const QJsonObject limit = value.toObject();
    std::vector<std::vector<std::string>> rows;
    for (const std::string_view name : engine::limitFieldNames())
        rows.push_back({std::string(name), fieldText(limit, name)});
    const std::string id = member(limit, "id");
    return table({member(limit, "level"), id.empty() ? "(default)" : id}, rows);
}

int showLimits(Backend& backend, const config::ParsedCommand& command, bool json)
{
    const bool all = command.arguments.empty();
    const auto limits = all ? backend.run("limit.list", {}) : backend.run("limit.show", limitToSet(command));
    if (!limits)
        return failed(limits.error(), json);
    if (json)
        printJson(*limits);
    else
        print(all ? limitTable(limits->toArray()) : limitDetails(*limits));
    return 0;
}

} // namespace spillway::app
