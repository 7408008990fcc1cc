// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

namespace spillway::contract {

QJsonObject parameters(const ListSettings&)
{
    return {};
}

QJsonObject parameters(const SetSetting& command)
{
    QJsonObject object{{QStringLiteral("name"), command.name},
                       {QStringLiteral("value"), QJsonArray::fromStringList(command.value)}};
    if (command.version)
        object.insert(QStringLiteral("if_match"), *command.version);
    return object;
}

QJsonObject parameters(const ResetSetting& command)
{
    QJsonObject object{{QStringLiteral("name"), command.name}};
    if (command.version)
        object.insert(QStringLiteral("if_match"), *command.version);
    return object;
}

namespace {

/// A kind of origin that this console does not know cannot be changed by it either; fixed_by says so.
Setting::Origin originFromName(const QString& name)
{
    return name == QLatin1String("file")           ? Setting::Origin::File
           : name == QLatin1String("environment")  ? Setting::Origin::Environment
           : name == QLatin1String("command-line") ? Setting::Origin::CommandLine
                                                   : Setting::Origin::Default;
}

} // namespace

template<>
Result<Setting> decode(const QJsonValue& json)
{
    Decoder from(json, "setting");
    Setting setting;
    setting.name = from.text("name");
    setting.type = from.text("type");
    setting.help = from.text("help");
    setting.defaultValue = from.textList("default");
    setting.value = from.textList("value");
    setting.isList = from.flag("list");
    setting.allowed = from.text("allowed");
    setting.choices = from.textList("choices");
    setting.zeroMeans = from.text("zero_means");
    setting.needsRestart = from.flag("needs_restart");
    setting.secret = from.flag("secret");
    setting.isSet = from.flag("set");
    setting.origin = originFromName(from.text("origin"));
    setting.where = from.text("where");
    setting.fixedBy = from.text("fixed_by");
    setting.pending = from.flag("pending");
    setting.version = from.textOr("version", {});
    return finish(from, std::move(setting));
}

template<>
Result<SettingList> decode(const QJsonValue& json)
{
    Decoder from(json, "list of settings");
    auto settings = decodeAll<Setting>(from.array("settings"));
    if (!settings)
        return fail(settings.error());
    SettingList list;
    list.settings = std::move(*settings);
    list.file = from.bytes("file");
    return finish(from, std::move(list));
}

} // namespace spillway::contract
