// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/outsidecontact.h"

#include <sys/socket.h>

namespace spillway::net {

bool isFromThisMachine(int fd, const PeerAddress& peer) noexcept
{
    if (peer.isLoopback())
        return true;
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    return ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) == 0 &&
           PeerAddress::from(storage).address == peer.address;
}

} // namespace spillway::net
