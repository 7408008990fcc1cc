// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commands/backend.h"

namespace spillway::app {

/// `spillway audit show`: newest first, as many as --limit says.
int showAudit(Backend& backend, const config::ParsedCommand& command, bool json);

/// `spillway audit verify`: reads the files themselves, whether a server runs or not, so that nobody has to
/// be believed. 0 where all fits, 1 where something does not.
int verifyAudit(const config::ParsedCommand& command, bool json);

} // namespace spillway::app
