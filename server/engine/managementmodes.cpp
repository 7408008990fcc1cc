// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/settingrepository.h"
#include "server/engine/management.h"

#include <algorithm>
#include <array>

// The part of Management about modes.
namespace spillway::engine {

using catalog::Session;
using catalog::SettingRepository;
using observe::Mode;

namespace {

/// Modes that are kept when they are set; draining ends the server.
constexpr std::array kSettable{Mode::Saving, Mode::CatalogDown, Mode::ReadOnly, Mode::Paused};

std::string settingOf(Mode mode)
{
    return "mode." + std::string(observe::modeName(mode));
}

std::string choices()
{
    std::string names = "normal";
    for (const Mode mode : kSettable)
        names.append(", ").append(observe::modeName(mode));
    return names + ", draining";
}

} // namespace

Result<std::vector<std::pair<Mode, HandSetting>>> storedModes(Session& session)
{
    std::vector<std::pair<Mode, HandSetting>> stored;
    for (const Mode mode : kSettable) {
        auto value = SettingRepository::get(session, settingOf(mode));
        if (!value)
            return fail(value.error());
        stored.emplace_back(mode,
                            *value ? handFromName(**value).value_or(HandSetting::Off) : HandSetting::Off);
    }
    return stored;
}

Result<std::vector<ModeState>> Management::listModes()
{
    if (serving_.modes)
        return serving_.modes->states();
    auto stored = catalog_.read([](Session& session) { return storedModes(session); }).get();
    if (!stored)
        return fail(stored.error());
    std::vector<ModeState> states;
    for (const auto& [mode, setting] : *stored)
        states.push_back({mode, false, setting, false, {}, {}});
    return states;
}

/// As SIGTERM does it.
Result<ModeChange> Management::drain()
{
    if (!serving_.drain)
        return fail(ErrorCode::Unavailable, "no server runs that could drain");
    serving_.drain();
    auto states = listModes();
    if (!states)
        return fail(states.error());
    return ModeChange{std::move(*states), true, {}};
}

Result<ModeChange> Management::setMode(const std::string& name, HandSetting setting)
{
    const auto mode = observe::modeFromName(name);
    std::vector<Mode> modes;
    if (mode == Mode::Normal && setting == HandSetting::On) {
        modes.assign(kSettable.begin(), kSettable.end());
        setting = HandSetting::Off;
    } else if (mode && std::find(kSettable.begin(), kSettable.end(), *mode) != kSettable.end()) {
        modes.push_back(*mode);
    } else if (mode == Mode::Draining && setting == HandSetting::On) {
        return drain();
    } else {
        return fail(ErrorCode::InvalidArgument,
                    !mode ? "there is no mode \"" + name + "\"; there are: " + choices()
                          : name + " cannot be taken back: " +
                                (mode == Mode::Normal ? "set another one" : "the server ends"));
    }

    const std::lock_guard lock(changes_);
    const auto store = [this, &modes, setting] {
        return catalog_
            .write([&modes, setting](Session& session) -> Result<void> {
                for (const Mode each : modes) {
                    if (setting != HandSetting::Off) {
                        if (auto set = SettingRepository::set(session, settingOf(each), handName(setting));
                            !set)
                            return set;
                    } else if (auto removed = SettingRepository::remove(session, settingOf(each)); !removed) {
                        return fail(removed.error());
                    }
                }
                return {};
            })
            .get();
    };
    const auto apply = [this, &modes, setting] {
        if (serving_.modes)
            for (const Mode each : modes)
                serving_.modes->byHand(each, setting);
    };
    // What takes the catalog out of use is written before, what brings it back after. A mode must be
    // changeable where nothing can be written, for that is when it is needed: it then ends with the process.
    const bool before = setting == HandSetting::On;
    Result<void> stored;
    if (before)
        stored = store();
    apply();
    if (!before)
        stored = store();
    if (!stored && !serving_.modes)
        return fail(stored.error());
    auto states = listModes();
    if (!states)
        return fail(states.error());
    return ModeChange{std::move(*states), stored.has_value(),
                      stored ? std::string() : stored.error().message};
}

} // namespace spillway::engine
