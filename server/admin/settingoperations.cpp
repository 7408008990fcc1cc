// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/settingoperations.h"

#include "server/admin/records.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

constexpr std::array kTypes{"bool",   "integer", "bytes",     "rate",  "duration", "text",
                            "choice", "url",     "endpoints", "cidrs", "folders"};
constexpr std::array kOrigins{"default", "file", "environment", "command-line"};

QJsonArray texts(const std::vector<std::string>& list)
{
    QJsonArray array;
    for (const std::string& text : list)
        array.append(toQString(text));
    return array;
}

QJsonArray choices(std::string_view words)
{
    QJsonArray array;
    while (!words.empty()) {
        const auto end = std::min(words.find('|'), words.size());
        array.append(toQString(words.substr(0, end)));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return array;
}

Result<engine::SettingsControl*> control(const OperationContext& context)
{
    if (engine::SettingsControl* settings = context.management.settingsControl())
        return settings;
    return fail(ErrorCode::Unavailable, "no server runs whose settings could be seen or changed");
}

/// Who is elsewhere must not widen what he may do there.
Result<void> mayChange(const OperationContext& context, const engine::SettingsControl& settings,
                       const std::string& name)
{
    const std::size_t index = config::findRow(name);
    if (index == config::kSettingCount || !config::rowAt(index).hereOnly || context.caller.isHere())
        return {};
    return fail(ErrorCode::PermissionDenied,
                name +
                    " is changed on the server's own machine only: there by its window, by spillway config "
                    "set, or in " +
                    settings.store().file());
}

Result<QJsonValue> answer(const Result<engine::SettingInfo>& info)
{
    if (!info)
        return fail(info.error());
    return QJsonValue(settingJson(*info));
}

} // namespace

QJsonObject settingJson(const engine::SettingInfo& info)
{
    static const config::Settings defaults;
    const config::Row& row = config::rowAt(info.index);
    auto value = config::formatValue(row, info.value);
    const bool isSet = !value.empty() && !value.front().empty();
    if (row.secret)
        value.clear();
    QJsonObject object{
        {QStringLiteral("name"), toQString(row.name)},
        {QStringLiteral("type"), QLatin1String(kTypes[static_cast<std::size_t>(row.type)])},
        {QStringLiteral("help"), toQString(row.help)},
        {QStringLiteral("default"), texts(config::formatValue(row, defaults.value(info.index)))},
        {QStringLiteral("value"), texts(value)},
        {QStringLiteral("list"), config::isList(row.type)},
        {QStringLiteral("allowed"), toQString(config::formatRange(row))},
        {QStringLiteral("choices"), choices(row.choices)},
        {QStringLiteral("zero_means"), toQString(row.zeroMeans)},
        {QStringLiteral("needs_restart"), row.needsRestart},
        {QStringLiteral("secret"), row.secret},
        {QStringLiteral("set"), isSet},
        {QStringLiteral("origin"), QLatin1String(kOrigins[static_cast<std::size_t>(info.origin.kind)])},
        {QStringLiteral("where"), toQString(info.origin.where)},
        {QStringLiteral("fixed_by"), toQString(info.fixedBy)},
        {QStringLiteral("pending"), info.pending}};
    putVersion(object, {"pending"});
    return object;
}

Result<QJsonValue> settingList(OperationContext& context, const Arguments&)
{
    const auto settings = control(context);
    if (!settings)
        return fail(settings.error());
    QJsonArray list;
    for (const engine::SettingInfo& info : (*settings)->list()) {
        QJsonObject setting = settingJson(info);
        if (config::rowAt(info.index).hereOnly && !context.caller.isHere())
            setting.insert(QStringLiteral("fixed_by"), QStringLiteral("own-machine"));
        list.append(setting);
    }
    QJsonObject object{{QStringLiteral("settings"), list}};
    putBytes(object, "file", (*settings)->store().file());
    return QJsonValue(object);
}

Result<QJsonValue> settingSet(OperationContext& context, const Arguments& arguments)
{
    const auto settings = control(context);
    if (!settings)
        return fail(settings.error());
    if (auto may = mayChange(context, **settings, arguments.text("name")); !may)
        return fail(may.error());
    return answer((*settings)->set(arguments.text("name"), arguments.list("value")));
}

Result<QJsonValue> settingReset(OperationContext& context, const Arguments& arguments)
{
    const auto settings = control(context);
    if (!settings)
        return fail(settings.error());
    if (auto may = mayChange(context, **settings, arguments.text("name")); !may)
        return fail(may.error());
    return answer((*settings)->reset(arguments.text("name")));
}

} // namespace spillway::admin
