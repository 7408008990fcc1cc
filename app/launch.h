// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

#include <string>
#include <vector>

namespace spillway::app {

/// The options of this start that another start of the same server needs, from any folder: the data folder,
/// the settings file and single settings, but no secret among them, no share (they stay in the catalog) and
/// no file. Without the program.
[[nodiscard]] std::vector<std::string> launchArguments(const config::ParsedCommand& command);

/// The path of this program.
[[nodiscard]] std::string programPath();

/// Becomes a new start of this program with the same arguments but for files behind "--". Returns only where
/// that failed. Nothing of this process may need an end any more.
void startAgain(char** argv);

} // namespace spillway::app
