// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/peeraddress.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace spillway::net {

static constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool PeerAddress::isIPv4() const noexcept
{
    return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.begin());
}

bool PeerAddress::isLoopback() const noexcept
{
    if (isIPv4())
        return address[12] == 127;
    return std::all_of(address.begin(), address.end() - 1, [](auto byte) { return byte == 0; }) &&
           address[15] == 1;
}

std::string PeerAddress::toString() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (isIPv4())
        inet_ntop(AF_INET, address.data() + 12, text.data(), text.size());
    else
        inet_ntop(AF_INET6, address.data(), text.data(), text.size());
    return text.data();
}

PeerAddress PeerAddress::from(const sockaddr_storage& storage) noexcept
{
    PeerAddress peer;
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &storage, sizeof v4);
        std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), peer.address.begin());
        std::memcpy(peer.address.data() + 12, &v4.sin_addr, 4);
        peer.port = ntohs(v4.sin_port);
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &storage, sizeof v6);
        std::memcpy(peer.address.data(), &v6.sin6_addr, 16);
        peer.port = ntohs(v6.sin6_port);
    }
    return peer;
}

} // namespace spillway::net
