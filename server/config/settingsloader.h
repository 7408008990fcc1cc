// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::config {

/// One thing wrong with what was given, for people: text() is "spillway.toml:3:1: unknown setting ...".
struct Problem
{
    enum class Kind : std::uint8_t
    {
        Unreadable,
        Syntax,
        UnknownName,
        WrongType,
        BadValue,
        Repeated
    };
    Kind kind = Kind::BadValue;
    std::string where; ///< "FILE:LINE:COLUMN", "FILE", the variable, or the option
    std::string message;

    [[nodiscard]] std::string text() const { return where + ": " + message; }
};

/// "name" from an option of the command line ("--workers") or from --set.
struct SettingArgument
{
    std::string option; ///< as the user wrote it, for messages
    std::string name;
    std::string text; ///< a list's option is repeated, one entry each; in --set it may also be "a,b"
};

struct SettingSources
{
    std::string fileName; ///< for messages
    std::optional<std::string> fileText;
    std::vector<std::pair<std::string, std::string>>
        environment; ///< names other than SPILLWAY_... are skipped
    std::vector<SettingArgument> arguments;
};

/// Later sources win: defaults, file, environment, command line. All problems are found, not only the first;
/// with any problem there are no settings. No exception leaves.
[[nodiscard]] tl::expected<Settings, std::vector<Problem>> load(const SettingSources& sources);

/// At most 1 MiB. NotFound, TooBig as InvalidArgument, or Io.
[[nodiscard]] Result<std::string> readSettingsFile(const std::string& path);

/// The process's environment as load() takes it; the SPILLWAY_ part only.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settingsEnvironment();

/// "SPILLWAY_HTTP_HEAD_TIMEOUT".
[[nodiscard]] std::string environmentName(const Row& row);

} // namespace spillway::config
