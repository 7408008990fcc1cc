// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <cstdint>
#include <string>
#include <vector>

namespace spillway::net {

/// Where to listen: a numeric address ("0.0.0.0", "::1") and a port, 0 for any free one.
struct ListenAddress
{
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// What a listener's clients begin with.
struct ListenerKind
{
    bool tls = false;
    bool proxyProtocol = false; ///< from trusted proxies, and then from all of them
};

/// Makes one listening socket per worker for each address, all of one SO_REUSEPORT group (an IPv6 one with
/// IPV6_V6ONLY).
///
/// A port that another process has is refused with AlreadyExists: SO_REUSEPORT alone would silently split its
/// clients (engine note 23), so the address is first bound without the option. `joinGroup` skips that look,
/// for a second process that shares the port on purpose. On return `address` holds the real port. An address
/// family that the machine lacks is ErrorCode::Unsupported.
[[nodiscard]] Result<std::vector<UniqueFd>> listenGroup(ListenAddress& address, std::size_t workers,
                                                        bool joinGroup);

/// "192.0.2.7:8080" or "[::1]:8080".
[[nodiscard]] std::string toString(const ListenAddress& address);

} // namespace spillway::net
