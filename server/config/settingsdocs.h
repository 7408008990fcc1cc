// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"

namespace spillway::config {

/// `spillway config docs`: a Markdown table of all settings.
[[nodiscard]] std::string settingsMarkdown();
/// `spillway config show`: a complete spillway.toml with the values in force; each line says where its value
/// is from. A secret is shown as a comment that it is set.
[[nodiscard]] std::string settingsToml(const Settings& settings);

} // namespace spillway::config
