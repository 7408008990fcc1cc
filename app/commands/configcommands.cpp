// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/configcommands.h"

#include "app/commands/backend.h"
#include "app/commands/configchange.h"
#include "app/commands/output.h"
#include "app/startup.h"
#include "server/config/manpages.h"
#include "server/config/settingsdocs.h"

#include <QtCore/QJsonArray>
#include <sstream>

namespace spillway::app {

namespace {

using admin::toQString;

/// The settings in force: {"http.head_timeout":{"value":"10s","origin":"default","where":""}, …}.
QJsonObject settingsJson(const config::Settings& settings)
{
    constexpr const char* origins[] = {"default", "file", "environment", "command-line"};
    QJsonObject all;
    for (std::size_t i = 0; i < config::kSettingCount; ++i) {
        const config::Row& row = config::rowAt(i);
        const auto texts = config::formatValue(row, settings.value(i));
        QJsonValue value;
        if (row.secret) {
            const bool isSet = !texts.empty() && !texts.front().empty();
            value = isSet ? QJsonValue(QStringLiteral("***")) : QJsonValue(QString());
        } else if (config::isList(row.type)) {
            QJsonArray items;
            for (const std::string& text : texts)
                items.append(toQString(text));
            value = items;
        } else {
            value = texts.empty() ? QString() : toQString(texts.front());
        }
        const config::Origin& origin = settings.origin(i);
        all.insert(toQString(row.name),
                   QJsonObject{{QStringLiteral("value"), value},
                               {QStringLiteral("origin"),
                                QString::fromLatin1(origins[static_cast<std::size_t>(origin.kind)])},
                               {QStringLiteral("where"), toQString(origin.where)}});
    }
    return all;
}

/// loadSettings() puts one problem in a line.
QJsonArray lines(const std::string& text)
{
    QJsonArray all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        all.append(toQString(line));
    return all;
}

} // namespace

int runConfigCommand(const config::ParsedCommand& command, bool json)
{
    const std::string_view words = command.command->words;
    if (words == "config docs") {
        print(command.has("--man") ? config::settingsManPage(SPILLWAY_VERSION) : config::settingsMarkdown());
        return 0;
    }
    if (words == "config set" || words == "config unset")
        return changeConfig(command, json);
    const auto location = locate(command);
    if (!location)
        return failed(location.error(), json);
    const auto settings = loadSettings(command, location->dataFolder);
    if (words == "config check") {
        if (json)
            printJson(QJsonObject{
                {QStringLiteral("ok"), settings.has_value()},
                {QStringLiteral("problems"), settings ? QJsonArray() : lines(settings.error().message)}});
        else if (settings)
            print("The settings are good.\n");
        if (settings)
            return 0;
        for (const QJsonValue line : lines(settings.error().message))
            say(line.toString().toStdString());
        return 1;
    }
    if (!settings)
        return failed(settings.error(), json);
    if (json)
        printJson(settingsJson(*settings));
    else
        print(config::settingsToml(*settings));
    return 0;
}

} // namespace spillway::app
