// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/listensocket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace spillway::net {
namespace {

std::uint16_t portOf(int fd)
{
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length), 0);
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port); // the same place in sockaddr_in6
}

/// A listener of another program, one without SO_REUSEPORT, on a free port.
UniqueFd plainListener(std::uint16_t& port)
{
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int one = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 5), 0);
    port = portOf(fd.get());
    return fd;
}

ErrorCode codeOf(ListenAddress address, bool join, std::size_t workers = 2)
{
    const auto group = listenGroup(address, workers, join);
    EXPECT_FALSE(group);
    return group ? ErrorCode::Internal : group.error().code;
}

TEST(ListenSocket, PortZeroGivesOnePortForAllWorkers)
{
    ListenAddress address{"127.0.0.1", 0};
    const auto group = listenGroup(address, 3, false);
    ASSERT_TRUE(group) << group.error().message;
    ASSERT_EQ(group->size(), 3u);
    EXPECT_NE(address.port, 0);
    for (const UniqueFd& fd : *group) {
        EXPECT_EQ(portOf(fd.get()), address.port);
        int listening = 0;
        socklen_t length = sizeof listening;
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &length);
        EXPECT_EQ(listening, 1);
        EXPECT_EQ(::accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC), -1);
        EXPECT_EQ(errno, EAGAIN) << "an accept that blocks would stop a worker";
    }
}

TEST(ListenSocket, APortOfAnotherProgramIsRefused)
{
    std::uint16_t port = 0;
    const UniqueFd other = plainListener(port);
    EXPECT_EQ(codeOf({"127.0.0.1", port}, false), ErrorCode::AlreadyExists);
    EXPECT_EQ(codeOf({"0.0.0.0", port}, false), ErrorCode::AlreadyExists);
    EXPECT_EQ(codeOf({"127.0.0.1", port}, true), ErrorCode::AlreadyExists)
        << "it has no group that could be joined";
}

TEST(ListenSocket, APortOfAnotherGroupIsSharedOnlyOnPurpose)
{
    ListenAddress first{"127.0.0.1", 0};
    auto group = listenGroup(first, 2, false);
    ASSERT_TRUE(group);
    EXPECT_EQ(codeOf(first, false), ErrorCode::AlreadyExists);
    ListenAddress second = first;
    {
        const auto joined = listenGroup(second, 2, true);
        ASSERT_TRUE(joined) << joined.error().message;
        EXPECT_EQ(second, first);
        EXPECT_EQ(portOf(joined->front().get()), first.port);
    }
    group->clear();
    EXPECT_TRUE(listenGroup(second, 1, false)) << "free again";
}

TEST(ListenSocket, BadAddressesAreNamed)
{
    for (const char* host : {"", "localhost", "300.1.1.1", "127.0.0.1:80", "[::1]", "::g", "0.0.0.0 "})
        EXPECT_EQ(codeOf({host, 0}, false), ErrorCode::InvalidArgument) << host;
    EXPECT_EQ(codeOf({"192.0.2.1", 0}, false), ErrorCode::Unsupported) << "an address of no interface here";
}

TEST(ListenSocket, IPv6DoesNotTakeTheIPv4Port)
{
    ListenAddress v6{"::1", 0};
    const auto group = listenGroup(v6, 1, false);
    if (!group) { // a machine without IPv6 says exactly that
        EXPECT_EQ(group.error().code, ErrorCode::Unsupported);
        return;
    }
    int only = 0;
    socklen_t length = sizeof only;
    ::getsockopt(group->front().get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, &length);
    EXPECT_EQ(only, 1);
}

TEST(ListenSocket, AddressesAsText)
{
    EXPECT_EQ(toString(ListenAddress{"192.0.2.7", 8080}), "192.0.2.7:8080");
    EXPECT_EQ(toString(ListenAddress{"::1", 0}), "[::1]:0");
}

} // namespace
} // namespace spillway::net
