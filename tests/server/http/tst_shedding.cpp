// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/http/sessionfixture.h"

// What a worker does without under overload, and whom trusted proxies name.
namespace spillway::http {
namespace {

using namespace std::chrono_literals;
using observe::Counter;

TEST_F(SessionTest, WithoutKeepAliveAnAnswerIsTheLastOnItsConnection)
{
    auto client = harness.connect();
    EXPECT_FALSE(ask(client, get("/1")).has("Connection: close"));
    harness.worker.shed({.keepAlive = true});
    const Answer last = ask(client, get("/2"));
    EXPECT_EQ(last.status, 200);
    EXPECT_TRUE(last.has("Connection: close"));
    EXPECT_TRUE(ends(client));
    harness.worker.shed({});
    auto another = harness.connect();
    EXPECT_FALSE(ask(another, get("/3")).has("Connection: close"));
}

TEST_F(SessionTest, WithoutKeepAliveIdleConnectionsGoSoon)
{
    auto idle = harness.connect();
    EXPECT_EQ(ask(idle, get("/1")).status, 200);
    auto head = harness.connect();
    head.send("GET /2 HT");
    harness.settle();
    harness.worker.shed({.keepAlive = true});
    harness.advance(4'900ms);
    EXPECT_FALSE(idle.ended());
    harness.advance(200ms);
    EXPECT_TRUE(ends(idle));
    EXPECT_EQ(count(Counter::EndIdleTimeout), 1U);
    head.send("TP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(next(head).status, 200) << "one that is asking has its own time";
}

TEST_F(SessionTest, NewConnectionsAreTurnedAwayAndOldOnesStay)
{
    auto old = harness.connect();
    EXPECT_EQ(ask(old, get("/1")).status, 200);
    harness.worker.shed({.connections = true});
    auto fresh = harness.connect();
    EXPECT_TRUE(ends(fresh));
    EXPECT_TRUE(fresh.has("HTTP/1.1 503 ")) << fresh.received;
    EXPECT_TRUE(fresh.has("\r\nRetry-After: "));
    EXPECT_EQ(count(Counter::RejectedOverload), 1U);
    EXPECT_EQ(ask(old, get("/2")).status, 200);
    harness.worker.shed({});
    auto again = harness.connect();
    EXPECT_EQ(ask(again, get("/3")).status, 200);
}

struct ClientHandler final : RequestHandler
{
    void handle(Exchange& exchange) override
    {
        if (exchange.head().path == "/park") {
            parked = exchange.park();
            return;
        }
        say(exchange);
    }
    static void say(Exchange& exchange)
    {
        exchange.begin(200);
        exchange.answerText("text/plain",
                            exchange.client().toString() + (exchange.secure() ? " secure" : ""));
    }
    std::optional<Parked> parked;
};

struct ProxiedSessionTest : SessionTest
{
    ProxiedSessionTest()
    {
        session.emplace(harness.worker, clients, SessionLimits{}, nullptr, 0);
        harness.worker.setProtocol(*session);
        trust({"127.0.0.0/8"});
    }
    ~ProxiedSessionTest() override { harness.worker.closeAll(net::EndReason::Drain); }
    void trust(std::initializer_list<std::string_view> blocks)
    {
        std::vector<config::Cidr> cidrs;
        for (const auto block : blocks)
            cidrs.push_back(*config::parseCidr(block));
        session->setProxies(std::make_shared<const TrustedProxies>(std::move(cidrs)), &watch);
    }

    ClientHandler clients;
    std::vector<config::IpAddress> told;
    ProxyWatch watch{[this](const config::IpAddress& address) { told.push_back(address); }};
};

TEST_F(ProxiedSessionTest, TheHandlerSeesTheClient)
{
    auto proxy = harness.connect();
    EXPECT_EQ(ask(proxy, get("/", "Forwarded: for=192.0.2.1;proto=https\r\n")).body, "192.0.2.1 secure");
    EXPECT_EQ(ask(proxy, get("/", "X-Forwarded-For: 192.0.2.2\r\n")).body, "192.0.2.2");
    EXPECT_EQ(ask(proxy, get("/")).body, "127.0.0.1");
    EXPECT_EQ(ask(proxy, get("/", "X-Forwarded-For: nonsense\r\n")).body, "127.0.0.1");
    EXPECT_EQ(count(Counter::ForwardedUnusable), 1U);
}

TEST_F(ProxiedSessionTest, ARequestThatWaitedHasItsClient)
{
    auto proxy = harness.connect();
    proxy.send(get("/park", "X-Forwarded-For: 192.0.2.3\r\n"));
    ASSERT_TRUE(harness.pollUntil([&] { return clients.parked.has_value(); }));
    clients.parked->resume(&ClientHandler::say);
    EXPECT_EQ(next(proxy).body, "192.0.2.3");
}

TEST_F(ProxiedSessionTest, WhoIsNotTrustedIsNotBelievedButNoticed)
{
    trust({"10.0.0.0/8"});
    auto proxy = harness.connect();
    for (std::uint32_t i = 0; i < ProxyWatch::kMany + 5; ++i)
        EXPECT_EQ(ask(proxy, get("/", "X-Forwarded-For: 192.0.2.1\r\n")).body, "127.0.0.1");
    EXPECT_EQ(told, std::vector{config::IpAddress::v4(127, 0, 0, 1)});
    trust({"127.0.0.1"});
    EXPECT_EQ(ask(proxy, get("/", "X-Forwarded-For: 192.0.2.1\r\n")).body, "192.0.2.1");
}

} // namespace
} // namespace spillway::http
