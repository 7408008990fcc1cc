// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingsdocs.h"

#include "server/config/settingsloader.h"

namespace spillway::config {

namespace {

std::string defaultToml(std::size_t index)
{
    static const Settings defaults;
    return formatToml(rowAt(index), defaults.value(index));
}

/// "|" would end a cell of a Markdown table.
std::string cell(std::string_view text)
{
    std::string out;
    for (char c : text)
        out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

std::string originText(const Origin& origin)
{
    return origin.kind == Origin::Kind::Default ? "default" : origin.where;
}

} // namespace

std::string settingsMarkdown()
{
    std::string out =
        "| name | what | type | default | allowed | 0 or empty means | option, variable | restart |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < kSettingCount; ++i) {
        const Row& row = rowAt(i);
        const std::string option = row.option.empty() ? "" : "`" + std::string(row.option) + "`, ";
        out += "| `" + std::string(row.name) + "` | " + cell(row.help) + " | " + typeName(row.type) + " | `" +
               cell(defaultToml(i)) + "` | " + cell(formatRange(row)) + " | " + cell(row.zeroMeans) + " | " +
               option + "`" + environmentName(row) + "` | " + (row.needsRestart ? "yes" : "no") + " |\n";
    }
    return out;
}

std::string settingsToml(const Settings& settings)
{
    // Names without a table must come first: TOML has no way back out of one.
    std::string out;
    std::string table;
    for (const bool inTable : {false, true}) {
        for (std::size_t i = 0; i < kSettingCount; ++i) {
            const Row& row = rowAt(i);
            const auto dot = row.name.find('.');
            if ((dot != std::string_view::npos) != inTable)
                continue;
            if (inTable && row.name.substr(0, dot) != table) {
                table = row.name.substr(0, dot);
                out += "\n[" + table + "]\n";
            }
            const auto texts = formatValue(row, settings.value(i));
            const bool hidden = row.secret && !(texts.size() == 1 && texts.front().empty());
            const std::string key(inTable ? row.name.substr(dot + 1) : row.name);
            out += hidden ? "# " + key + " is set and not shown"
                          : key + " = " + formatToml(row, settings.value(i));
            out += "  # " + originText(settings.origin(i)) + "\n";
        }
    }
    return out;
}

} // namespace spillway::config
