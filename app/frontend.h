// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// Runs the server with its window in this process: `spillway` without --no-gui. Returns the exit code; 2,
/// with one line that names --no-gui, where there is no display.
///
/// frontend_widgets.cpp is linked where SPILLWAY_GUI is ON, frontend_none.cpp else: that one serves without a
/// window.
int runFrontend(const config::ParsedCommand& command, int argc, char** argv);

} // namespace spillway::app
