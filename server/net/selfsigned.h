// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/config/ipaddress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace spillway::net {

/// A certificate that vouches for itself: for a first try, and for clients that compare its fingerprint.
struct SelfSigned
{
    std::string certificatePem, keyPem;
    std::string fingerprint; ///< SHA-256, "AB:CD:…"
    std::int64_t notAfter = 0;
};

/// The longest that a client of today believes a certificate for (397 days).
inline constexpr std::int64_t kSelfSignedDays = 397;

/// EC P-256, good for `names` and `addresses` from `now` (Unix time) for `days`. InvalidArgument
/// where a name is no host name (letters, digits, "-", "." and a leading "*."), Internal where OpenSSL fails.
[[nodiscard]] Result<SelfSigned> makeSelfSigned(const std::vector<std::string>& names,
                                                const std::vector<config::IpAddress>& addresses,
                                                std::int64_t now, std::int64_t days = kSelfSignedDays);

/// What clients on this network may call this machine.
struct MachineNames
{
    std::vector<std::string> names;
    std::vector<config::IpAddress> addresses;
    void add(const std::string& text); ///< a name or an address; what is there already is not added again
};
/// `first`, then the host's name, localhost, and the addresses of its interfaces but for link-local ones.
[[nodiscard]] MachineNames machineNames(const std::vector<std::string>& first = {});

} // namespace spillway::net
