// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// Runs the server without a window until it is told to end: `spillway --no-gui …`. Returns the exit code.
int serve(const config::ParsedCommand& command, int argc, char** argv);

} // namespace spillway::app
