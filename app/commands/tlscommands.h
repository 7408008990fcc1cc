// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cli.h"

namespace spillway::app {

/// `spillway tls self-signed`: certificate.pem and key.pem in DATA/tls, readable by their owner only, good
/// for this machine's host name, addresses and localhost. A running server takes them by itself.
int makeSelfSigned(const config::ParsedCommand& command, bool json);

} // namespace spillway::app
