// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::config {

/// An IPv6 address in network order, or an IPv4 one as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2): one type for both,
/// so that a client over a dual-stack proxy is the same client. A plain value.
struct IpAddress
{
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
    [[nodiscard]] bool isV4() const; ///< v4-mapped
    [[nodiscard]] bool isLoopback() const;
    [[nodiscard]] bool isUnspecified() const; ///< 0.0.0.0 or ::
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// "192.0.2.1" or "2001:db8::1", nothing around it: no brackets, no zone, no leading zeros, no host names.
[[nodiscard]] Result<IpAddress> parseIpAddress(std::string_view text);
/// RFC 5952 text; v4-mapped addresses as IPv4.
[[nodiscard]] std::string formatIpAddress(const IpAddress& address);

/// Where a socket listens. Port 0: the system picks one.
struct Endpoint
{
    IpAddress address;
    std::uint16_t port = 0;
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// "0.0.0.0:8080" or "[::]:8080". InvalidArgument with a sentence that says what is missing.
[[nodiscard]] Result<Endpoint> parseEndpoint(std::string_view text);
[[nodiscard]] std::string formatEndpoint(const Endpoint& endpoint);

} // namespace spillway::config
