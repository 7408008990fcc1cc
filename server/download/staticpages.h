// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/rules.h"
#include "server/http/exchange.h"
#include "server/observe/health.h"

namespace spillway::download {

/// Answers the fixed addresses: /healthz, /readyz, /robots.txt, /favicon.ico. False where the path is none of
/// them.
[[nodiscard]] bool answerStatic(http::Exchange& exchange, const observe::Health& health);

/// "/": the public shares as a list, or a sentence where there are none.
[[nodiscard]] std::string rootPage(const Rules& rules);

} // namespace spillway::download
