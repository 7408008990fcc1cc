// SPDX-License-Identifier: GPL-3.0-or-later
// The worker's TLS with a real OpenSSL client: handshakes, their bounds, resumption, names, how connections
// end, and the PROXY protocol before it. How answers go out over it: tst_sending_tls.
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

namespace spillway::net {
namespace {

using observe::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = Connection::Outcome;

constexpr char kHandshake = 0x16;

ConnectionLimits someLimits()
{
    ConnectionLimits limits;
    limits.handshakeTimeout = seconds(7);
    limits.headTimeout = seconds(11);
    limits.idleTimeout = seconds(13);
    limits.maxHandshakes = 3;
    return limits;
}

struct Tls : testing::Test
{
    explicit Tls(ListenerKind kind = {true, false}) : harness(someLimits())
    {
        harness.worker.setProtocol(protocol);
        harness.worker.setTrustedProxies({*config::parseCidr("127.0.0.0/8")});
        harness.listenWithTls(0, kind);
    }
    TestClient plain() { return TestClient(harness.tlsAddress.port); }
    bool until(const std::function<bool()>& done) { return harness.pollUntil(done); }
    /// Asks, and is answered with the same bytes.
    template<class Client>
    void echo(Client& client, const std::string& text)
    {
        protocol.onReadable = [this](Connection& connection) {
            protocol.last = &connection;
            char buffer[4096];
            const auto n = connection.receive(buffer, sizeof buffer);
            if (n < 0)
                connection.closeNow(connection.peerHasShutDown() ? EndReason::PeerClosed
                                                                 : EndReason::PeerError);
            if (n <= 0)
                return;
            connection.setWaiting();
            std::string head(buffer, static_cast<std::size_t>(n));
            ASSERT_EQ(connection.sendAnswer(head, {}), Outcome::Sent);
            connection.setReading();
            harness.worker.runSoon(connection);
        };
        client.received.clear();
        client.send(text);
        ASSERT_TRUE(until([&] {
            client.read();
            return client.received.size() >= text.size();
        }));
        EXPECT_EQ(client.received, text);
    }

    FakeProtocol protocol;
    WorkerHarness harness;
    Worker& worker = harness.worker;
};

TEST_F(Tls, BothVersionsEchoAndAreCounted)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClientOptions options;
        options.maxVersion = version;
        auto client = harness.connectTls(options);
        ASSERT_TRUE(client.established()) << client.reason;
        EXPECT_EQ(SSL_version(client.ssl()), version);
        EXPECT_EQ(client.alpn(), "http/1.1");
        echo(client, "hello over TLS");
        EXPECT_TRUE(protocol.last->secure());
    }
    EXPECT_EQ(harness.count(Counter::TlsFull), 2u);
    EXPECT_EQ(harness.count(Counter::TlsVersion12), 1u);
    EXPECT_EQ(harness.count(Counter::TlsVersion13), 1u);
    auto other = harness.connect();
    echo(other, "and without");
    EXPECT_FALSE(protocol.last->secure());
}

TEST_F(Tls, HandshakeAndRequestByteByByte)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClientOptions options;
        options.maxVersion = version;
        TlsClient client(harness.tlsAddress.port, options);
        client.mostAtOnce = 1;
        ASSERT_TRUE(until([&] { return client.step(); }));
        protocol.received.clear();
        protocol.onReadable = nullptr;
        client.send("byte by byte");
        ASSERT_TRUE(until([&] {
            client.flush();
            return protocol.received == "byte by byte";
        }));
    }
}

TEST_F(Tls, RequestsBehindOneAnotherAreAllRead)
{
    auto client = harness.connectTls();
    std::string all;
    protocol.onReadable = [&](Connection& connection) {
        char buffer[5]; // less than a record, so OpenSSL keeps the rest
        for (;;) {
            const auto n = connection.receive(buffer, sizeof buffer);
            if (n <= 0)
                return;
            all.append(buffer, static_cast<std::size_t>(n));
        }
    };
    client.send("one record with more than five bytes, ");
    client.send("and another one behind it");
    EXPECT_TRUE(
        until([&] { return all == "one record with more than five bytes, and another one behind it"; }));
}

TEST_F(Tls, OldVersionsAndOtherProtocolsGetAnAlert)
{
    const struct
    {
        const char* name;
        TlsClientOptions options;
        int reason;
    } rows[]{
        {"TLS 1.1",
         {.maxVersion = TLS1_1_VERSION, .minVersion = TLS1_VERSION},
         SSL_R_TLSV1_ALERT_PROTOCOL_VERSION},
        {"only h2", {.alpn = "\x02h2"}, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL},
    };
    std::uint64_t failed = 0;
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        TlsClient client(harness.tlsAddress.port, row.options);
        ASSERT_TRUE(until([&] {
            client.step();
            return client.failed();
        }));
        EXPECT_EQ(client.reason, row.reason);
        EXPECT_EQ(harness.count(Counter::TlsFailed), ++failed);
        client.close();
        ASSERT_TRUE(until([&] { return worker.connections() == 0; }));
        EXPECT_EQ(harness.count(Counter::EndHandshake), failed);
    }
    TlsClientOptions h2too;
    h2too.alpn = "\x02h2\x08http/1.1";
    EXPECT_EQ(harness.connectTls(h2too).alpn(), "http/1.1");
    TlsClientOptions none;
    none.alpn = {};
    EXPECT_EQ(harness.connectTls(none).alpn(), "");
}

TEST_F(Tls, OnlyVersion13WhereToldSo)
{
    const auto context = TlsContext::load({harness.certificates, true}, harness.tickets, harness.clock);
    ASSERT_TRUE(context);
    worker.setTls(*context);
    TlsClientOptions old;
    old.maxVersion = TLS1_2_VERSION;
    TlsClient client(harness.tlsAddress.port, old);
    ASSERT_TRUE(until([&] {
        client.step();
        return client.failed();
    }));
    EXPECT_EQ(client.reason, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
    EXPECT_TRUE(harness.connectTls().established());
}

TEST_F(Tls, PlainHttpIsToldWhereItIs)
{
    auto client = plain();
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(until([&] { return client.ended(); }));
    EXPECT_FALSE(client.reset());
    EXPECT_EQ(client.received.rfind("HTTP/1.1 400 ", 0), 0u);
    EXPECT_NE(client.received.find("https://"), std::string::npos);
    const auto body = client.received.find("\r\n\r\n") + 4;
    EXPECT_NE(
        client.received.find("Content-Length: " + std::to_string(client.received.size() - body) + "\r\n"),
        std::string::npos);
    EXPECT_EQ(harness.count(Counter::TlsFailed), 1u);

    auto noise = plain();
    noise.send(std::string(1, '\x80') + "garbage");
    ASSERT_TRUE(until([&] { return noise.ended(); }));
    EXPECT_EQ(noise.received, "");
    auto hello = plain();
    hello.send(std::string("\x16\x03\x01\x00\x05hello", 10));
    ASSERT_TRUE(until([&] { return hello.ended(); }));
    EXPECT_EQ(harness.count(Counter::TlsFailed), 3u);
}

TEST_F(Tls, AHandshakeHasItsTime)
{
    auto silent = plain();
    auto begun = plain();
    begun.send(std::string(1, kHandshake));
    harness.settle();
    EXPECT_EQ(worker.connections(), 2u);
    harness.advance(seconds(7) - milliseconds(40));
    EXPECT_EQ(worker.connections(), 2u);
    begun.send("\x03"); // a byte more is no reason to wait longer
    harness.settle();
    harness.advance(milliseconds(80));
    EXPECT_EQ(worker.connections(), 0u);
    EXPECT_TRUE(until([&] { return silent.ended() && begun.ended(); }));
    EXPECT_EQ(harness.count(Counter::TlsTimedOut), 2u);
    EXPECT_EQ(harness.count(Counter::EndHandshake), 2u);

    // After the handshake the head's time-out counts.
    auto client = harness.connectTls();
    harness.advance(seconds(11) - milliseconds(40));
    EXPECT_EQ(worker.connections(), 1u);
    harness.advance(milliseconds(80));
    EXPECT_EQ(protocol.timedOut, 1);
}

TEST_F(Tls, TheOldestOfTooManyHandshakesIsDropped)
{
    std::vector<TestClient> silent;
    for (int i = 0; i < 10; ++i)
        silent.push_back(plain()); // cost nothing, and do not count
    std::vector<TestClient> begun;
    for (std::size_t i = 0; i < 3; ++i) {
        begun.push_back(plain());
        begun.back().send(std::string(1, kHandshake));
        harness.settle();
    }
    EXPECT_EQ(harness.count(Counter::TlsDropped), 0u);
    auto client = harness.connectTls();
    EXPECT_TRUE(client.established());
    EXPECT_EQ(harness.count(Counter::TlsDropped), 1u);
    EXPECT_TRUE(until([&] { return begun[0].ended(); }));
    EXPECT_FALSE(begun[1].ended());
    begun.push_back(plain());
    begun.back().send(std::string(1, kHandshake));
    harness.settle();
    EXPECT_EQ(harness.count(Counter::TlsDropped), 1u) << "complete ones do not count";
    EXPECT_EQ(worker.connections(), 10u + 3u + 1u);
    // One that leaves in between is no handshake any more.
    begun[1].close();
    ASSERT_TRUE(until([&] { return worker.connections() == 13; }));
    EXPECT_EQ(harness.count(Counter::TlsFailed), 1u);
    // A client that went away without a word has not failed.
    silent[0].close();
    ASSERT_TRUE(until([&] { return worker.connections() == 12; }));
    EXPECT_EQ(harness.count(Counter::TlsFailed), 1u);
}

TEST_F(Tls, SessionsResumeUntilTheirKeyIsTooOld)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SCOPED_TRACE(version);
        TlsClientOptions options;
        options.maxVersion = version;
        const auto again = [&](std::shared_ptr<SSL_SESSION> session) {
            TlsClientOptions resuming = options;
            resuming.resume = std::move(session);
            auto client = harness.connectTls(resuming);
            echo(client, "ticket, please");
            return std::pair(client.resumed(), client.session());
        };
        const std::uint64_t before = harness.count(Counter::TlsResumed);
        auto first = again(nullptr);
        ASSERT_TRUE(first.second);
        EXPECT_FALSE(first.first);
        EXPECT_TRUE(again(first.second).first);
        EXPECT_EQ(harness.count(Counter::TlsResumed), before + 1);
        // Another worker, or the same after a reload: the keys are shared.
        const auto reloaded = TlsContext::load({harness.certificates}, harness.tickets, harness.clock);
        ASSERT_TRUE(reloaded);
        worker.setTls(*reloaded);
        EXPECT_TRUE(again(first.second).first);
        harness.clock.advance(TicketKeys::kRotation);
        auto renewed = again(first.second);
        EXPECT_TRUE(renewed.first) << "the previous key";
        harness.clock.advance(TicketKeys::kRotation);
        EXPECT_FALSE(again(first.second).first);
        EXPECT_TRUE(again(renewed.second).first) << "it was given a new ticket";
        // Keys of another process open nothing.
        const auto stranger = TlsContext::load({harness.certificates},
                                               std::make_shared<TicketKeys>(harness.clock), harness.clock);
        worker.setTls(*stranger);
        EXPECT_FALSE(again(renewed.second).first);
        worker.setTls(*reloaded);
    }
}

TEST_F(Tls, TheNameChoosesTheCertificate)
{
    harness.certificates.push_back(
        harness.files.make("second", {"second.example", "*.wild.example"}, harness.now()));
    const auto context = TlsContext::load({harness.certificates}, harness.tickets, harness.clock);
    ASSERT_TRUE(context);
    worker.setTls(*context);
    const std::pair<const char*, const char*> rows[]{{"first.example", "localhost"},
                                                     {"SECOND.example", "second.example"},
                                                     {"a.wild.example", "second.example"},
                                                     {"nobody.example", "localhost"},
                                                     {"", "localhost"}};
    for (const auto& [asked, shown] : rows)
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClientOptions options;
            options.name = asked;
            options.maxVersion = version;
            EXPECT_EQ(harness.connectTls(options).certificateName(), shown) << asked;
        }
}

TEST_F(Tls, AReloadDropsNoConnection)
{
    auto held = harness.connectTls();
    echo(held, "before");
    TlsClient half(harness.tlsAddress.port); // its handshake is in the middle
    half.mostAtOnce = 40;
    half.step();
    harness.settle();
    const auto fresh = harness.files.make("fresh", {"localhost"}, harness.now());
    const auto context = TlsContext::load({{fresh}}, harness.tickets, harness.clock);
    ASSERT_TRUE(context);
    std::weak_ptr<const TlsContext> alive = *context;
    worker.setTls(*context);
    echo(held, "after");
    half.mostAtOnce = 0;
    ASSERT_TRUE(until([&] { return half.step(); }));
    echo(half, "half");
    auto next = harness.connectTls();
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(next.ssl()),
                                                            &X509_free);
    EXPECT_EQ(certificateFingerprint(shown.get()), (*context)->certificates().front().fingerprint);
}

TEST_F(Tls, AnEndIsSaidAndACutIsNot)
{
    auto idle = harness.connectTls();
    echo(idle, "x");
    protocol.last->closeNow(EndReason::IdleTimeout);
    EXPECT_TRUE(until([&] { return idle.ended(); }));
    EXPECT_TRUE(idle.closedCleanly());

    auto gentle = harness.connectTls();
    echo(gentle, "x");
    protocol.last->closeGently(EndReason::KeepAliveEnd);
    EXPECT_TRUE(until([&] { return gentle.ended(); }));
    EXPECT_TRUE(gentle.closedCleanly());
    gentle.send("what comes now is swallowed");
    gentle.shutDown();
    EXPECT_TRUE(until([&] { return worker.connections() == 0; }));

    auto cut = harness.connectTls();
    const auto file = std::make_shared<FakeFile>(pattern(10'000'000));
    protocol.onReadable = nullptr;
    protocol.onBytes = [&](Connection& connection) {
        connection.setWaiting();
        Body body;
        body.segments.push_back(Segment::fileRange(file, 0, 10'000'000));
        EXPECT_NE(connection.sendAnswer("head", std::move(body)), Outcome::Lost);
        file->truncate(0);
        file->script.push_back({WindowState::Changed, 0});
    };
    cut.send("?");
    EXPECT_TRUE(until([&] { return cut.ended(); }));
    EXPECT_FALSE(cut.closedCleanly());
    EXPECT_EQ(harness.count(Counter::EndFileChanged), 1u);
}

TEST_F(Tls, AClientThatSaysItsEndIsAnswered)
{
    auto client = harness.connectTls();
    echo(client, "x");
    client.closeNotify(); // without closing the socket
    EXPECT_TRUE(until([&] { return client.closedCleanly(); }));
    EXPECT_TRUE(until([&] { return worker.connections() == 0; }));
    EXPECT_EQ(harness.count(Counter::EndPeer), 1u);
}

TEST_F(Tls, ASmallAnswerIsOneRecord)
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClientOptions options;
        options.maxVersion = version;
        const auto records = [&](const std::function<Outcome(Connection&)>& answer, std::size_t bytes) {
            auto client = harness.connectTls(options);
            protocol.onReadable = nullptr;
            protocol.onBytes = [&](Connection& connection) {
                connection.setWaiting();
                EXPECT_EQ(answer(connection), Outcome::Sent);
                connection.setReading();
            };
            client.read(); // the tickets
            const std::size_t before = client.dataRecords;
            client.send("?");
            EXPECT_TRUE(until([&] {
                client.read();
                return client.received.size() >= bytes;
            }));
            return client.dataRecords - before;
        };
        const auto whole = std::make_shared<std::string>("head" + pattern(1024));
        EXPECT_EQ(records([&](Connection& c) { return c.sendWhole(whole, *whole, 4); }, 1028), 1u);
        EXPECT_EQ(records(
                      [&](Connection& c) {
                          Body body;
                          body.segments.push_back(Segment::memory(pattern(1024)));
                          return c.sendAnswer("head", std::move(body));
                      },
                      1028),
                  1u);
        const auto file = std::make_shared<FakeFile>(pattern(64 * 1024));
        EXPECT_EQ(records([&](Connection& c) { return c.sendFile("head", file, 1024); }, 1028), 1u);
        EXPECT_EQ(records([&](Connection& c) { return c.sendFile("head", file, 16 * 1024); }, 16 * 1024 + 4),
                  2u);
        EXPECT_EQ(records([&](Connection& c) { return c.sendFile("head", file, 40'000); }, 40'004), 3u);
        EXPECT_EQ(records([&](Connection& c) { return c.sendFile("head", file, 64 * 1024 - 4); }, 64 * 1024),
                  4u);
    }
}

TEST_F(Tls, ADrainSaysGoodbyeAndLetsHandshakesEnd)
{
    auto idle = harness.connectTls();
    echo(idle, "x");
    TlsClient half(harness.tlsAddress.port);
    half.mostAtOnce = 40;
    half.step();
    harness.settle();
    worker.drain();
    EXPECT_TRUE(until([&] { return idle.ended(); }));
    EXPECT_TRUE(idle.closedCleanly());
    half.mostAtOnce = 0;
    EXPECT_TRUE(until([&] { return half.step(); })) << "it has begun, so a request will follow";
}

struct Proxied : Tls
{
    Proxied() : Tls({true, true}) {}
    const std::string head = "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n";
};

TEST_F(Proxied, TheHeadComesBeforeTlsAndNamesTheClient)
{
    TlsClient client(harness.tlsAddress.port);
    client.sendRaw(head);
    ASSERT_TRUE(until([&] { return client.step(); }));
    echo(client, "hello");
    EXPECT_EQ(protocol.last->peer().toString(), "192.0.2.7");
    EXPECT_EQ(protocol.last->peer().port, 51234);

    TlsClient slow(harness.tlsAddress.port);
    for (const char byte : head) {
        slow.sendRaw({&byte, 1});
        harness.settle();
    }
    ASSERT_TRUE(until([&] { return slow.step(); }));
    echo(slow, "hello");
    EXPECT_EQ(protocol.last->peer().toString(), "192.0.2.7");
}

TEST_F(Proxied, WithoutAHeadATrustedProxyGetsNowhere)
{
    TlsClient client(harness.tlsAddress.port);
    ASSERT_TRUE(until([&] {
        client.step();
        return client.ended();
    }));
    EXPECT_EQ(harness.count(Counter::EndProxyHead), 1u);
    EXPECT_EQ(harness.count(Counter::TlsFailed), 0u);
    auto cut = plain();
    cut.send(head.substr(0, 20));
    cut.shutDown();
    ASSERT_TRUE(until([&] { return cut.ended(); }));
    EXPECT_EQ(harness.count(Counter::EndProxyHead), 2u);
    auto gone = plain();
    gone.close();
    ASSERT_TRUE(until([&] { return harness.count(Counter::EndPeer) == 1; }));
}

TEST_F(Proxied, TheHeadHasTheHeadsTimeAndTheHandshakeItsOwn)
{
    auto silent = plain();
    auto begun = plain();
    begun.send(head.substr(0, 20));
    auto then = plain();
    then.send(head);
    harness.settle();
    harness.advance(seconds(7) + milliseconds(40));
    EXPECT_TRUE(then.ended());
    EXPECT_EQ(harness.count(Counter::TlsTimedOut), 1u);
    EXPECT_EQ(worker.connections(), 2u);
    harness.advance(seconds(4));
    EXPECT_EQ(worker.connections(), 0u);
    EXPECT_EQ(harness.count(Counter::EndHeadTimeout), 2u);
}

TEST_F(Proxied, OthersSpeakForThemselves)
{
    worker.setTrustedProxies({*config::parseCidr("192.0.2.0/24")});
    auto client = harness.connectTls();
    echo(client, "hello");
    EXPECT_EQ(protocol.last->peer().toString(), "127.0.0.1");
    auto forger = plain();
    forger.send(head);
    ASSERT_TRUE(until([&] { return forger.ended(); }));
    EXPECT_EQ(harness.count(Counter::TlsFailed), 1u) << "it is plain text to an HTTPS port";
}

struct ProxiedPlain : Tls
{
    ProxiedPlain() : Tls({false, true}) {}
};

TEST_F(ProxiedPlain, WorksWithoutTls)
{
    auto client = plain();
    client.send("PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n");
    echo(client, "the request right behind it");
    EXPECT_EQ(protocol.last->peer().toString(), "2001:db8::7");
    auto check = plain();
    check.send("PROXY UNKNOWN\r\n");
    echo(check, "a health check");
    EXPECT_EQ(protocol.last->peer().toString(), "127.0.0.1");
}

} // namespace
} // namespace spillway::net
