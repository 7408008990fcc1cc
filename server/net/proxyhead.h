// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/peeraddress.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace spillway::net {

/// The longest head of the PROXY protocol that is taken; its sender must fit it into one packet of 536 bytes
/// (§2).
inline constexpr std::size_t kMaxProxyHead = 536;

/// The head that a proxy writes before its client's first byte (haproxy's proxy-protocol.txt, versions 1 and
/// 2).
struct ProxyHead
{
    enum class Outcome : std::uint8_t
    {
        NeedMore,
        Complete,
        Bad
    } outcome = Outcome::Bad;
    std::size_t size = 0; ///< Complete: bytes of the head; what follows is the client's
    /// Who the proxy speaks for. Empty for "UNKNOWN", "LOCAL" (a health check of the proxy itself) and
    /// addresses that are not IP: then the proxy is the client.
    std::optional<PeerAddress> client;
};

/// Looks at the first bytes of a connection, at most kMaxProxyHead of them: with so many it never asks for
/// more. Strict: a wrong port, address, version or length is Bad. Pure; allocates nothing.
[[nodiscard]] ProxyHead parseProxyHead(std::string_view bytes);

} // namespace spillway::net
