// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr_storage;

namespace spillway::net {

/// Who is at the other end: an IPv6 address, or an IPv4 one mapped into it (::ffff:a.b.c.d), and the port.
struct PeerAddress
{
    std::array<std::uint8_t, 16> address{};
    std::uint16_t port = 0; ///< host order

    [[nodiscard]] bool isIPv4() const noexcept;
    [[nodiscard]] bool isLoopback() const noexcept;
    [[nodiscard]] std::string toString() const; ///< "192.0.2.7" or "2001:db8::1", without the port
    [[nodiscard]] static PeerAddress from(const sockaddr_storage& storage) noexcept;
    friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

} // namespace spillway::net
