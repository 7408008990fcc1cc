// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/health.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::engine {

/// What somebody said about a mode.
enum class HandSetting : std::uint8_t
{
    Off,  ///< nothing, or it was taken back: its rule decides
    On,   ///< it holds until it is taken back
    Never ///< it does not hold even where its rule wants it
};
[[nodiscard]] std::string_view handName(HandSetting setting); ///< "off", "on", "never"
[[nodiscard]] std::optional<HandSetting> handFromName(std::string_view name);

struct ModeState
{
    observe::Mode mode = observe::Mode::Normal;
    bool active = false;
    HandSetting byHand = HandSetting::Off;
    bool byRule = false; ///< what its rule says, whoever is heard
    std::string reason;  ///< why it is active; empty where it is not
    std::optional<std::int64_t> since;
};

/// Decides which modes hold: what was set by hand, else what its rule says. Puts it into Health, the log and
/// the metrics, and calls `changed` where something else has to follow.
///
/// Any thread. `changed` runs under this object's lock, one call after the other.
class ModeControl
{
public:
    /// `byHand`: it holds because somebody said so.
    using Changed = std::function<void(observe::Mode mode, bool active, bool byHand)>;

    ModeControl(observe::Health& health, observe::Log& log) : health_(health), log_(log) {}

    void onChange(Changed changed) { changed_ = std::move(changed); } ///< before any other call
    /// Told where a rule, not somebody, began or ended a mode; under the lock, so it must not block. Before
    /// any other call, too.
    using Ruled = std::function<void(observe::Mode mode, bool active, const std::string& reason)>;
    void onRule(Ruled ruled) { ruled_ = std::move(ruled); }

    void byRule(observe::Mode mode, bool wanted, std::string_view reason);
    void byHand(observe::Mode mode, HandSetting setting);
    /// All but Normal, the mildest first.
    [[nodiscard]] std::vector<ModeState> states() const;
    /// spillway_mode{mode="saving"} and the others: 0 or 1.
    void registerMetrics(observe::Metrics& metrics,
                         std::vector<observe::Metrics::Registration>& registrations);

private:
    struct Entry
    {
        HandSetting hand = HandSetting::Off;
        bool rule = false;
        std::string ruleReason;
        bool told = false, toldByHand = false; ///< what `changed` knows
    };
    void settle(observe::Mode mode, Entry& entry, bool byRule);

    observe::Health& health_;
    observe::Log& log_;
    Changed changed_;
    Ruled ruled_;
    mutable std::mutex mutex_; ///< guards entries_
    std::array<Entry, static_cast<std::size_t>(observe::Mode::Count)> entries_;
};

} // namespace spillway::engine
