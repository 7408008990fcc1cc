// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settingsstore.h"

#include <functional>
#include <mutex>

namespace spillway::engine {

/// One setting as it is now.
struct SettingInfo
{
    std::size_t index = 0; ///< of the settings table
    config::Value value;
    config::Origin origin;
    std::string fixedBy;  ///< an option or variable that the settings file cannot overrule; else empty
    bool pending = false; ///< the process still runs with what it was at its start
};

/// What the admin API and the console see of a running server's settings, and how they change them: into the
/// settings file (config::SettingsStore), then into the engine.
///
/// Any thread but the main one; a change waits for the disk, then for `apply`. One change at a time.
class SettingsControl
{
public:
    /// Puts settings in force, one call after the other. What needs a restart waits for it.
    using Apply = std::function<void(config::Settings)>;

    /// Before and after a change, in the order of the table.
    using Changed =
        std::function<void(const std::vector<SettingInfo>& before, const std::vector<SettingInfo>& after)>;

    /// `inForce`: what the process started with.
    SettingsControl(config::SettingsStore store, config::Settings inForce, Apply apply);

    [[nodiscard]] std::vector<SettingInfo> list() const; ///< in the order of the table
    /// NotFound, with what was probably meant; else as config::SettingsStore::set().
    [[nodiscard]] Result<SettingInfo> set(const std::string& name, const std::vector<std::string>& texts);
    [[nodiscard]] Result<SettingInfo> reset(const std::string& name);
    /// The sources were read anew (SIGHUP).
    void note(const config::Settings& settings);
    /// Told where the sources say something new that nobody set here: somebody edited the settings file. It
    /// is found by note(), and by a change here, which reads the whole file; what was set here is as `before`
    /// in `after`. Set before anybody else has this.
    void onEdited(Changed edited) { edited_ = std::move(edited); }

    [[nodiscard]] const config::SettingsStore& store() const { return store_; }

private:
    [[nodiscard]] SettingInfo info(std::size_t index) const;
    [[nodiscard]] Result<SettingInfo> taken(std::size_t index, Result<config::Settings> settings);
    void take(const config::Settings& settings, std::optional<std::size_t> setHere);

    const config::SettingsStore store_;
    const config::Settings atStart_;
    const Apply apply_;
    Changed edited_;
    std::mutex changes_;       ///< one change at a time
    mutable std::mutex mutex_; ///< guards now_
    config::Settings now_;
};

/// The row's number; NotFound, with what was probably meant.
[[nodiscard]] Result<std::size_t> findSetting(std::string_view name);

} // namespace spillway::engine
