// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/modecontrol.h"

namespace spillway::engine {

using observe::Mode;

namespace {

constexpr std::array<std::string_view, 3> kHandNames{"off", "on", "never"};
constexpr std::array kModes{Mode::Saving, Mode::CatalogDown, Mode::ReadOnly, Mode::Paused, Mode::Draining};

} // namespace

std::string_view handName(HandSetting setting)
{
    return kHandNames[static_cast<std::size_t>(setting)];
}

std::optional<HandSetting> handFromName(std::string_view name)
{
    for (std::size_t i = 0; i < kHandNames.size(); ++i)
        if (kHandNames[i] == name)
            return static_cast<HandSetting>(i);
    return std::nullopt;
}

void ModeControl::byRule(Mode mode, bool wanted, std::string_view reason)
{
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[static_cast<std::size_t>(mode)];
    if (entry.rule == wanted && entry.ruleReason == reason)
        return;
    entry.rule = wanted;
    entry.ruleReason = reason;
    settle(mode, entry, true);
}

void ModeControl::byHand(Mode mode, HandSetting setting)
{
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[static_cast<std::size_t>(mode)];
    entry.hand = setting;
    settle(mode, entry, false);
}

void ModeControl::settle(Mode mode, Entry& entry, bool byRule)
{
    const bool active = entry.hand == HandSetting::On || (entry.hand == HandSetting::Off && entry.rule);
    const std::string reason = entry.hand == HandSetting::On ? "set by hand" : entry.ruleReason;
    const bool byHand = entry.hand == HandSetting::On;
    if (active)
        health_.enter(mode, reason);
    else
        health_.leave(mode);
    const bool changed = entry.told != active;
    if (!changed && entry.toldByHand == byHand)
        return;
    entry.told = active;
    entry.toldByHand = byHand;
    if (changed && active)
        log_.warning("a mode begins", {{"mode", observe::modeName(mode)}, {"reason", reason}});
    else if (changed)
        log_.info("a mode is over", {{"mode", observe::modeName(mode)},
                                     {"reason", entry.hand == HandSetting::Never ? "held off by hand" : ""}});
    if (changed && byRule && ruled_)
        ruled_(mode, active, reason);
    if (changed_)
        changed_(mode, active, byHand);
}

std::vector<ModeState> ModeControl::states() const
{
    std::vector<ModeState> states;
    const std::lock_guard lock(mutex_);
    const auto active = health_.active();
    for (const Mode mode : kModes) {
        const Entry& entry = entries_[static_cast<std::size_t>(mode)];
        ModeState state{mode, false, entry.hand, entry.rule, {}, {}};
        for (const observe::Health::ActiveMode& held : active)
            if (held.mode == mode) {
                state.active = true;
                state.reason = held.reason;
                state.since = unixSeconds(held.since);
            }
        states.push_back(std::move(state));
    }
    return states;
}

void ModeControl::registerMetrics(observe::Metrics& metrics,
                                  std::vector<observe::Metrics::Registration>& registrations)
{
    for (const Mode mode : kModes)
        if (auto registration =
                metrics.attach({"spillway_mode", "mode", std::string(observe::modeName(mode)),
                                observe::MetricKind::Gauge, "Whether a mode holds, by mode."},
                               [this, mode] { return health_.is(mode) ? std::uint64_t{1} : 0; }))
            registrations.push_back(std::move(*registration));
}

} // namespace spillway::engine
