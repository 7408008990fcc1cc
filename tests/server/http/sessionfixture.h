// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/session.h"
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

#include <optional>

namespace spillway::http {

/// Answers by path: /big, /stream, /cut, /park, /close, /none, /status/<n>, /up (takes 10 bytes); others
/// their own target.
class PathHandler final : public RequestHandler
{
public:
    [[nodiscard]] std::size_t bodyLimit(const RequestHead& head) const override
    {
        return head.path == "/up" || head.path == "/park" ? 10 : 0;
    }
    void handle(Exchange& exchange) override
    {
        const std::string_view path = exchange.head().path;
        handled.emplace_back(path);
        exchange.labels.route = observe::Route::File;
        exchange.labels.share = "music";
        if (path == "/park") {
            parked.push_back(exchange.park());
        } else if (path == "/big") {
            exchange.begin(200);
            net::Body body;
            body.segments.push_back(net::Segment::memory(big));
            exchange.answer(std::move(body), big.size());
        } else if (path == "/stream" || path == "/cut") {
            exchange.begin(200);
            net::Body body;
            using State = net::Generator::State;
            body.generator = std::make_unique<net::FakeGenerator>(
                std::deque<net::FakeGenerator::Step>{{State::More, "abc"},
                                                     {path == "/cut" ? State::Failed : State::Done, "de"}},
                generator);
            exchange.answer(std::move(body), std::nullopt);
        } else if (path == "/close") {
            exchange.closeAfter();
            exchange.begin(200);
            exchange.answerText("text/plain", "bye");
        } else if (path.starts_with("/status/")) {
            exchange.fail(std::stoi(std::string(path.substr(8))), "As you wished.");
        } else if (path == "/empty") {
            exchange.begin(204);
            exchange.answerEmpty();
        } else if (path == "/split") {
            exchange.begin(200).field("X-Name", "a\r\nSet-Cookie: b");
            exchange.answerText("text/plain", "secret");
        } else if (path != "/none") {
            exchange.begin(200);
            exchange.answerText("text/plain",
                                std::string(exchange.head().rawTarget) + "|" + std::string(exchange.body()));
        }
    }

    std::vector<std::string> handled;
    std::vector<Parked> parked;
    std::string big = net::pattern(3'000'000);
    std::shared_ptr<net::FakeGenerator::Seen> generator = std::make_shared<net::FakeGenerator::Seen>();
};

struct Answer
{
    int status = 0;
    std::string head, body;
    [[nodiscard]] bool has(std::string_view line) const
    {
        return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
    }
};

/// Cuts one answer off the front of `bytes`; nothing while it is not whole. `toHead`: it has no body.
inline std::optional<Answer> takeAnswer(std::string& bytes, bool toHead = false)
{
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos)
        return std::nullopt;
    Answer answer;
    answer.head = bytes.substr(0, end + 2);
    answer.status = std::stoi(answer.head.substr(9, 3));
    std::size_t length = 0;
    if (const auto at = answer.head.find("\r\nContent-Length: "); at != std::string::npos && !toHead)
        length = std::stoul(answer.head.substr(at + 18));
    if (bytes.size() < end + 4 + length)
        return std::nullopt;
    answer.body = bytes.substr(end + 4, length);
    bytes.erase(0, end + 4 + length);
    return answer;
}

struct SessionTest : testing::Test
{
    explicit SessionTest(SessionLimits limits = {}, int sendBuffer = 0) : harness({}, sendBuffer)
    {
        session.emplace(harness.worker, handler, limits, nullptr, 0);
        harness.worker.setProtocol(*session);
    }
    ~SessionTest() override { harness.worker.closeAll(net::EndReason::Drain); } // before the session goes

    Answer next(net::TestClient& client, bool toHead = false)
    {
        std::optional<Answer> answer;
        EXPECT_TRUE(harness.pollUntil([&] {
            client.read();
            answer = takeAnswer(client.received, toHead);
            return answer.has_value();
        })) << client.received;
        return answer.value_or(Answer{});
    }
    Answer ask(net::TestClient& client, std::string_view head)
    {
        client.send(head);
        return next(client);
    }
    static std::string get(std::string_view target, std::string_view fields = {})
    {
        return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
    }
    bool ends(net::TestClient& client)
    {
        return harness.pollUntil([&] { return client.ended(); });
    }
    [[nodiscard]] std::uint64_t count(observe::Counter counter) const { return harness.count(counter); }

    PathHandler handler;
    net::WorkerHarness harness;
    std::optional<Session> session;
};

} // namespace spillway::http
