// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/portclaim.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace spillway::net {
namespace {

/// A port that nobody has: the claims of a test are in the machine's network, beside those of real servers.
ListenAddress freeAddress(const std::string& host, std::vector<UniqueFd>& held)
{
    ListenAddress address{host, 0};
    auto group = listenGroup(address, 1, false);
    EXPECT_TRUE(group);
    if (group)
        held.push_back(std::move(group->front()));
    return address;
}

TEST(PortClaim, IsSeenUntilItEnds)
{
    std::vector<UniqueFd> held;
    const ListenAddress address = freeAddress("127.0.0.1", held);
    EXPECT_EQ(portClaimedBy(address), std::nullopt);
    UniqueFd claim = claimPort(address);
    ASSERT_TRUE(claim);
    EXPECT_EQ(portClaimedBy(address), ::getpid());
    EXPECT_EQ(portClaimedBy(address), ::getpid()) << "asking changes nothing";
    EXPECT_FALSE(claimPort(address)) << "there is one claim";
    claim.reset();
    EXPECT_EQ(portClaimedBy(address), std::nullopt);
    EXPECT_TRUE(claimPort(address));
}

TEST(PortClaim, IsForItsPortItsFamilyAndItsAddress)
{
    std::vector<UniqueFd> held;
    const ListenAddress all = freeAddress("0.0.0.0", held);
    const auto port = all.port;
    const struct
    {
        ListenAddress claimed, asked;
        bool taken;
    } rows[] = {
        {{"127.0.0.1", port}, {"127.0.0.1", port}, true},
        {{"0.0.0.0", port}, {"127.0.0.1", port}, true},  // would take a part of its clients
        {{"127.0.0.1", port}, {"0.0.0.0", port}, false}, // would get the others only
        {{"127.0.0.1", port}, {"127.0.0.2", port}, false},
        {{"0.0.0.0", port}, {"0.0.0.0", static_cast<std::uint16_t>(port - 1)}, false},
        {{"0.0.0.0", port}, {"::", port}, false},
        {{"0.0.0.0", port}, {"::1", port}, false},
        {{"::", port}, {"::1", port}, true},
        {{"::", port}, {"0.0.0.0", port}, false},
    };
    for (const auto& row : rows) {
        const UniqueFd claim = claimPort(row.claimed);
        ASSERT_TRUE(claim);
        EXPECT_EQ(portClaimedBy(row.asked).has_value(), row.taken)
            << toString(row.claimed) << " " << toString(row.asked);
    }
}

/// Each look leaves a connection that nobody accepts; a full queue is no way around the claim.
TEST(PortClaim, HoldsHoweverOftenItIsAsked)
{
    std::vector<UniqueFd> held;
    const ListenAddress address = freeAddress("127.0.0.1", held);
    const UniqueFd claim = claimPort(address);
    for (int i = 0; i < 5000; ++i)
        ASSERT_TRUE(portClaimedBy(address)) << i;
}

} // namespace
} // namespace spillway::net
