// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"

#include <algorithm>

namespace spillway::config {

namespace {

using Line = std::pair<std::string, std::string>;

/// Two columns; a left side too wide for its column gets a line of its own.
std::string columns(const std::vector<Line>& lines)
{
    constexpr std::size_t widest = 30;
    std::size_t width = 0;
    for (const auto& [left, right] : lines)
        width = std::max(width, left.size() <= widest ? left.size() : 0);
    std::string out;
    for (const auto& [left, right] : lines) {
        out += "  " + left;
        out +=
            left.size() <= width ? std::string(width - left.size(), ' ') : "\n  " + std::string(width, ' ');
        out += "  " + right + "\n";
    }
    return out;
}

std::vector<Line> optionLines(const std::vector<OptionSpec>& options)
{
    std::vector<Line> lines;
    for (const OptionSpec& option : options) {
        std::string left =
            (option.letter != 0 ? "-" + std::string(1, option.letter) + ", " : "") + std::string(option.name);
        if (!option.valueName.empty())
            left += " " + std::string(option.valueName);
        lines.emplace_back(std::move(left),
                           std::string(option.help) + (option.repeatable ? " Can be repeated." : ""));
    }
    return lines;
}

std::string callOf(const CommandSpec& command)
{
    std::string call = "spillway";
    for (std::string_view part : {command.words, command.arguments})
        if (!part.empty())
            call += " " + std::string(part);
    return call;
}

} // namespace

std::string helpText()
{
    std::vector<Line> lines;
    for (const CommandSpec& command : commands())
        lines.emplace_back(callOf(command), command.help);
    return "Spillway shares files.\n\nUsage: spillway [COMMAND] [OPTION]...\n\nCommands:\n" + columns(lines) +
           "\nOptions of every command:\n" + columns(optionLines(commonOptions())) +
           "\nOptions for starting the server:\n" + columns(optionLines(commands().front().options)) +
           "\nspillway --version shows the version; spillway help COMMAND shows one command.\n";
}

std::string usageText(const CommandSpec& command)
{
    std::string out = "Usage: " + callOf(command) + " [OPTION]...\n\n" + std::string(command.help) + "\n";
    if (!command.options.empty())
        out += "\nOptions:\n" + columns(optionLines(command.options));
    out += "\nOptions of every command:\n" + columns(optionLines(commonOptions()));
    return command.manual.empty() ? out : out + "\n" + std::string(command.manual);
}

} // namespace spillway::config
