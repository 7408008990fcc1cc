// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/config/cli.h"
#include "server/config/settingsstore.h"

#include <string>

namespace spillway::app {

/// --data, else $SPILLWAY_DATA, else $XDG_DATA_HOME/spillway, else ~/.local/share/spillway.
[[nodiscard]] std::string dataFolderPath(const config::ParsedCommand& command);

/// Where this command's settings are from: the file (--config, else $SPILLWAY_CONFIG, else spillway.toml in
/// the data folder where there is one), the environment and the command line.
[[nodiscard]] config::SettingsStore settingsStore(const config::ParsedCommand& command,
                                                  const std::string& dataFolder);

/// What that store reads. The error's message holds all problems, a line each.
[[nodiscard]] Result<config::Settings> loadSettings(const config::ParsedCommand& command,
                                                    const std::string& dataFolder);

} // namespace spillway::app
