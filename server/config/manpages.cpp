// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/manpages.h"

#include "server/config/cli.h"
#include "server/config/settings.h"
#include "server/config/settingsloader.h"

#include <algorithm>

namespace spillway::config {

namespace {

/// Of the release; a page without a date is not a complete one.
constexpr std::string_view kDate = "2026-11-24";

std::string header(std::string_view title, int section, std::string_view version)
{
    return ".\\\" SPDX-License-Identifier: GPL-3.0-or-later\n.TH " + std::string(title) + " " +
           std::to_string(section) + " \"" + std::string(kDate) + "\" \"Spillway " + roffText(version) +
           "\"\n";
}

std::string paragraph(std::string_view text)
{
    return ".PP\n" + roffText(text) + "\n";
}

/// A tagged paragraph: its tag in bold (after its letter, where it has one), then what it means.
std::string entry(std::string_view tag, std::string_view value, std::string_view text, char letter = 0)
{
    std::string line = ".TP\n";
    if (letter != 0)
        line += "\\fB" + roffText("-" + std::string(1, letter)) + "\\fR, ";
    line += "\\fB" + roffText(tag) + "\\fR";
    if (!value.empty())
        line += " \\fI" + roffText(value) + "\\fR";
    return line + "\n" + roffText(text) + "\n";
}

std::string optionEntries(const std::vector<OptionSpec>& options)
{
    std::string out;
    for (const OptionSpec& option : options)
        out +=
            entry(option.name, option.valueName,
                  std::string(option.help) + (option.repeatable ? " Can be repeated." : ""), option.letter);
    return out;
}

/// A command's own text: paragraphs between empty lines; lines that begin with blanks stay as they are.
std::string manualText(std::string_view text)
{
    std::string out;
    bool asIs = false, begun = false;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.starts_with(' ') != asIs) {
            asIs = !asIs;
            out += asIs ? ".nf\n" : ".fi\n";
        }
        if (line.empty() || !begun)
            out += ".PP\n";
        begun = true;
        if (!line.empty())
            out += roffText(line) + "\n";
    }
    return asIs ? out + ".fi\n" : out;
}

std::string commandSection(const CommandSpec& command)
{
    std::string call = "spillway";
    if (!command.words.empty())
        call += " " + std::string(command.words);
    std::string out = ".SS \"" + roffText(call) + "\"\n.nf\n\\fB" + roffText(call) + "\\fR";
    if (!command.arguments.empty())
        out += " \\fI" + roffText(command.arguments) + "\\fR";
    out += command.options.empty() ? "\n.fi\n" : " [\\fIOPTION\\fR]...\n.fi\n";
    return out + paragraph(command.help) + optionEntries(command.options) + manualText(command.manual);
}

constexpr std::string_view kSignals[][2] = {
    {"SIGTERM, SIGINT",
     "No new connections; running downloads have until drain.deadline. A second one ends at once."},
    {"SIGHUP", "Read the settings again; those that need a restart are named in the log."},
    {"SIGUSR1", "Open the access log again, after it was rotated."},
};

constexpr std::string_view kFiles[][2] = {
    {"catalog.db", "Shares, links, keys and tokens. Back it up: without it, links are dead."},
    {"index.db", "Names, sizes and checksums of the shared files. It is built again when it is gone."},
    {"spillway.toml", "Settings; see spillway.toml(5)."},
    {"access.log", "One line for each request, without secrets."},
    {"admin.json", "Where the running server's admin API is, and its token. Only its owner can read it."},
};

template<std::size_t N>
std::string entries(const std::string_view (&rows)[N][2])
{
    std::string out;
    for (const auto& [tag, text] : rows)
        out += entry(tag, {}, text);
    return out;
}

std::string settingEntry(std::size_t index)
{
    static const Settings defaults;
    const Row& row = rowAt(index);
    std::string out = entry(row.name, {}, row.help);
    std::string facts =
        std::string(typeName(row.type)) + ", default " + formatToml(row, defaults.value(index));
    if (const std::string range = formatRange(row); !range.empty())
        facts += ", allowed: " + range;
    facts += ".";
    if (!row.zeroMeans.empty())
        facts += " 0 or empty: " + std::string(row.zeroMeans) + ".";
    if (!row.option.empty())
        facts += " Option " + std::string(row.option) + ".";
    facts += std::string(" Variable ") + environmentName(row) + ".";
    if (row.needsRestart)
        facts += " Needs a restart.";
    return out + ".br\n" + roffText(facts) + "\n";
}

} // namespace

std::string roffText(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '"')
            out += "\\(dq";
        else
            out += c;
    }
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string programManPage(std::string_view version)
{
    std::string out = header("SPILLWAY", 1, version);
    out += ".SH NAME\nspillway \\- share files by signed links\n";
    out += ".SH SYNOPSIS\n.B spillway\n[\\fICOMMAND\\fR] [\\fIOPTION\\fR]...\n";
    out += ".SH DESCRIPTION\n" +
           roffText("Spillway shares folders and files over HTTP: publicly, or by links that expire "
                    "and can be revoked. Without a command it starts the server.") +
           "\n";
    out += paragraph(
        "A command finds the server that runs on its data folder and goes through it; with none, it works on "
        "the folder itself.");
    out += ".SH \"OPTIONS OF EVERY COMMAND\"\n" + optionEntries(commonOptions());
    out += ".SH COMMANDS\n";
    for (const CommandSpec& command : commands())
        out += commandSection(command);
    out += ".SH SIGNALS\n" + entries(kSignals);
    out += ".SH FILES\n" + roffText("In the data folder (--data; else spillway below $XDG_DATA_HOME):") +
           "\n" + entries(kFiles);
    out += ".SH \"EXIT STATUS\"\n" +
           roffText("0: done. 1: refused or failed. 2: wrong usage. Those of spillway get are said there.") +
           "\n";
    out += ".SH \"SEE ALSO\"\n.BR spillway.toml (5)\n";
    return out;
}

std::string settingsManPage(std::string_view version)
{
    std::string out = header("SPILLWAY.TOML", 5, version);
    out += ".SH NAME\nspillway.toml \\- settings of spillway\n.SH DESCRIPTION\n";
    out +=
        roffText(
            "A setting comes from spillway.toml in the data folder (or the file of --config), then from the "
            "environment, then from the command line (--set NAME=VALUE); the later one wins. An unknown name "
            "or a "
            "bad value is an error that names its line.") +
        "\n";
    out += paragraph("Durations are 90s, 15m, 12h, 7d; sizes 64KiB, 2MiB, 1GB; rates 2MiB/s.");
    out += ".SH SETTINGS\n";
    for (std::size_t i = 0; i < kSettingCount; ++i)
        out += settingEntry(i);
    out += ".SH \"SEE ALSO\"\n.BR spillway (1)\n";
    return out;
}

} // namespace spillway::config
