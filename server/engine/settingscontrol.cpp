// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/settingscontrol.h"

#include "server/config/nearest.h"

namespace spillway::engine {

Result<std::size_t> findSetting(std::string_view name)
{
    const std::size_t index = config::findRow(name);
    if (index < config::kSettingCount)
        return index;
    std::vector<std::string_view> names;
    for (const config::Row& row : config::table::kRows)
        names.push_back(row.name);
    return fail(ErrorCode::NotFound,
                "there is no setting " + std::string(name) + config::didYouMean(name, names));
}

SettingsControl::SettingsControl(config::SettingsStore store, config::Settings inForce, Apply apply)
    : store_(std::move(store)), atStart_(inForce), apply_(std::move(apply)), now_(std::move(inForce))
{
}

SettingInfo SettingsControl::info(std::size_t index) const
{
    return {index, now_.value(index), now_.origin(index), store_.fixedBy(index),
            config::rowAt(index).needsRestart && now_.value(index) != atStart_.value(index)};
}

std::vector<SettingInfo> SettingsControl::list() const
{
    std::vector<SettingInfo> all;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < config::kSettingCount; ++i)
        all.push_back(info(i));
    return all;
}

Result<SettingInfo> SettingsControl::set(const std::string& name, const std::vector<std::string>& texts)
{
    const auto index = findSetting(name);
    if (!index)
        return fail(index.error());
    const std::lock_guard one(changes_);
    return taken(*index, store_.set(*index, texts));
}

Result<SettingInfo> SettingsControl::reset(const std::string& name)
{
    const auto index = findSetting(name);
    if (!index)
        return fail(index.error());
    const std::lock_guard one(changes_);
    return taken(*index, store_.reset(*index));
}

Result<SettingInfo> SettingsControl::taken(std::size_t index, Result<config::Settings> settings)
{
    if (!settings)
        return fail(settings.error());
    take(*settings, index);
    apply_(std::move(*settings));
    const std::lock_guard lock(mutex_);
    return info(index);
}

void SettingsControl::note(const config::Settings& settings)
{
    take(settings, std::nullopt);
}

void SettingsControl::take(const config::Settings& settings, std::optional<std::size_t> setHere)
{
    const std::vector<SettingInfo> before = list();
    {
        const std::lock_guard lock(mutex_);
        now_ = settings;
    }
    if (!edited_)
        return;
    std::vector<SettingInfo> after = list();
    if (setHere)
        after[*setHere] = before[*setHere];
    edited_(before, after);
}

} // namespace spillway::engine
