// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/portclaim.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace spillway::net {

namespace {

struct ClaimName
{
    sockaddr_un address{};
    socklen_t length = 0;

    explicit ClaimName(const ListenAddress& port)
    {
        const std::string name = "spillway-port-" + std::to_string(::geteuid()) + "-" + toString(port);
        address.sun_family = AF_UNIX;
        const std::size_t size = std::min(name.size(), sizeof address.sun_path - 1);
        std::copy_n(name.begin(), size, address.sun_path + 1); // the leading NUL makes it abstract
        length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
    }
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

UniqueFd claimSocket()
{
    return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

std::optional<pid_t> holderOf(const ListenAddress& port)
{
    const ClaimName name(port);
    const UniqueFd fd = claimSocket();
    if (!fd)
        return std::nullopt;
    // Nobody accepts; who has been asked this often is taken for one of ours.
    if (::connect(fd.get(), name.get(), name.length) != 0)
        return errno == EAGAIN ? std::optional<pid_t>(0) : std::nullopt;
    ucred holder{};
    socklen_t length = sizeof holder;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_PEERCRED, &holder, &length) != 0)
        return std::nullopt;
    // Anybody may take the name, but only who could share the port is believed.
    return holder.uid == ::geteuid() ? std::optional<pid_t>(holder.pid) : std::nullopt;
}

} // namespace

UniqueFd claimPort(const ListenAddress& address)
{
    const ClaimName name(address);
    UniqueFd fd = claimSocket();
    if (!fd || ::bind(fd.get(), name.get(), name.length) != 0 || ::listen(fd.get(), 4096) != 0)
        return {};
    return fd;
}

std::optional<pid_t> portClaimedBy(const ListenAddress& address)
{
    if (auto holder = holderOf(address))
        return holder;
    const bool v6 = address.host.find(':') != std::string::npos;
    return holderOf({v6 ? "::" : "0.0.0.0", address.port});
}

} // namespace spillway::net
