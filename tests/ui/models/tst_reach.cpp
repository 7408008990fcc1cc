// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/reach.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

using State = Reach::State;

contract::ServerStatus listeningOn(const QStringList& addresses)
{
    contract::ServerStatus status;
    status.addresses = addresses;
    return status;
}

const QString kLink = QStringLiteral("http://192.168.1.10:8080/d/abc");

TEST(Reach, FollowsWhatTheServerSaw)
{
    contract::ServerStatus status = listeningOn({QStringLiteral("http://0.0.0.0:8080")});
    EXPECT_EQ(judgeReach(status, kLink, false).state, State::Waiting);
    EXPECT_TRUE(judgeReach(status, kLink, false).hints.isEmpty()) << "too early for advice";
    EXPECT_EQ(judgeReach(status, kLink, true).state, State::Unproven);
    status.reachedBy = QStringLiteral("192.168.1.77");
    const Reach reached = judgeReach(status, kLink, true);
    EXPECT_EQ(reached.state, State::Reached);
    EXPECT_TRUE(reached.text.contains(status.reachedBy));
    EXPECT_TRUE(reached.hints.isEmpty());
}

TEST(Reach, KnowsWhereItCannotBe)
{
    const contract::ServerStatus alone =
        listeningOn({QStringLiteral("http://127.0.0.1:8080"), QStringLiteral("https://[::1]:8443")});
    const QString here = QStringLiteral("http://127.0.0.1:8080/d/abc");
    EXPECT_EQ(judgeReach(alone, here, true).state, State::Impossible);
    EXPECT_TRUE(judgeReach(alone, here, true).text.contains(QLatin1String("listen")));
    const Reach proxied = judgeReach(alone, QStringLiteral("https://files.example/d/abc"), true);
    EXPECT_EQ(proxied.state, State::ByProxy) << "public_url names what stands before it";
    EXPECT_TRUE(proxied.text.contains(QLatin1String("files.example")));
    const contract::ServerStatus open =
        listeningOn({QStringLiteral("http://127.0.0.1:8080"), QStringLiteral("http://[::]:8080")});
    EXPECT_EQ(judgeReach(open, here, false).state, State::Impossible) << "the machine has no other address";
    EXPECT_EQ(judgeReach(open, kLink, false).state, State::Waiting);
}

TEST(Reach, HintsNameThePortAndTheFirewallsOwnCommand)
{
    const struct
    {
        const char *firewall, *link, *command;
    } rows[] = {
        {"", "http://192.168.1.10:8080/d/abc", "sudo ufw allow 8080/tcp"},
        {"ufw", "https://files.example/d/abc", "sudo ufw allow 443/tcp"},
        {"firewalld", "http://files.example/d/abc", "sudo firewall-cmd --permanent --add-port=80/tcp"},
        {"nftables", "https://192.168.1.10:8443/d/abc",
         "sudo nft insert rule inet filter input tcp dport 8443 accept"},
    };
    for (const auto& row : rows) {
        contract::ServerStatus status = listeningOn({QStringLiteral("http://[::]:8080")});
        status.firewall = QLatin1String(row.firewall);
        const Reach reach = judgeReach(status, QLatin1String(row.link), true);
        ASSERT_EQ(reach.hints.size(), 3) << row.link;
        EXPECT_TRUE(reach.hints[1].contains(QLatin1String(row.command))) << reach.hints[1].toStdString();
        EXPECT_TRUE(reach.hints[1].contains(status.firewall));
    }
}

} // namespace
} // namespace spillway::ui
