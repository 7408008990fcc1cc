// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/configchange.h"

#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "app/startup.h"
#include "server/admin/settingoperations.h"

#include <QtCore/QJsonArray>
#include <iostream>

namespace spillway::app {

namespace {

using admin::toQString;

/// The texts of the new value. A secret comes by standard input: arguments show in process lists.
Result<std::vector<std::string>> valueOf(const config::ParsedCommand& command, const config::Row& row)
{
    std::vector<std::string> texts(command.arguments.begin() + 1, command.arguments.end());
    if (command.has("--stdin")) {
        if (!texts.empty())
            return fail(ErrorCode::InvalidArgument, "either a VALUE or --stdin, not both");
        std::string line;
        if (!std::getline(std::cin, line))
            return fail(ErrorCode::InvalidArgument, "standard input has no line with the value");
        texts = {line};
    } else if (row.secret) {
        return fail(ErrorCode::InvalidArgument,
                    std::string(row.name) +
                        " is a secret, and arguments show in process lists: give it by --stdin");
    }
    if (texts.empty())
        return fail(ErrorCode::InvalidArgument, "spillway config set needs NAME VALUE...");
    if (!config::isList(row.type))
        return texts;
    std::vector<std::string> items;
    for (const std::string& text : texts)
        for (std::string& piece : config::splitList(text))
            items.push_back(std::move(piece));
    return items;
}

Result<QJsonObject> changeFile(const config::ParsedCommand& command, const std::string& dataFolder,
                               std::size_t index, const std::optional<std::vector<std::string>>& texts)
{
    const config::SettingsStore store = settingsStore(command, dataFolder);
    if (store.file().starts_with(dataFolder + "/"))
        if (auto folder = catalog::DataFolder::open(dataFolder); !folder) // makes it where it is not there
            return fail(folder.error());
    const auto settings = texts ? store.set(index, *texts) : store.reset(index);
    if (!settings)
        return fail(settings.error());
    return admin::settingJson({index, settings->value(index), settings->origin(index), {}, false});
}

std::string saidAbout(const QJsonObject& setting, bool online)
{
    QStringList texts;
    for (const QJsonValue text : setting.value(QLatin1String("value")).toArray())
        texts += text.toString();
    const bool secret = setting.value(QLatin1String("secret")).toBool();
    const bool isDefault = setting.value(QLatin1String("origin")) == QLatin1String("default");
    std::string said = setting.value(QLatin1String("name")).toString().toStdString() + " is ";
    said += isDefault ? "back to its default" : "set";
    if (!secret)
        said += (isDefault ? ", " : " to ") +
                (texts.join(QString()).isEmpty() ? "nothing" : texts.join(QLatin1String(", ")).toStdString());
    if (setting.value(QLatin1String("pending")).toBool())
        return said + "; it holds after a restart of the server.\n";
    return said + (online ? "; it holds now.\n" : ".\n");
}

} // namespace

int changeConfig(const config::ParsedCommand& command, bool json)
{
    const auto location = locate(command);
    if (!location)
        return failed(location.error(), json);
    const std::string& name = command.arguments.front();
    const auto index = engine::findSetting(name);
    if (!index)
        return failed(index.error(), json);
    std::optional<std::vector<std::string>> texts;
    if (command.command->words == "config set") {
        auto value = valueOf(command, config::rowAt(*index));
        if (!value) {
            (void)failed(value.error(), json);
            return 2;
        }
        texts = std::move(*value);
    }
    const bool online = admin::isDataFolderHeld(location->dataFolder);
    Result<QJsonObject> changed;
    if (online) {
        auto backend = Backend::open(command, false);
        if (!backend)
            return failed(backend.error(), json);
        if (location->found)
            say("using the server on " + location->dataFolder);
        QJsonObject parameters{{QStringLiteral("name"), toQString(name)}};
        QJsonArray items;
        for (const std::string& text : texts.value_or(std::vector<std::string>()))
            items.append(toQString(text));
        if (texts)
            parameters.insert(QStringLiteral("value"), items);
        auto answer = backend->run(texts ? "setting.set" : "setting.reset", parameters);
        if (!answer)
            return failed(answer.error(), json);
        changed = answer->toObject();
    } else {
        changed = changeFile(command, location->dataFolder, *index, texts);
    }
    if (!changed)
        return failed(changed.error(), json);
    if (json)
        printJson(*changed);
    else
        print(saidAbout(*changed, online));
    return 0;
}

} // namespace spillway::app
