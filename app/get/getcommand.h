// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::get {

/// `spillway get`. Needs no server, no data folder and no Qt application. Returns the exit code: 0 all is
/// there, 2 wrong usage, 130 or 143 stopped by a signal, else that of the first failure (FailureKind). What
/// `argv` holds of a token is overwritten, so that process lists do not show it.
int runGet(const config::ParsedCommand& command, int argc, char** argv);

} // namespace spillway::get
