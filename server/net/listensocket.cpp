// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/listensocket.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace spillway::net {

namespace {

/// The accept queue; the kernel cuts it to net.core.somaxconn, which `spillway doctor` looks at.
constexpr int kBacklog = 65535;

struct SocketAddress
{
    sockaddr_storage storage{};
    socklen_t length = 0;
};

Result<SocketAddress> toSocketAddress(const ListenAddress& address)
{
    SocketAddress result;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(address.port);
        std::memcpy(&result.storage, &v4, sizeof v4);
        result.length = sizeof v4;
    } else if (inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(address.port);
        std::memcpy(&result.storage, &v6, sizeof v6);
        result.length = sizeof v6;
    } else {
        return fail(ErrorCode::InvalidArgument,
                    "cannot listen on \"" + address.host + "\": write a numeric address, as 0.0.0.0 or [::]");
    }
    return result;
}

Result<UniqueFd> bindSocket(const ListenAddress& address, const SocketAddress& where, bool reusePort)
{
    UniqueFd fd(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) {
        if (errno == EAFNOSUPPORT)
            return fail(ErrorCode::Unsupported,
                        "this machine has no support for the address " + toString(address));
        return fail(osError("cannot make a socket for " + toString(address), errno));
    }
    const int one = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (where.storage.ss_family == AF_INET6)
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (reusePort)
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&where.storage), where.length) != 0) {
        if (errno == EADDRINUSE)
            return fail(ErrorCode::AlreadyExists,
                        "port " + std::to_string(address.port) + " on " + address.host +
                            " is taken by another program: stop that one, choose another port with --listen, "
                            "or join a Spillway that runs there with --join-port",
                        EADDRINUSE);
        if (errno == EADDRNOTAVAIL)
            return fail(ErrorCode::Unsupported, "this machine does not have the address " + address.host,
                        errno);
        return fail(osError("cannot listen on " + toString(address), errno));
    }
    return fd;
}

std::uint16_t boundPort(int fd)
{
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length);
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &storage, sizeof v6);
        return ntohs(v6.sin6_port);
    }
    sockaddr_in v4;
    std::memcpy(&v4, &storage, sizeof v4);
    return ntohs(v4.sin_port);
}

} // namespace

Result<std::vector<UniqueFd>> listenGroup(ListenAddress& address, std::size_t workers, bool joinGroup)
{
    auto where = toSocketAddress(address);
    if (!where)
        return fail(where.error());
    if (!joinGroup && address.port != 0) {
        auto probe = bindSocket(address, *where, false);
        if (!probe)
            return fail(probe.error());
        // SO_REUSEADDR lets two sockets bind one port while neither listens; listening is what shows the
        // other program.
        if (::listen(probe->get(), 1) != 0)
            return fail(ErrorCode::AlreadyExists,
                        "port " + std::to_string(address.port) + " on " + address.host +
                            " is taken by another program",
                        errno);
    }
    std::vector<UniqueFd> sockets;
    for (std::size_t i = 0; i < workers; ++i) {
        auto fd = bindSocket(address, *where, true);
        if (!fd)
            return fail(fd.error());
        if (address.port == 0) {
            address.port = boundPort(fd->get());
            where = toSocketAddress(address);
        }
        if (::listen(fd->get(), kBacklog) != 0)
            return fail(osError("cannot listen on " + toString(address), errno));
        sockets.push_back(std::move(*fd));
    }
    return sockets;
}

std::string toString(const ListenAddress& address)
{
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

} // namespace spillway::net
