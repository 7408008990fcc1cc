// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"

#include <algorithm>

namespace spillway::config {

namespace {

/// What starting the server takes: its own options, and one for each setting that has one.
std::vector<OptionSpec> serverOptions()
{
    std::vector<OptionSpec> options{
        {"--no-gui", ValueKind::None, {}, "Run without a window."},
        {"--background", ValueKind::None, {}, "Start with the window hidden in the tray, or minimised."},
        {"--connect", ValueKind::Text, "https://HOST:PORT",
         "Show the window for a server elsewhere; none is started here."},
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
                                           : row.type == Type::Folders ? "FOLDER"
                                           : row.type == Type::Integer ? "N"
                                                                       : "VALUE";
        options.push_back({row.option, isSwitch ? ValueKind::None : ValueKind::Setting,
                           isSwitch ? std::string_view() : valueName, row.help, isList(row.type)});
    }
    return options;
}

constexpr OptionSpec kJson{"--json", ValueKind::None, {}, "Print one JSON object, or an array for lists."};

constexpr std::string_view kGetManual =
    R"(It asks with HEAD (or for the first byte, where a server refuses HEAD), then fetches parts of the file over
several connections. A connection that is done takes over half of what the slowest still has to fetch, never a
piece that would not be worth a request. Where the server sends no parts, or has neither tag nor date to tell
versions apart, it is one connection, and a broken one begins again.

Bytes go to FILE.part, which becomes FILE when all of them are there; what is there already is noted in
FILE.part.journal. After an interruption of any kind the same command goes on: killed, it has lost 2 MiB at most,
after a power failure about the last seconds. Each part is asked for with If-Range, so a file that has changed
meanwhile is fetched afresh and never mixed. The length is checked, and the SHA-256 where the server sends one
(Repr-Digest, Content-Digest).

Without -o the name is the one that the server proposes, or the last part of the URL, as a plain name in the
folder: never a path, never hidden. A file that is there already is not replaced; one of the server's size and
time counts as fetched.

The URL of a folder is fetched as one ZIP archive where the server makes one, as Spillway does, else as the page that it is.
-r takes the URL of a folder that Spillway serves and fetches the files in it one by one; run again, only those
that are missing or have changed their size or time.

A token or password goes to the server of the URL alone, not where it redirects to. --token @FILE reads it from a
file; a token in the call is hidden from process lists at once. Proxies: http_proxy, https_proxy, no_proxy.
Certificates: the system's roots, or SSL_CERT_FILE.

On a terminal there is a bar; with --json one JSON object a line: begin, progress, retry, restart, done, failed,
end, each with "event". Otherwise only failures are said.

Exit codes (with several files, of the first that failed; --json has the word as "kind"):
    0             all is there
    1  local      this machine: disk, rights, a name that is taken, another process at the same file
    2             wrong usage
    3  refused    the server does not want to: 401, 403 and most of 4xx; check the link, token or password
    4  gone       404, 410: there is nothing (more) at that address
    5  busy       429, 503, even after waiting as long as it asked: try later
    6  broken     no connection, cut, silent, wrong answers, bad certificate: the same command goes on
    7  damaged    all bytes came, but not those of the server's digest; they were removed
    130, 143      stopped by Ctrl+C or SIGTERM: the same command goes on
)";
/// The fields of one limit; each value may be "none", which takes the field away.
std::vector<OptionSpec> limitOptions()
{
    // clang-format off
    return {
        {"--requests", ValueKind::EventRate, "RATE|none", "Requests a second, as 20/s; more are answered 429.", false, 0, true},
        {"--burst", ValueKind::Count, "N|none", "Requests at once; default: a second's worth.", false, 0, true},
        {"--bandwidth", ValueKind::Rate, "RATE|none", "Bytes a second over all its downloads, as 8MiB/s.", false, 0, true},
        {"--connections", ValueKind::Count, "N|none", "Connections at a time; more are answered 503.", false, 0, true},
        {"--downloads", ValueKind::Count, "N|none", "Downloads at a time; more wait.", false, 0, true},
        {"--queue", ValueKind::Count, "N|none", "Downloads that may wait; default: 1024.", false, 0, true},
        {"--wait", ValueKind::Duration, "DURATION|none", "How long they wait before they are answered 503; default: 30s.", false, 0, true},
        {"--priority", ValueKind::Text, "high|normal|low|none", "Its part of a level that is full: 4, 2 or 1.", false, 0, true},
    };
    // clang-format on
}

/// The rules of a link; to change it, each may be taken away.
std::vector<OptionSpec> linkOptions(bool change)
{
    // clang-format off
    std::vector<OptionSpec> options{
        {"--expires", ValueKind::DurationOrNever, "DURATION|never", change ? "How long it is good from now on." : "How long it is good; default: links.default_expiry."},
        {"--max-downloads", ValueKind::Number, change ? "N|none" : "N", "How often it may be downloaded; a recipient counts once.", false, 0, change},
        {"--password-stdin", ValueKind::None, {}, "Ask for a password: the first line of standard input."},
        {"--rate", ValueKind::Rate, change ? "RATE|none" : "RATE", "The most it sends, over all its downloads, as 2MiB/s.", false, 0, change},
        {"--allow", ValueKind::CidrBlock, change ? "BLOCK|none" : "BLOCK", "Only clients of this address block.", true, 0, change},
        {"--concurrency", ValueKind::Number, change ? "N|none" : "N", "Downloads at a time.", false, 0, change},
        {"--note", ValueKind::Text, "TEXT", "A word to whoever gets the link: its page shows it, and so do your lists."},
        {"--no-page", ValueKind::None, {}, "Browsers get the file at once, no page before it."}};
    if (change) {
        options.push_back({"--no-password", ValueKind::None, {}, "Take the password away."});
        options.push_back({"--page", ValueKind::None, {}, "Browsers get a page first."});
    } else {
        options.push_back({"--qr", ValueKind::None, {}, "Print the URL as a QR code too."});
    }
    // clang-format on
    return options;
}

/// As written; commands() adds what follows from it.
std::vector<CommandSpec> writtenTable()
{
    // clang-format off
    return {
        {"", "[-- FILE...]", 0, 100000,
         "Start the server; files behind -- are shared, by the server that runs already where one does.", serverOptions()},
        {"share add", "NAME PATH", 2, 2, "Share a folder or a file under a name.",
         {{"--public", ValueKind::None, {}, "Everybody who can reach this machine may read it."},
          {"--dot-files", ValueKind::None, {}, "Show files whose name begins with a dot."},
          {"--no-listing", ValueKind::None, {}, "Folders cannot be listed; files are found by their full name only."},
          {"--cache-max-age", ValueKind::Duration, "DURATION", "How long caches may keep a file."}}},
        {"share list", "", 0, 0, "List the shares.", {}},
        {"share remove", "NAME", 1, 1, "Stop sharing; its links end, its files stay.", {}},
        {"link create", "SHARE/PATH", 1, 1, "Make a link that can be changed and revoked later, and print its URL.", linkOptions(false)},
        {"link update", "LINK", 1, 1, "Change a link's rules, also for downloads that run; what is not given stays.", linkOptions(true)},
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
        {"link receipts", "LINK", 1, 1, "List who took a link, newest first, and how much of it arrived.", {}},
        {"link revoke", "LINK...", 1, 1000, "End links now.", {}},
        {"get", "URL...", 0, 100000, "Download files from any HTTP server: in parallel, resumable, verified.",
         {{"--output", ValueKind::Text, "FILE", "Write to this file, and replace it.", false, 'o'},
          {"--directory", ValueKind::Text, "DIR", "The folder for files that the server names.", false, 'd'},
          {"--jobs", ValueKind::Number, "N", "The most connections at once; default: 4.", false, 'j'},
          {"--input", ValueKind::Text, "FILE", "Take URLs from a list too, one a line; - is standard input.", false, 'i'},
          {"--recursive", ValueKind::None, {}, "The URL is a folder of a Spillway: fetch its files one by one.", false, 'r'},
          {"--overwrite", ValueKind::None, {}, "Replace files that are there already."},
          {"--limit-rate", ValueKind::Rate, "RATE", "The most it takes, as 2MiB/s, all connections together."},
          {"--segment-size", ValueKind::Size, "SIZE", "Fixed pieces of this size, instead of adaptive ones."},
          {"--tries", ValueKind::Number, "N", "Failures in a row, without a byte, before it gives up; default: 10, and 3 where nobody has answered yet."},
          {"--timeout", ValueKind::Duration, "DURATION", "How long a connection may be silent; default: 20s."},
          {"--max-wait", ValueKind::Duration, "DURATION", "The longest Retry-After to wait for; default: 5m."},
          {"--token", ValueKind::Text, "TOKEN|@FILE", "Send this token (Bearer)."},
          {"--password-stdin", ValueKind::None, {}, "Read a password from standard input (Basic)."},
          {"--ca-file", ValueKind::Text, "FILE", "Trust these certificates instead of the system's."},
          {"--json", ValueKind::None, {}, "Print what happens as JSON, an object a line."}},
         kGetManual},
        {"limit show", "[LEVEL [ID]]", 0, 2,
         "Show what a level or one of its members may take: server, share, token, link, ip or connection; no ID: the default.", {}},
        {"limit set", "LEVEL [ID]", 1, 2, "Change it, also for downloads that run; what is not given stays.", limitOptions()},
        {"token create", "NAME", 1, 1, "Make an API token and print it; it is never shown again.",
         {{"--scope", ValueKind::Text, "LIST", "Of download, list, share, view, admin, with commas; default: download,list."},
          {"--share", ValueKind::Text, "NAME", "Only for this share; default: all.", true},
          {"--expires", ValueKind::DurationOrNever, "DURATION|never", "How long it is good; default: never ends."}}},
        {"token list", "", 0, 0, "List the tokens, without their text.", {}},
        {"token revoke", "TOKEN...", 1, 1000, "End tokens now, and the downloads that run by them.", {}},
        {"key list", "", 0, 0, "List the signing keys, never their secrets.", {}},
        {"key rotate", "", 0, 0, "Sign new links with a new key; links of the old one stay good.", {}},
        {"key export", "KEY", 1, 1, "Print a key's secret in hexadecimal, for a program that makes presigned URLs.", {}},
        {"key retire", "KEY", 1, 1, "End a key, and with it every link and URL it signed.", {}},
        {"ban list", "", 0, 0, "List the banned addresses.", {}},
        {"ban add", "ADDRESS", 1, 1, "Refuse an address, or an IPv6 /64, from now on; its running downloads go on.",
         {{"--for", ValueKind::DurationOrForever, "DURATION|forever", "How long; default: forever, until it is lifted."},
          {"--reason", ValueKind::Text, "TEXT", "A word to yourself, shown in lists."}}},
        {"ban lift", "ADDRESS...", 1, 1000, "End bans now and forget what led to them.", {}},
        {"tls self-signed", "", 0, 0,
         "Make a certificate for HTTPS that vouches for itself, for a first try, in the data folder.",
         {{"--name", ValueKind::Text, "HOST", "A name or address that clients use, besides those of this machine.", true},
          {"--force", ValueKind::None, {}, "Replace the one that is there."}}},
        {"mode show", "", 0, 0, "Show the server's modes and what set them.", {}},
        {"mode set", "MODE", 1, 1,
         "Set a mode by hand: saving, catalog-down, read-only, paused, draining; normal takes all back.",
         {{"--off", ValueKind::None, {}, "Take it back; its rule decides again."},
          {"--never", ValueKind::None, {}, "Not even where its rule wants it, until it is taken back."}}},
        {"console invite", "", 0, 0, "Print one line that a console on another machine takes by paste to connect to this server, once.",
         {{"--host", ValueKind::Text, "HOST", "The name or address that it uses; default: this machine's best address."},
          {"--for", ValueKind::Duration, "DURATION", "How long the line is good, up to 24h; default: 10m."}}},
        {"audit show", "", 0, 0, "Show who changed what, newest first.",
         {{"--limit", ValueKind::Number, "N", "How many entries; default: 50."},
          {"--search", ValueKind::Text, "TEXT", "Only entries with this in them: a name, an operation, an address."}}},
        {"audit verify", "", 0, 0, "Tell whether a line of the audit log was changed, removed or cut off, and which.",
         {{"--head", ValueKind::Text, "HEAD", "A head that was printed earlier; its line must still be there."}}},
        {"status", "", 0, 0, "Show what the running server does.", {}},
        {"doctor", "", 0, 0, "Check this machine's limits, disk, clock and permissions, and say how to mend each.", {}},
        {"config check", "", 0, 0, "Check the settings and name every mistake.", {}},
        {"config show", "", 0, 0, "Print the settings in force and where each is from.", {}},
        {"config set", "NAME VALUE...", 1, 65,
         "Change a setting in the settings file, and in a running server; its comments stay.",
         {{"--stdin", ValueKind::None, {}, "Read the value from the first line of standard input."}}},
        {"config unset", "NAME", 1, 1, "Take a setting out of the settings file: back to its default.", {}},
        {"config docs", "", 0, 0, "Print the table of all settings.",
         {{"--man", ValueKind::None, {}, "As the manual page spillway.toml(5)."}}},
        {"help", "[COMMAND]", 0, 2, "Show all commands, or how one is used.",
         {{"--man", ValueKind::None, {}, "All of them, as the manual page spillway(1)."},
          {"--completion", ValueKind::Text, "bash|zsh|fish", "What this shell needs to complete command lines."}}},
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
            const bool hasOwn =
                std::any_of(command.options.begin(), command.options.end(),
                            [](const OptionSpec& option) { return option.name == kJson.name; });
            if (printsData && !hasOwn)
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
