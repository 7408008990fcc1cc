// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and answers on one connection: order, keep-alive, bodies, versions, the log and the counters.
#include "tests/server/http/sessionfixture.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace spillway::http {
namespace {

using observe::Counter;
using observe::Gauge;
using std::chrono::milliseconds;
using std::chrono::seconds;

using SessionRequests = SessionTest;

TEST_F(SessionRequests, KeepsTheConnection)
{
    auto client = harness.connect();
    for (int i = 0; i < 3; ++i) {
        const Answer answer = ask(client, get("/" + std::to_string(i) + "?q"));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "/" + std::to_string(i) + "?q|");
        EXPECT_TRUE(answer.has("Content-Type: text/plain"));
        EXPECT_NE(answer.head.find("\r\nDate: "), std::string::npos);
        EXPECT_EQ(answer.head.find("Connection:"), std::string::npos) << "1.1 keeps it by itself";
    }
    EXPECT_EQ(count(Counter::Accepted), 1u);
}

TEST_F(SessionRequests, OneByteAtATime)
{
    auto client = harness.connect();
    for (const char byte : get("/slow") + get("/again")) {
        client.send(std::string_view(&byte, 1));
        harness.worker.poll();
    }
    EXPECT_EQ(next(client).body, "/slow|");
    EXPECT_EQ(next(client).body, "/again|");
}

TEST_F(SessionRequests, AnswersPipelinedRequestsInOrder)
{
    auto client = harness.connect();
    client.send(get("/1") + get("/park") + get("/2") + get("/big") + get("/3") + get("/empty") + get("/4"));
    EXPECT_EQ(next(client).body, "/1|");
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    harness.settle();
    EXPECT_EQ(handler.handled, (std::vector<std::string>{"/1", "/park"})) << "what follows waits";
    EXPECT_FALSE(client.has("HTTP"));
    EXPECT_EQ(session->parked(), 1u);
    EXPECT_EQ(harness.counters.value(Gauge::ParkedNow), 1);
    handler.parked[0].resume([](Exchange& exchange) {
        EXPECT_EQ(exchange.head().path, "/park");
        exchange.begin(200);
        exchange.answerText("text/plain", "resumed");
    });
    EXPECT_EQ(next(client).body, "resumed");
    EXPECT_EQ(next(client).body, "/2|");
    EXPECT_TRUE(next(client).body == handler.big);
    EXPECT_EQ(next(client).body, "/3|");
    EXPECT_EQ(next(client).status, 204);
    EXPECT_EQ(next(client).body, "/4|");
    EXPECT_EQ(session->parked(), 0u);
    EXPECT_EQ(harness.counters.value(Gauge::ParkedNow), 0);
    EXPECT_EQ(count(Counter::ParkedRequests), 1u);
}

TEST_F(SessionRequests, AParkedRequestMayParkAgain)
{
    auto client = harness.connect();
    client.send(get("/park"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    std::optional<Parked> again;
    handler.parked[0].resume([&](Exchange& exchange) { again = exchange.park(); });
    ASSERT_TRUE(again);
    EXPECT_EQ(session->parked(), 1u);
    harness.settle();
    EXPECT_FALSE(client.has("HTTP"));
    again->resume([](Exchange& exchange) {
        EXPECT_EQ(exchange.head().path, "/park");
        exchange.begin(200);
        exchange.answerText("text/plain", "at last");
    });
    EXPECT_EQ(next(client).body, "at last");
    EXPECT_EQ(session->parked(), 0u);
    again->resume([](Exchange&) { ADD_FAILURE() << "answered already"; });
}

/// The token of a client that has left does nothing, also where another client has its slot.
TEST_F(SessionRequests, AClientThatLeavesWhileParkedIsForgotten)
{
    auto client = std::make_unique<net::TestClient>(harness.connect());
    client->send(get("/park"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    harness.worker.closeAll(net::EndReason::Kicked);
    EXPECT_EQ(session->parked(), 0u);
    EXPECT_EQ(harness.counters.value(Gauge::ParkedNow), 0);
    bool ran = false;
    handler.parked[0].resume([&](Exchange&) { ran = true; });
    auto other = harness.connect();
    other.send(get("/park"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 2; }));
    handler.parked[0].resume([&](Exchange&) { ran = true; });
    EXPECT_FALSE(ran);
    handler.parked[1].resume([](Exchange& exchange) {
        exchange.begin(200);
        exchange.answerText("text/plain", "mine");
    });
    EXPECT_EQ(next(other).body, "mine");
}

TEST_F(SessionRequests, AResetWhileParkedEndsIt)
{
    auto client = harness.connect();
    client.send(get("/park") + get("/more"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    client.close();
    harness.settle();
    handler.parked[0].resume([](Exchange& exchange) {
        exchange.begin(200);
        exchange.answerText("text/plain", "to nobody");
    });
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 0; }));
    EXPECT_EQ(session->parked(), 0u);
    EXPECT_EQ(harness.counters.value(Gauge::ParkedNow), 0);
}

TEST_F(SessionRequests, AHalfClosedClientGetsItsAnswers)
{
    auto client = harness.connect();
    client.send(get("/1") + get("/2"));
    client.shutDown();
    EXPECT_EQ(next(client).body, "/1|");
    EXPECT_EQ(next(client).body, "/2|");
    EXPECT_TRUE(ends(client));
    EXPECT_FALSE(client.reset());
}

TEST_F(SessionRequests, NoneMayKeepTheOthersWaiting)
{
    auto greedy = harness.connect();
    auto modest = harness.connect();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.worker.connections() == 2; }));
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += get("/greedy");
    greedy.send(many);
    modest.send(get("/modest"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.handled.size() == 201; }));
    const auto at = std::find(handler.handled.begin(), handler.handled.end(), "/modest");
    EXPECT_LE(at - handler.handled.begin(), 64);
    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(next(greedy).body, "/greedy|");
    EXPECT_EQ(next(modest).body, "/modest|");
}

TEST_F(SessionRequests, CollectsABody)
{
    auto client = harness.connect();
    client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
    harness.settle();
    EXPECT_TRUE(handler.handled.empty());
    client.send("67890" + get("/after"));
    EXPECT_EQ(next(client).body, "/up|1234567890");
    EXPECT_EQ(next(client).body, "/after|");
}

TEST_F(SessionRequests, ABodyStaysWithItsParkedRequest)
{
    auto client = harness.connect();
    client.send("POST /park HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + get("/after"));
    ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
    handler.parked[0].resume([](Exchange& exchange) {
        EXPECT_EQ(exchange.body(), "body");
        exchange.begin(200);
        exchange.answerText("text/plain", "");
    });
    EXPECT_EQ(next(client).status, 200);
    EXPECT_EQ(next(client).body, "/after|");
}

TEST_F(SessionRequests, Continue100IsSaidOnce)
{
    auto client = harness.connect();
    client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_TRUE(harness.pollUntil([&] { return client.has("HTTP/1.1 100 Continue\r\n\r\n"); }));
    for (const auto* byte : {"a", "b"}) {
        client.send(byte);
        harness.settle();
    }
    client.send("c");
    ASSERT_TRUE(harness.pollUntil([&] { return client.has("/up|abc"); }));
    EXPECT_EQ(client.received.find("100 Continue"), client.received.rfind("100 Continue"));
}

TEST_F(SessionRequests, Continue100IsNotSaidToWhoDoesNotWait)
{
    auto client = harness.connect();
    client.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\na");
    harness.settle();
    client.send("bc");
    EXPECT_EQ(next(client).body, "/up|abc");
}

TEST_F(SessionRequests, BodiesThatAreNotTaken)
{
    struct Case
    {
        std::string head;
        int status;
    };
    for (const Case& c : std::vector<Case>{
             {"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", 413},
             {"POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 413},
             {"POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n", 413},
             {"POST /other HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 413},
             {"POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 411},
         }) {
        SCOPED_TRACE(c.head);
        handler.handled.clear();
        const auto before = count(Counter::Head413);
        auto client = harness.connect();
        client.send(c.head + get("/smuggled"));
        const Answer answer = next(client);
        EXPECT_EQ(answer.status, c.status);
        EXPECT_TRUE(answer.has("Connection: close"));
        EXPECT_TRUE(ends(client));
        EXPECT_TRUE(client.received.empty()) << "nothing after it is a request";
        EXPECT_TRUE(handler.handled.empty());
        EXPECT_EQ(count(Counter::Head413), before + (c.status == 413 ? 1 : 0));
    }
}

TEST_F(SessionRequests, HeadGetsTheFieldsOfGetAndNoBody)
{
    auto client = harness.connect();
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nHEAD /big HTTP/1.1\r\nHost: a\r\n\r\n"
                "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\nHEAD /status/404 HTTP/1.1\r\nHost: a\r\n\r\n" +
                get("/after"));
    EXPECT_TRUE(next(client, true).has("Content-Length: 3"));
    EXPECT_TRUE(next(client, true).has("Content-Length: 3000000"));
    EXPECT_TRUE(next(client, true).has("Transfer-Encoding: chunked"));
    EXPECT_EQ(next(client, true).status, 404);
    EXPECT_EQ(next(client).body, "/after|");
}

TEST_F(SessionRequests, Http10ClosesUnlessAskedToKeep)
{
    auto client = harness.connect();
    client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    Answer answer = next(client);
    EXPECT_EQ(answer.head.substr(0, 9), "HTTP/1.1 ") << "RFC 9110 §2.5: our version";
    EXPECT_TRUE(answer.has("Connection: keep-alive"));
    client.send("GET /2 HTTP/1.0\r\n\r\n");
    answer = next(client);
    EXPECT_EQ(answer.body, "/2|");
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(ends(client));
}

TEST_F(SessionRequests, ABodyOfUnknownLength)
{
    auto modern = harness.connect();
    modern.send(get("/stream") + get("/after"));
    ASSERT_TRUE(harness.pollUntil([&] { return modern.has("/after|"); }));
    EXPECT_NE(modern.received.find("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nHTTP"),
              std::string::npos);

    auto old = harness.connect();
    old.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ASSERT_TRUE(ends(old));
    EXPECT_EQ(old.received.find("chunked"), std::string::npos);
    EXPECT_NE(old.received.find("Connection: close\r\n\r\nabcde"), std::string::npos);

    auto cut = harness.connect();
    cut.send(get("/cut") + get("/after"));
    ASSERT_TRUE(ends(cut));
    EXPECT_EQ(cut.received.find("0\r\n\r\n"), std::string::npos);
    EXPECT_EQ(cut.received.find("/after"), std::string::npos);
}

TEST_F(SessionRequests, AnAnswerThatCouldBeSplitIsA500)
{
    auto client = harness.connect();
    client.send(get("/split"));
    const Answer answer = next(client);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_TRUE(answer.has("Connection: close"));
}

TEST_F(SessionRequests, AHandlerThatSaysNothingIsA500)
{
    auto client = harness.connect();
    EXPECT_EQ(ask(client, get("/none")).status, 500);
    EXPECT_EQ(ask(client, get("/after")).body, "/after|");
}

TEST_F(SessionRequests, ErrorsAreProblemJsonOrAPage)
{
    auto client = harness.connect();
    Answer answer = ask(client, get("/status/404"));
    EXPECT_EQ(answer.status, 404);
    EXPECT_TRUE(answer.has("Content-Type: application/problem+json"));
    EXPECT_TRUE(answer.has("Cache-Control: no-store"));
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
    EXPECT_EQ(json[u"status"].toInt(), 404);
    EXPECT_EQ(json[u"detail"].toString(), u"As you wished.");
    answer = ask(client, get("/status/404", "Accept: text/html\r\n"));
    EXPECT_TRUE(answer.has("Content-Type: text/html; charset=utf-8"));
    EXPECT_NE(answer.body.find("As you wished."), std::string::npos);
}

TEST_F(SessionRequests, TargetsThatQtCannotReadAreAnsweredAllTheSame)
{
    for (const auto* target : {"//[", "//", "//a:99999/", "//u@[::1/x"}) {
        SCOPED_TRACE(target);
        auto client = harness.connect();
        const Answer answer = ask(client, get(target));
        EXPECT_TRUE(answer.status == 200 || answer.status == 400) << answer.status;
        auto other = harness.connect();
        EXPECT_EQ(ask(other, get("/other")).body, "/other|");
    }
    auto client = harness.connect();
    EXPECT_EQ(ask(client, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").body, "*|");
}

TEST_F(SessionRequests, CountsByMethodRouteAndStatus)
{
    auto client = harness.connect();
    client.send(get("/1") + get("/big") + get("/status/404") + "HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(next(client).status, 200);
    EXPECT_EQ(next(client).status, 200);
    EXPECT_EQ(next(client).status, 404);
    EXPECT_EQ(next(client, true).status, 200);
    const auto metrics = harness.metrics.snapshot();
    using observe::MethodLabel;
    using observe::Route;
    const auto requests = [&](MethodLabel method, unsigned status) {
        return metrics.requests[observe::requestCell(method, Route::File, observe::statusIndex(status))];
    };
    EXPECT_EQ(requests(MethodLabel::Get, 200), 2u);
    EXPECT_EQ(requests(MethodLabel::Get, 404), 1u);
    EXPECT_EQ(requests(MethodLabel::Head, 200), 1u);
    EXPECT_GT(count(Counter::SentBytes), handler.big.size());
    EXPECT_EQ(count(Counter::ReceivedBytes),
              get("/1").size() + get("/big").size() + get("/status/404").size() + 29);
}

/// Every way an answer can end leaves one line, with what its client got.
TEST_F(SessionRequests, TheLogHasEachRequestOnce)
{
    std::string folder = (std::filesystem::temp_directory_path() / "spillway-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const std::string path = folder + "/access.log";
    {
        observe::AccessLogOptions options;
        options.path = path;
        options.format = observe::AccessFormat::Json;
        auto log = observe::AccessLog::open(options, harness.clock);
        ASSERT_TRUE(log) << log.error().message;
        session.emplace(harness.worker, handler, SessionLimits{}, log->get(), 0);
        harness.worker.setProtocol(*session);
        auto client = harness.connect();
        client.send(get("/1", "User-Agent: test\r\nReferer: http://r/\r\n") + get("/big") + get("/empty") +
                    get("/park") + get("/status/404"));
        EXPECT_EQ(next(client).status, 200);
        EXPECT_EQ(next(client).status, 200);
        EXPECT_EQ(next(client).status, 204);
        ASSERT_TRUE(harness.pollUntil([&] { return handler.parked.size() == 1; }));
        harness.clock.advance(seconds(3));
        harness.worker.poll();
        handler.parked[0].resume([](Exchange& exchange) {
            exchange.begin(200);
            exchange.answerText("text/plain", "12345");
        });
        EXPECT_EQ(next(client).body, "12345");
        EXPECT_EQ(next(client).status, 404);
        client.send("BAD\r\n\r\n");
        EXPECT_EQ(next(client).status, 400);
        harness.worker.closeAll(net::EndReason::Drain);
        (*log)->flush();
        session.emplace(harness.worker, handler, SessionLimits{}, nullptr, 0);
        harness.worker.setProtocol(*session);
    }
    std::ifstream in(path);
    std::vector<QJsonObject> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(QJsonDocument::fromJson(QByteArray::fromStdString(line)).object());
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[0][u"target"].toString(), u"/1");
    EXPECT_EQ(lines[0][u"method"].toString(), u"GET");
    EXPECT_EQ(lines[0][u"status"].toInt(), 200);
    EXPECT_EQ(lines[0][u"bytes"].toInt(), 3);
    EXPECT_EQ(lines[0][u"user_agent"].toString(), u"test");
    EXPECT_EQ(lines[0][u"share"].toString(), u"music");
    EXPECT_EQ(lines[1][u"target"].toString(), u"/big");
    EXPECT_EQ(lines[1][u"bytes"].toInt(), 3'000'000);
    EXPECT_EQ(lines[1][u"share"].toString(), u"music");
    EXPECT_EQ(lines[2][u"status"].toInt(), 204);
    EXPECT_EQ(lines[2][u"bytes"].toInt(), 0);
    EXPECT_EQ(lines[3][u"target"].toString(), u"/park");
    EXPECT_EQ(lines[3][u"bytes"].toInt(), 5);
    EXPECT_EQ(lines[3][u"duration_us"].toInt(), 3'000'000);
    EXPECT_EQ(lines[4][u"status"].toInt(), 404);
    EXPECT_EQ(lines[5][u"status"].toInt(), 400);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace spillway::http
