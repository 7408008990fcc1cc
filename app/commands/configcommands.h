// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// `config check|show|docs`. Exit code.
int runConfigCommand(const config::ParsedCommand& command, bool json);

} // namespace spillway::app
