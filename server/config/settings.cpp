// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settings.h"

namespace spillway::config {

namespace {

/// Parsed once: the rows are constant, and a test sees to it that each default is good.
const std::vector<Value>& defaults()
{
    static const std::vector<Value> values = [] {
        std::vector<Value> parsed;
        for (const Row& row : table::kRows) {
            const std::vector<std::string> texts =
                isList(row.type) ? splitList(row.defaultText) : std::vector{std::string(row.defaultText)};
            parsed.push_back(parseValue(row, texts).value());
        }
        return parsed;
    }();
    return values;
}

} // namespace

Settings::Settings() : values_(defaults()), origins_(kSettingCount) {}

Result<void> Settings::set(std::size_t index, const std::vector<std::string>& texts, Origin origin)
{
    auto parsed = parseValue(rowAt(index), texts);
    if (!parsed)
        return fail(std::move(parsed.error()));
    values_[index] = std::move(*parsed);
    origins_[index] = std::move(origin);
    return {};
}

std::vector<Change> diff(const Settings& before, const Settings& after)
{
    std::vector<Change> changes;
    for (std::size_t i = 0; i < kSettingCount; ++i)
        if (before.value(i) != after.value(i))
            changes.push_back({rowAt(i).name, rowAt(i).needsRestart});
    return changes;
}

} // namespace spillway::config
