// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/exchange.h"
#include "server/observe/health.h"

namespace spillway::download {

/// Answers the fixed addresses: /healthz, /readyz, /robots.txt, /favicon.ico, and what pages
/// look like, below /.spillway/. False where the path is none of them.
[[nodiscard]] bool answerStatic(http::Exchange& exchange, const observe::Health& health);

} // namespace spillway::download
