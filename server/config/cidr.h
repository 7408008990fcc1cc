// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/ipaddress.h"

#include <span>

namespace spillway::config {

/// A block of addresses: "10.0.0.0/8", "2001:db8::/32", or one address. A plain value; matching costs two
/// masked compares.
///
/// An IPv4 block matches IPv4 clients only and an IPv6 block IPv6 clients only: "::/0" is every IPv6 address
/// and no IPv4 one, although IPv4 is kept as ::ffff:0:0/96. Everybody is {"0.0.0.0/0", "::/0"}.
struct Cidr
{
    IpAddress network;         ///< bits beyond the prefix are zero
    std::uint8_t prefix = 128; ///< of the 16 bytes: an IPv4 /8 is 104

    [[nodiscard]] bool contains(const IpAddress& address) const;
    friend auto operator<=>(const Cidr&, const Cidr&) = default;
};

/// Strict (RFC 4632 §3.1): bits beyond the prefix must be zero ("10.0.0.1/8" is refused and told what was
/// meant). Allocates only for an error.
[[nodiscard]] Result<Cidr> parseCidr(std::string_view text);
[[nodiscard]] std::string formatCidr(const Cidr& cidr);

/// False for an empty list: a caller for whom "no list" means "everybody" asks that first.
[[nodiscard]] bool containsAddress(std::span<const Cidr> blocks, const IpAddress& address);

} // namespace spillway::config
