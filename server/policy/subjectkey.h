// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/peeraddress.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spillway::policy {

/// Whom or what a limit is for, in 16 bytes: an address, a link's or token's id, a share's number, the first
/// half of a SHA-256. A plain value.
struct SubjectKey
{
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const SubjectKey&, const SubjectKey&) = default;

    /// The first 16 bytes: ids are no longer.
    [[nodiscard]] static SubjectKey text(std::string_view id)
    {
        SubjectKey key;
        std::copy_n(id.begin(), std::min(id.size(), key.bytes.size()), key.bytes.begin());
        return key;
    }
    [[nodiscard]] static SubjectKey number(std::int64_t number)
    {
        SubjectKey key;
        std::memcpy(key.bytes.data(), &number, sizeof number);
        return key;
    }
    /// One client: an IPv4 address, or an IPv6 /64, which is what one household or machine has.
    [[nodiscard]] static SubjectKey client(const net::PeerAddress& peer)
    {
        SubjectKey key{peer.address};
        if (!peer.isIPv4())
            std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
        return key;
    }

    struct Hash
    {
        /// Clients choose their addresses, so the hash is seeded anew in each process.
        [[nodiscard]] std::size_t operator()(const SubjectKey& key) const noexcept;
    };
};

} // namespace spillway::policy
