// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/ipaddress.h"

#include <span>
#include <string>
#include <vector>

namespace spillway::config {

/// One address of one network interface that is up.
struct InterfaceAddress
{
    std::string name; ///< "eth0"
    IpAddress address;
};

/// What getifaddrs(3) lists now, up and running, in its order. Empty where it fails.
[[nodiscard]] std::vector<InterfaceAddress> interfaceAddresses();

/// The address that the next desk can most likely open, of those in `addresses` whose family one of
/// `listening` accepts: a private IPv4 address of a real network interface, then a public one, a global IPv6
/// one, a unique local one, then those of tunnels (VPN), then IPv4 link-local. Bridges and pairs of
/// containers and virtual machines never. Among equals the first. Where nothing is left, loopback (IPv4 if it
/// is listened on). A socket bound to one address answers with that.
[[nodiscard]] IpAddress bestAddress(std::span<const InterfaceAddress> addresses,
                                    std::span<const Endpoint> listening);

/// The setting public_url's default: "http://192.168.1.5:8080", of the first endpoint that accepts the best
/// address; `scheme` is "http" or "https". The ports are the real ones, after binding. `listening` is not
/// empty.
[[nodiscard]] std::string defaultPublicUrl(std::span<const InterfaceAddress> addresses,
                                           std::span<const Endpoint> listening,
                                           std::string_view scheme = "http");

} // namespace spillway::config
