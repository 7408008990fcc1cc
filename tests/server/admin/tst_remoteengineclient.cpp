// SPDX-License-Identifier: GPL-3.0-or-later
// A console elsewhere: whom it believes, and what it does when the server goes and comes back.
#include "tests/support/remoteconsole.h"

#include <QtCore/QJsonDocument>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <gtest/gtest.h>

namespace spillway::admin {
namespace {

using namespace std::chrono_literals;
using State = contract::EngineClient::State;
using tests::ConsoleEngine;

class RemoteTest : public testing::Test
{
protected:
    void SetUp() override { begin({}); }
    void begin(std::vector<std::pair<std::string, std::string>> settings)
    {
        console_.reset();
        server_ = std::make_unique<ConsoleEngine>();
        settings.insert(settings.begin(), {{"admin.listen", "127.0.0.1:0"}, {"admin.tls", "always"}});
        const auto started = server_->start(settings);
        ASSERT_TRUE(started) << started.error().message;
        console_ = std::make_unique<tests::RemoteConsole>(*server_);
        const auto listening = console_->listen();
        ASSERT_TRUE(listening) << listening.error().message;
    }
    [[nodiscard]] bool becomes(State state)
    {
        return ConsoleEngine::waitUntil([&] { return console_->client().state() == state; });
    }
    template<class Command>
    Result<typename Command::Answer> run(const Command& command)
    {
        return ConsoleEngine::run(console_->client(), command);
    }
    std::unique_ptr<ConsoleEngine> server_;
    std::unique_ptr<tests::RemoteConsole> console_;
};

TEST_F(RemoteTest, ConnectsWithTheRightPinAndToken)
{
    console_->connect();
    EXPECT_EQ(console_->client().state(), State::Connecting);
    EXPECT_TRUE(becomes(State::Connected));
    EXPECT_FALSE(console_->client().problem());
    EXPECT_EQ(console_->client().fingerprint(), console_->target().fingerprint);
    EXPECT_FALSE(console_->client().sharesOurFiles());
    EXPECT_EQ(console_->client().serverName(), QStringLiteral("127.0.0.1:%1").arg(console_->port()));
}

TEST_F(RemoteTest, AnotherCertificateGetsNoToken)
{
    for (const bool pinned : {true, false}) {
        AdminTarget target = console_->target();
        const QString right = target.fingerprint;
        target.fingerprint = pinned ? QString(right).replace(0, 2, QStringLiteral("00")) : QString();
        const std::uint64_t before = server_->engine().metrics().snapshot().requestsTotal();
        console_->connect(target, console_->token());
        ASSERT_TRUE(becomes(State::Lost)) << "no authority vouches for it either";
        EXPECT_EQ(console_->client().problem()->code, ErrorCode::Conflict);
        EXPECT_EQ(console_->client().fingerprint(), right) << "what was shown, for a person to look at";
        EXPECT_EQ(run(contract::ListShares{}).error().code, ErrorCode::Conflict);
        EXPECT_EQ(server_->engine().metrics().snapshot().requestsTotal(), before) << "no request was sent";
    }
}

TEST_F(RemoteTest, AWrongTokenIsSaid)
{
    console_->connect(console_->target(), QStringLiteral("wrong"));
    const auto shares = run(contract::ListShares{});
    EXPECT_EQ(shares.error().code, ErrorCode::PermissionDenied);
    EXPECT_TRUE(becomes(State::Lost));
    EXPECT_EQ(console_->client().problem()->code, ErrorCode::PermissionDenied);
    std::unique_ptr<contract::EngineClient::Watch> watch;
    console_->connect(console_->target(), QStringLiteral("wrong"));
    watch = console_->client().watch(100ms, [](const auto&) {});
    EXPECT_TRUE(becomes(State::Lost));
    EXPECT_EQ(console_->client().problem()->code, ErrorCode::PermissionDenied) << "of the stream, too";
    watch.reset();
}

TEST_F(RemoteTest, AServerThatDiesAndReturnsIsFoundAgain)
{
    // With a port of its own, so that the next one is at the same place.
    const std::string port = std::to_string(console_->port());
    begin({{"admin.listen", "127.0.0.1:" + port}});
    console_->connect();
    int snapshots = 0;
    auto watch = console_->client().watch(100ms, [&](const auto&) { ++snapshots; });
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return snapshots >= 2; }));
    EXPECT_EQ(console_->client().state(), State::Connected);
    int changes = 0;
    QObject::connect(&console_->client(), &contract::EngineClient::stateChanged, &console_->client(),
                     [&] { ++changes; });

    const QString token = console_->token();
    console_->stop();
    ASSERT_TRUE(becomes(State::Lost));
    EXPECT_EQ(console_->client().problem()->code, ErrorCode::Unavailable);
    EXPECT_EQ(run(contract::ListShares{}).error().code, ErrorCode::Unavailable);
    EXPECT_EQ(changes, 1);

    // An API token outlives the run; the run's own does not, and that is said as what it is.
    ASSERT_TRUE(console_->listen());
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] {
        return console_->client().problem() &&
               console_->client().problem()->code == ErrorCode::PermissionDenied;
    }));
    const auto made = server_->management().createToken({"console", 16, {}, {}});
    ASSERT_TRUE(made);
    watch.reset();
    console_->connect(console_->target(), QString::fromStdString(made->text));
    snapshots = 0;
    watch = console_->client().watch(100ms, [&](const auto&) { ++snapshots; });
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return snapshots >= 1; }));
    console_->stop();
    ASSERT_TRUE(becomes(State::Lost));
    snapshots = 0;
    ASSERT_TRUE(console_->listen());
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return snapshots >= 2; }));
    EXPECT_EQ(console_->client().state(), State::Connected);
    EXPECT_FALSE(console_->client().problem());
    EXPECT_TRUE(run(contract::ListShares{}));
}

TEST_F(RemoteTest, ARevokedTokenLosesItsStream)
{
    const auto made = server_->management().createToken({"console", 16, {}, {}});
    ASSERT_TRUE(made);
    console_->connect(console_->target(), QString::fromStdString(made->text));
    int snapshots = 0;
    const auto watch = console_->client().watch(100ms, [&](const auto&) { ++snapshots; });
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return snapshots >= 1; }));
    ASSERT_TRUE(server_->management().revokeToken(made->token.id));
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] {
        return console_->client().problem() &&
               console_->client().problem()->code == ErrorCode::PermissionDenied;
    }));
}

TEST(RemoteEngineClient, AnUnwantedTokenIsNotTriedAgain)
{
    QTcpServer server;
    ASSERT_TRUE(server.listen(QHostAddress::LocalHost));
    int requests = 0;
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket* socket = server.nextPendingConnection();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, &requests] {
            if (!socket->readAll().contains("\r\n\r\n"))
                return;
            ++requests;
            const QByteArray body = R"({"code":"permission-denied","detail":"this token is revoked"})";
            socket->write("HTTP/1.1 401 Unauthorized\r\nContent-Length: " + QByteArray::number(body.size()) +
                          "\r\n\r\n" + body);
        });
    });
    RemoteEngineClient client({QStringLiteral("127.0.0.1"), server.serverPort(), false, {}},
                              QStringLiteral("revoked"));
    const auto watch = client.watch(100ms, [](const auto&) {});
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return client.state() == State::Lost; }));
    EXPECT_EQ(client.problem()->code, ErrorCode::PermissionDenied);
    const QDeadlineTimer longEnough(2000); // a second try would come after 0.5 to 0.75 s
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return longEnough.hasExpired(); }));
    EXPECT_EQ(requests, 1);
}

/// Snapshots that come faster than they are decoded are left out, what ended in them is not.
TEST(RemoteEngineClient, WhatEndedOutlivesTheSnapshotsThatAreLeftOut)
{
    QByteArray events;
    for (int i = 0; i < 6; ++i) {
        contract::LiveSnapshot snapshot;
        snapshot.atMs = i;
        snapshot.mode = QStringLiteral("normal");
        contract::EndedTransfer one;
        one.transfer.id = QStringLiteral("0-%1").arg(i);
        one.transfer.path = "/s/a \"ended\":[]";
        if (i != 2)
            snapshot.ended.push_back(one);
        events += "event: snapshot\ndata: " +
                  QJsonDocument(contract::toJson(snapshot)).toJson(QJsonDocument::Compact) + "\n\n";
    }
    QTcpServer server;
    ASSERT_TRUE(server.listen(QHostAddress::LocalHost));
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket* socket = server.nextPendingConnection();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, &events] {
            if (socket->readAll().contains("/api/v1/live"))
                socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n" +
                              QByteArray::number(events.size(), 16) + "\r\n" + events + "\r\n");
        });
    });
    RemoteEngineClient client({QStringLiteral("127.0.0.1"), server.serverPort(), false, {}},
                              QStringLiteral("token"));
    QStringList ended;
    std::int64_t newest = -1;
    const auto watch = client.watch(100ms, [&](const contract::EngineClient::Snapshot& snapshot) {
        newest = snapshot->atMs;
        for (const contract::EndedTransfer& one : snapshot->ended)
            ended += one.transfer.id;
    });
    ASSERT_TRUE(ConsoleEngine::waitUntil([&] { return newest == 5; }));
    EXPECT_EQ(ended, (QStringList{QStringLiteral("0-0"), QStringLiteral("0-1"), QStringLiteral("0-3"),
                                  QStringLiteral("0-4"), QStringLiteral("0-5")}));
}

TEST(AdminTarget, OnlyAddressesThatKeepTheToken)
{
    const auto good = [](const char* text) { return AdminTarget::parse(QString::fromUtf8(text)); };
    EXPECT_EQ(good("https://office-pc:8081")->authority(), QStringLiteral("office-pc:8081"));
    EXPECT_EQ(good("office-pc")->authority(), QStringLiteral("office-pc:8081"));
    EXPECT_EQ(good("office-pc:9000")->port, 9000);
    EXPECT_EQ(good("https://[2001:db8::1]/")->authority(), QStringLiteral("[2001:db8::1]:8081"));
    EXPECT_FALSE(good("http://127.0.0.1:8081")->tls);
    EXPECT_FALSE(good("http://localhost:8081")->tls);
    for (const char* bad : {"", "http://office-pc:8081", "ftp://x", "https://", "https://user@x",
                            "https://x/y", "https://x?y", "https://x:99999", "http://127.0.0.1.evil.example"})
        EXPECT_EQ(AdminTarget::parse(QString::fromUtf8(bad)).error().code, ErrorCode::InvalidArgument) << bad;
}

} // namespace
} // namespace spillway::admin
