// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::observe {

/// IPv6, or IPv4 mapped into it (::ffff:a.b.c.d), in network order; the port in host order.
struct PeerAddress
{
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;
};

/// One answered request, as a worker tells the access log. Views: AccessRing copies them, cut to its bounds.
struct AccessRecord
{
    WallTime time; ///< when the head was complete
    PeerAddress peer;
    std::optional<std::array<std::uint8_t, 16>> client; ///< where it is not the peer: whom a proxy stands for
    std::string_view method;
    std::string_view target; ///< as sent; secrets are hidden by the log's redactor
    std::uint8_t minorVersion = 1;
    std::uint16_t status = 0;
    std::uint64_t bytesSent = 0; ///< of the body
    std::chrono::nanoseconds duration{0};
    std::string_view userAgent;
    std::string_view referer;
    std::string_view share; ///< empty where none was meant
    std::string_view link;  ///< the link's id, empty where none was used
    std::uint64_t requestId = 0;
    bool truncated = false; ///< set when read back from a ring: the target did not fit
};

inline constexpr std::size_t maxLoggedMethod = 16;
inline constexpr std::size_t maxLoggedTarget = 1024;
inline constexpr std::size_t maxLoggedUserAgent = 256;
inline constexpr std::size_t maxLoggedReferer = 512;
inline constexpr std::size_t maxLoggedShare = 64;
inline constexpr std::size_t maxLoggedLink = 32;

} // namespace spillway::observe
