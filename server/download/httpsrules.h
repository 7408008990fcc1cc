// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/exchange.h"

#include <cstdint>

namespace spillway::download {

/// What a request without TLS gets while HTTPS is on (tls.plain).
struct HttpsRules
{
    enum class Plain : std::uint8_t
    {
        Serve,
        Redirect, ///< 308 to the same target of https://
        Refuse,   ///< 403
    } plain = Plain::Serve;
    std::uint16_t port = 443; ///< that clients reach HTTPS at
};

/// True where the rules let the request in. Else it is answered. Health checks and the path of ACME clients
/// are let in always: who asks for those often cannot speak TLS (yet).
[[nodiscard]] bool admitPlain(http::Exchange& exchange, const HttpsRules& rules);

} // namespace spillway::download
