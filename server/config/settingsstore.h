// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settingsloader.h"

namespace spillway::config {

/// Where the settings of a process are from, and the one way to change them for good: the settings file is
/// edited in place, so what a person wrote into it, comments too, stays.
///
/// A change is written beside the file, synced and renamed, and only after the whole result has been loaded
/// and found good: a bad value, or one that another source overrules, leaves the file as it was. Any thread,
/// one at a time; blocks on the disk.
class SettingsStore
{
public:
    /// `required`: the file was named by somebody, so it must be there to be read (it may be made by a
    /// change).
    SettingsStore(std::string file, bool required,
                  std::vector<std::pair<std::string, std::string>> environment,
                  std::vector<SettingArgument> arguments);

    /// Everything as it is now. The error's message holds all problems, a line each.
    [[nodiscard]] Result<Settings> read() const;
    /// The settings afterwards. InvalidArgument for a bad value (also where the file has other mistakes: all
    /// are named), Conflict where fixedBy() is not empty, PermissionDenied and Io from the file system.
    [[nodiscard]] Result<Settings> set(std::size_t index, const std::vector<std::string>& texts) const;
    /// Back to the default: out of the file.
    [[nodiscard]] Result<Settings> reset(std::size_t index) const;

    /// "SPILLWAY_WORKERS" or "--workers", which the file cannot overrule; else empty.
    [[nodiscard]] std::string fixedBy(std::size_t index) const;
    [[nodiscard]] const std::string& file() const { return file_; }

private:
    [[nodiscard]] Result<std::string> text() const;
    [[nodiscard]] Result<Settings> load(std::optional<std::string> text) const;
    [[nodiscard]] Result<Settings> change(std::size_t index, const std::optional<std::string>& toml) const;
    [[nodiscard]] Result<void> write(std::size_t index, const std::string& text) const;

    std::string file_;
    bool required_;
    std::vector<std::pair<std::string, std::string>> environment_;
    std::vector<SettingArgument> arguments_;
};

} // namespace spillway::config
