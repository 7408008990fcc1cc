// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"

namespace spillway::config {

namespace {

/// What starting the server takes: its own options, and one for each setting that has one.
std::vector<OptionSpec> serverOptions()
{
    std::vector<OptionSpec> options{
        {"--no-gui", ValueKind::None, {}, "Run without a window."},
        {"--share", ValueKind::Share, "NAME=PATH",
         "Share this folder or file under this name; readers need a link.", true},
        {"--public-share", ValueKind::Share, "NAME=PATH",
         "Share it with everybody who can reach this machine.", true},
    };
    for (const Row& row : table::kRows) {
        if (row.option.empty())
            continue;
        const bool isSwitch = row.type == Type::Bool;
        const std::string_view valueName = row.type == Type::Endpoints ? "ADDR:PORT"
                                           : row.type == Type::Cidrs   ? "BLOCK"
                                           : row.type == Type::Integer ? "N"
                                                                       : "VALUE";
        options.push_back({row.option, isSwitch ? ValueKind::None : ValueKind::Setting,
                           isSwitch ? std::string_view() : valueName, row.help, isList(row.type)});
    }
    return options;
}

constexpr OptionSpec kJson{"--json", ValueKind::None, {}, "Print one JSON object, or an array for lists."};

/// As written; commands() adds what follows from it.
std::vector<CommandSpec> writtenTable()
{
    // clang-format off
    return {
        {"", "", 0, 0, "Start the server.", serverOptions()},
        {"share add", "NAME PATH", 2, 2, "Share a folder or a file under a name.",
         {{"--public", ValueKind::None, {}, "Everybody who can reach this machine may read it."},
          {"--dot-files", ValueKind::None, {}, "Show files whose name begins with a dot."},
          {"--no-listing", ValueKind::None, {}, "Folders cannot be listed; files are found by their full name only."},
          {"--cache-max-age", ValueKind::Duration, "DURATION", "How long caches may keep a file."}}},
        {"share list", "", 0, 0, "List the shares.", {}},
        {"share remove", "NAME", 1, 1, "Stop sharing; its links end, its files stay.", {}},
        {"link create", "SHARE/PATH", 1, 1, "Make a link that can be changed and revoked later, and print its URL.",
         {{"--expires", ValueKind::DurationOrNever, "DURATION|never", "How long it is good; default: links.default_expiry."},
          {"--note", ValueKind::Text, "TEXT", "A word to yourself, shown in lists."},
          {"--no-page", ValueKind::None, {}, "Browsers get the file at once, no page before it."},
          {"--qr", ValueKind::None, {}, "Print the URL as a QR code too."}}},
        {"link presign", "SHARE/PATH", 1, 1,
         "Print a URL that carries its own rules; only its expiry or retiring its key ends it.",
         {{"--expires", ValueKind::DurationOrNever, "DURATION|never", "How long it is good; default: links.default_expiry."},
          {"--allow", ValueKind::CidrBlock, "BLOCK", "Only clients of this address block.", true},
          {"--rate", ValueKind::Rate, "RATE", "The most it sends, as 2MiB/s."}}},
        {"link list", "", 0, 0, "List the links, without their signatures.",
         {{"--share", ValueKind::Text, "NAME", "Only those of this share."},
          {"--all", ValueKind::None, {}, "Expired and revoked ones too."}}},
        {"link show", "LINK", 1, 1, "Show one link with its URL.",
         {{"--qr", ValueKind::None, {}, "Print the URL as a QR code too."}}},
        {"link revoke", "LINK...", 1, 1000, "End links now.", {}},
        {"key list", "", 0, 0, "List the signing keys, never their secrets.", {}},
        {"key rotate", "", 0, 0, "Sign new links with a new key; links of the old one stay good.", {}},
        {"key export", "KEY", 1, 1, "Print a key's secret in hexadecimal, for a program that makes presigned URLs.", {}},
        {"key retire", "KEY", 1, 1, "End a key, and with it every link and URL it signed.", {}},
        {"tls self-signed", "", 0, 0,
         "Make a certificate for HTTPS that vouches for itself, for a first try, in the data folder.",
         {{"--name", ValueKind::Text, "HOST", "A name or address that clients use, besides those of this machine.", true},
          {"--force", ValueKind::None, {}, "Replace the one that is there."}}},
        {"status", "", 0, 0, "Show what the running server does.", {}},
        {"doctor", "", 0, 0, "Check this machine's limits, disk, clock and permissions, and say how to mend each.", {}},
        {"config check", "", 0, 0, "Check the settings and name every mistake.", {}},
        {"config show", "", 0, 0, "Print the settings in force and where each is from.", {}},
        {"config docs", "", 0, 0, "Print the table of all settings.",
         {{"--man", ValueKind::None, {}, "As the manual page spillway.toml(5)."}}},
        {"help", "[COMMAND]", 0, 2, "Show all commands, or how one is used.",
         {{"--man", ValueKind::None, {}, "All of them, as the manual page spillway(1)."}}},
    };
    // clang-format on
}

} // namespace

const std::vector<OptionSpec>& commonOptions()
{
    static const std::vector<OptionSpec> options{
        {"--config", ValueKind::Text, "FILE",
         "The settings file; default: $SPILLWAY_CONFIG, else spillway.toml in the data folder."},
        {"--data", ValueKind::Text, "DIR",
         "The data folder: catalog, keys, logs; default: $SPILLWAY_DATA, else the user's own."},
        {"--set", ValueKind::NamedSetting, "NAME=VALUE",
         "Set any setting for this run (see spillway config docs).", true},
        {"--help", ValueKind::None, {}, "Show how the command is used."},
    };
    return options;
}

const std::vector<CommandSpec>& commands()
{
    static const std::vector<CommandSpec> table = [] {
        std::vector<CommandSpec> all = writtenTable();
        for (CommandSpec& command : all) {
            const bool printsData =
                !command.words.empty() && command.words != "help" && command.words != "config docs";
            if (printsData)
                command.options.push_back(kJson);
        }
        return all;
    }();
    return table;
}

const CommandSpec* findCommand(std::string_view words)
{
    for (const CommandSpec& command : commands())
        if (command.words == words)
            return &command;
    return nullptr;
}

} // namespace spillway::config
