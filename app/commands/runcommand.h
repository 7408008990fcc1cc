// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// Runs every command but the one that starts the server; help and version are main's. Returns the exit code:
/// 0 done, 1 refused or failed, 2 wrong usage.
///
/// Answers go to standard output: text for people, or with --json one object (an array for lists). An error
/// is one plain sentence on standard error; with --json standard output has {"error":{"code":…,"message":…}}
/// as well. Makes its own QCoreApplication where it needs one.
int runCommand(const config::ParsedCommand& command, int argc, char** argv);

} // namespace spillway::app
