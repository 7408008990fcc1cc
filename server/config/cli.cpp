// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"

#include "server/config/nearest.h"

#include <algorithm>

namespace spillway::config {

namespace {

tl::unexpected<Error> wrong(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

const OptionSpec* findIn(const std::vector<OptionSpec>& options, std::string_view name)
{
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& option) { return option.name == name; });
    return found == options.end() ? nullptr : &*found;
}

constexpr OptionSpec kVersion{"--version", ValueKind::None, {}, "Show the version."};

/// Any command's: which one is not known until all words are seen. Options of one name agree on taking a
/// value (a test sees to it).
const OptionSpec* findAnywhere(std::string_view name)
{
    if (name == kVersion.name)
        return &kVersion;
    if (const OptionSpec* common = findIn(commonOptions(), name))
        return common;
    for (const CommandSpec& command : commands())
        if (const OptionSpec* option = findIn(command.options, name))
            return option;
    return nullptr;
}

/// "-o" by its letter; null for anything else.
const OptionSpec* findLetter(std::string_view token)
{
    if (token.size() < 2 || token[1] == '-')
        return nullptr;
    for (const CommandSpec& command : commands())
        for (const OptionSpec& option : command.options)
            if (option.letter == token[1])
                return &option;
    return nullptr;
}

const Row* settingOfOption(std::string_view option)
{
    for (const Row& row : table::kRows)
        if (!row.option.empty() && row.option == option)
            return &row;
    return nullptr;
}

struct Occurrence
{
    std::string name, value;
    bool hasValue = false;
};

struct Tokens
{
    std::vector<Occurrence> options;
    std::vector<std::string> words;
    std::vector<std::string> files; ///< behind a "--" that no command's word is before
};

std::string called(const CommandSpec& command)
{
    return command.words.empty() ? "starting the server" : "spillway " + std::string(command.words);
}

Result<Tokens> split(std::span<const std::string_view> arguments)
{
    Tokens tokens;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view token = arguments[i];
        if (token == "--") {
            auto& rest = tokens.words.empty() ? tokens.files : tokens.words;
            rest.insert(rest.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
            break;
        }
        if (!token.starts_with('-') || token == "-") {
            tokens.words.emplace_back(token);
            continue;
        }
        const auto equals = token.find('=');
        Occurrence option{std::string(token.substr(0, equals)), {}, equals != std::string_view::npos};
        if (option.name == "-h")
            option.name = "--help";
        if (option.hasValue)
            option.value = token.substr(equals + 1);
        const OptionSpec* byLetter = findLetter(token);
        // "-j8" is a letter with its value, "-rx" is nothing.
        if (byLetter && (token.size() == 2 || byLetter->kind != ValueKind::None))
            option = {std::string(byLetter->name), std::string(token.substr(2)), token.size() > 2};
        const OptionSpec* spec = findAnywhere(option.name);
        const bool takesValue = spec && spec->kind != ValueKind::None;
        if (takesValue && !option.hasValue) {
            // A value that looks like an option is most likely a forgotten value; "--name=--value" says it is
            // one.
            if (i + 1 == arguments.size() || arguments[i + 1].starts_with("--"))
                return wrong(option.name + " needs a value: " + option.name + " " +
                             std::string(spec->valueName));
            option.value = arguments[++i];
            option.hasValue = true;
        } else if (spec && !takesValue && option.hasValue) {
            return wrong(option.name + " takes no value");
        }
        tokens.options.push_back(std::move(option));
    }
    return tokens;
}

std::vector<std::string_view> firstWords()
{
    std::vector<std::string_view> words;
    for (const CommandSpec& command : commands())
        if (!command.words.empty())
            words.push_back(command.words.substr(0, command.words.find(' ')));
    return words;
}

/// "add, list, remove" for "share"; empty where no command begins so.
std::vector<std::string_view> secondWords(std::string_view first)
{
    std::vector<std::string_view> words;
    for (const CommandSpec& command : commands()) {
        const auto blank = command.words.find(' ');
        if (blank != std::string_view::npos && command.words.substr(0, blank) == first)
            words.push_back(command.words.substr(blank + 1));
    }
    return words;
}

/// The command that `words` begin with; its words are taken off.
Result<const CommandSpec*> takeCommand(std::vector<std::string>& words)
{
    if (words.empty())
        return &commands().front();
    const std::string first = words.front();
    if (const CommandSpec* command = first.empty() ? nullptr : findCommand(first)) {
        words.erase(words.begin());
        return command;
    }
    const auto below = secondWords(first);
    if (below.empty())
        return wrong("there is no command \"" + first + "\"" + didYouMean(first, firstWords()) +
                     "; spillway help lists them");
    std::string choice;
    for (std::string_view word : below)
        choice += (choice.empty() ? "" : ", ") + std::string(word);
    if (words.size() < 2)
        return wrong("spillway " + first + " needs one more word: " + choice);
    const CommandSpec* command = findCommand(first + " " + words[1]);
    if (!command)
        return wrong("there is no command \"" + first + " " + words[1] + "\"" + didYouMean(words[1], below) +
                     "; there are: " + choice);
    words.erase(words.begin(), words.begin() + 2);
    return command;
}

Result<void> checkValue(const OptionSpec& spec, const std::string& value)
{
    const auto checked = [&](const auto& parsed) -> Result<void> {
        if (!parsed)
            return wrong(std::string(spec.name) + ": " + parsed.error().message);
        return {};
    };
    if (spec.orNone && value == "none")
        return {};
    switch (spec.kind) {
    case ValueKind::Number:
        if (value.empty() || value.size() > 18 ||
            !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return wrong(std::string(spec.name) + ": \"" + value + "\" is not a number");
        return {};
    case ValueKind::Size:
        return checked(parseBytes(value));
    case ValueKind::DurationOrNever:
        if (value == "never")
            return {};
        return checked(parseDuration(value));
    case ValueKind::DurationOrForever:
        if (value == "forever")
            return {};
        [[fallthrough]];
    case ValueKind::Duration:
        return checked(parseDuration(value));
    case ValueKind::Rate:
        return checked(parseRate(value));
    case ValueKind::EventRate:
        return checked(parseEventRate(value));
    case ValueKind::Count:
        if (value.empty() || value.size() > 18 ||
            !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return wrong(std::string(spec.name) + ": \"" + value + "\" is not a whole number");
        return {};
    case ValueKind::CidrBlock:
        return checked(parseCidr(value));
    case ValueKind::Share:
        return checked(parseNamedPath(value));
    case ValueKind::NamedSetting:
        if (value.find('=') == std::string::npos || value.starts_with('='))
            return wrong(std::string(spec.name) + ": \"" + value + "\" is not NAME=VALUE");
        return {};
    case ValueKind::Text:
        if (value.empty())
            return wrong(std::string(spec.name) + " needs a value that is not empty");
        return {};
    case ValueKind::None:
    case ValueKind::Setting:
        break;
    }
    return {};
}

std::vector<std::string_view> optionNames(const CommandSpec& command)
{
    std::vector<std::string_view> names;
    for (const auto* options : {&command.options, &commonOptions()})
        for (const OptionSpec& option : *options)
            names.push_back(option.name);
    return names;
}

Result<void> takeOption(ParsedCommand& parsed, const Occurrence& option)
{
    const OptionSpec* spec = findIn(parsed.command->options, option.name);
    if (!spec)
        spec = findIn(commonOptions(), option.name);
    if (!spec && findAnywhere(option.name))
        return wrong(option.name + " is not an option of " + called(*parsed.command));
    if (!spec)
        return wrong("there is no option " + option.name +
                     didYouMean(option.name, optionNames(*parsed.command)));
    if (!spec->repeatable && parsed.has(option.name))
        return wrong(option.name + " is given twice");
    if (auto checked = checkValue(*spec, option.value); !checked)
        return checked;
    parsed.options[option.name].push_back(option.value);

    if (spec->kind == ValueKind::NamedSetting) {
        const auto equals = option.value.find('=');
        parsed.settings.push_back(
            {option.name, option.value.substr(0, equals), option.value.substr(equals + 1)});
    } else if (const Row* row = settingOfOption(option.name); row && parsed.command->words.empty()) {
        parsed.settings.push_back(
            {option.name, std::string(row->name), row->type == Type::Bool ? "true" : option.value});
    }
    return {};
}

} // namespace

std::string ParsedCommand::value(std::string_view option, std::string_view otherwise) const
{
    const auto found = options.find(option);
    return found == options.end() ? std::string(otherwise) : found->second.back();
}

std::vector<std::string> ParsedCommand::values(std::string_view option) const
{
    const auto found = options.find(option);
    return found == options.end() ? std::vector<std::string>() : found->second;
}

Result<ParsedCommand> parseCommandLine(std::span<const std::string_view> arguments)
{
    auto tokens = split(arguments);
    if (!tokens)
        return fail(std::move(tokens.error()));
    ParsedCommand parsed;
    const auto command = takeCommand(tokens->words);
    if (!command)
        return fail(command.error());
    parsed.command = *command;
    parsed.arguments = std::move(tokens->words);
    parsed.arguments.insert(parsed.arguments.end(), tokens->files.begin(), tokens->files.end());

    for (const Occurrence& option : tokens->options) {
        if (option.name == kVersion.name)
            parsed.version = true;
        else if (auto taken = takeOption(parsed, option); !taken)
            return fail(std::move(taken.error()));
    }
    if (parsed.command->words == "help") {
        parsed.help = true;
        if (!parsed.arguments.empty()) {
            const auto about = takeCommand(parsed.arguments);
            if (!about)
                return fail(about.error());
            parsed.command = *about;
            if (!parsed.arguments.empty())
                return wrong("there is no command \"" + std::string(parsed.command->words) + " " +
                             parsed.arguments.front() + "\"");
        }
    }
    parsed.help = parsed.help || parsed.has("--help");
    if (parsed.help || parsed.version)
        return parsed;

    const CommandSpec& spec = *parsed.command;
    if (parsed.arguments.size() > spec.maxArguments)
        return wrong(called(spec) + " does not take \"" + parsed.arguments[spec.maxArguments] + "\"");
    if (parsed.arguments.size() < spec.minArguments)
        return wrong(called(spec) + " needs " + std::string(spec.arguments));
    return parsed;
}

Result<NamedPath> parseNamedPath(std::string_view text)
{
    const auto equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const bool goodName = !name.empty() && name.size() <= 64 && name.front() != '.' &&
                          std::all_of(name.begin(), name.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                     (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
                          });
    if (equals == std::string_view::npos || equals + 1 == text.size())
        return wrong("\"" + std::string(text) + "\" is not NAME=PATH");
    if (!goodName)
        return wrong("\"" + std::string(name) +
                     "\" is not a name for a share: use 1 to 64 of A-Z a-z 0-9 . _ - and no dot in front");
    return NamedPath{std::string(name), std::string(text.substr(equals + 1))};
}

} // namespace spillway::config
