// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// `spillway config set NAME VALUE…` and `config unset NAME`: through the server that runs on the data
/// folder, which takes the change at once where it can; else into the settings file alone. Needs a
/// QCoreApplication.
int changeConfig(const config::ParsedCommand& command, bool json);

} // namespace spillway::app
