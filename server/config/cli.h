// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/config/settingsloader.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The command line as a table: what may be said, and from it the parser, the usage texts, and later the
// manual pages and completions. Nothing here does anything; the app layer runs a ParsedCommand.
namespace spillway::config {

/// What an option's value must look like. It is checked here, so that a slip ends with exit code 2 before
/// anything runs.
enum class ValueKind : std::uint8_t
{
    None, ///< a switch
    Text,
    Number, ///< digits
    Size,   ///< "4MiB"
    Duration,
    DurationOrNever,
    DurationOrForever,
    Rate,
    EventRate, ///< 20/s
    Count,     ///< a whole number, not negative
    CidrBlock,
    Share,        ///< NAME=PATH
    NamedSetting, ///< NAME=VALUE of the settings table; load() checks it
    Setting,      ///< the value of a setting that has an option of its own; load() checks it
};

struct OptionSpec
{
    std::string_view name; ///< "--expires"
    ValueKind kind = ValueKind::None;
    std::string_view valueName{}; ///< in usage texts: "DURATION|never"
    std::string_view help{};
    bool repeatable = false;
    char letter = 0;     ///< "-o", where there is one: of this option in every command
    bool orNone = false; ///< "none" is a value, too
};

struct CommandSpec
{
    std::string_view words;       ///< "link create"; empty: start the server
    std::string_view arguments{}; ///< in usage texts: "SHARE/PATH"
    std::size_t minArguments = 0;
    std::size_t maxArguments = 0;
    std::string_view help{};
    std::vector<OptionSpec> options; ///< besides those for every command
    std::string_view manual{}; ///< what `spillway help COMMAND` says below the options; lines end with \n
};

/// The first one starts the server. In the order of `spillway help`.
[[nodiscard]] const std::vector<CommandSpec>& commands();
/// --config, --data, --set, --help: every command takes them.
[[nodiscard]] const std::vector<OptionSpec>& commonOptions();
/// Null where no command has these words.
[[nodiscard]] const CommandSpec* findCommand(std::string_view words);

/// A command line that fits the table.
struct ParsedCommand
{
    const CommandSpec* command = nullptr; ///< never null
    std::vector<std::string> arguments;
    std::map<std::string, std::vector<std::string>, std::less<>>
        options;                           ///< by name with dashes; a switch has one ""
    std::vector<SettingArgument> settings; ///< --set and the options of settings, for load()
    bool help = false;                     ///< show usageText(command) and do nothing else
    bool version = false;                  ///< show the version and do nothing else

    [[nodiscard]] bool has(std::string_view option) const { return options.find(option) != options.end(); }
    /// The last value, or `otherwise`.
    [[nodiscard]] std::string value(std::string_view option, std::string_view otherwise = {}) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
};

/// `arguments` without the program's name. Options may stand anywhere, as "--name value" or "--name=value",
/// those with a letter as "-x value" or "-xvalue" too; "--" ends them, and what follows one without
/// a command's words before it are files to share. InvalidArgument (exit code 2) with a
/// sentence that names the wrong word and what was probably meant.
[[nodiscard]] Result<ParsedCommand> parseCommandLine(std::span<const std::string_view> arguments);

struct NamedPath
{
    std::string name, path;
};

/// "NAME=PATH" of --share and --public-share; the name as records.h says, the path not empty.
[[nodiscard]] Result<NamedPath> parseNamedPath(std::string_view text);

/// What `spillway help` prints: all commands.
[[nodiscard]] std::string helpText();
/// What `spillway help link create` prints: one command with its options.
[[nodiscard]] std::string usageText(const CommandSpec& command);

} // namespace spillway::config
