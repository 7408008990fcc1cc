// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settingsloader.h"

namespace spillway::config {

/// One value of a settings file, its tables flattened to a dotted name.
struct TomlEntry
{
    std::string name;
    std::vector<std::string> texts; ///< several where the file has an array
    std::string where;              ///< "FILE:LINE:COLUMN" of the value
};

/// This and tomledit.h alone know toml++. What is not TOML, or is a kind of value the setting does not take
/// (a number in quotes, a date, a table where a value belongs), is a problem and no entry. Names that no row
/// has are entries all the same.
[[nodiscard]] std::vector<TomlEntry> readToml(std::string_view text, const std::string& fileName,
                                              std::vector<Problem>& problems);

} // namespace spillway::config
