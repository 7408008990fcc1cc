// SPDX-License-Identifier: GPL-3.0-or-later
// How answers go out: partial writes, files, generators, slow clients. Built twice, the second time with
// OVER_TLS: the same answers over TLS.
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

namespace spillway::net {
namespace {

using observe::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = Connection::Outcome;
using State = Generator::State;

constexpr int kTinyBuffer = 4096;
constexpr int kRecord = 16 * 1024; ///< of TLS; less than one is not counted as taken

ConnectionLimits unhurried()
{
    ConnectionLimits limits;
    limits.minRate = {0};
    return limits;
}

struct Sending : testing::Test
{
    explicit Sending(ConnectionLimits limits = unhurried(), int buffer = kTinyBuffer)
        : harness(limits, buffer), client(begin(buffer))
    {
    }
#ifdef OVER_TLS
    using Client = TlsClient;
    Client begin(int buffer)
    {
        harness.worker.setProtocol(protocol);
        harness.listenWithTls(buffer);
        return another(buffer);
    }
    Client another(int buffer = 0)
    {
        TlsClientOptions options;
        options.receiveBuffer = buffer;
        return harness.connectTls(options);
    }
#else
    using Client = TestClient;
    Client begin(int buffer)
    {
        harness.worker.setProtocol(protocol);
        return another(buffer);
    }
    Client another(int buffer = 0)
    {
        return harness.connect(buffer);
    }
#endif
    /// Lets a client ask, and the protocol answer with `answer`, whose outcome is kept.
    template<class F>
    void ask(F answer)
    {
        protocol.onBytes = [this, answer](Connection& connection) {
            connection.setWaiting();
            outcome = answer(connection);
            if (outcome == Outcome::Sent)
                connection.setReading();
            asked = true;
        };
        client.send("?");
        ASSERT_TRUE(harness.pollUntil([&] { return asked; }));
    }
    bool receives(std::size_t bytes)
    {
        return harness.pollUntil([&] {
            client.read();
            return client.received.size() >= bytes;
        });
    }
    bool ends()
    {
        return harness.pollUntil([&] { return client.ended(); });
    }
    static Body bodyOf(std::vector<Segment> segments)
    {
        Body body;
        body.segments = std::move(segments);
        return body;
    }
    Body generated(std::deque<FakeGenerator::Step> steps, bool chunked = true)
    {
        Body body;
        body.generator = std::make_unique<FakeGenerator>(std::move(steps), seen);
        body.chunked = chunked;
        return body;
    }

    FakeProtocol protocol;
    WorkerHarness harness;
    Worker& worker = harness.worker;
    Client client;
    std::optional<Outcome> outcome;
    bool asked = false;
    std::shared_ptr<FakeGenerator::Seen> seen = std::make_shared<FakeGenerator::Seen>();
};

TEST_F(Sending, ASmallAnswerGoesOutAtOnce)
{
    const auto owner = std::make_shared<std::string>("HEAD\r\n\r\nbody");
    ask([&](Connection& c) { return c.sendWhole(owner, *owner, 8); });
    EXPECT_EQ(outcome, Outcome::Sent);
    EXPECT_EQ(protocol.last->answerBytes(), 12u);
    ASSERT_TRUE(receives(12));
    EXPECT_EQ(client.received, "HEAD\r\n\r\nbody");
    EXPECT_TRUE(protocol.ended.empty()) << "only an answer that continued is told about";
}

TEST_F(Sending, ALargeWholeAnswerKeepsItsHeadAsItWas)
{
    const std::string head = pattern(3'000'000, 1);
    const std::string body = pattern(2'000'000, 2);
    const auto owner = std::make_shared<std::string>(head + body);
    ask([&](Connection& c) { return c.sendWhole(owner, *owner, head.size()); });
    EXPECT_EQ(outcome, Outcome::Continues);
    std::fill_n(owner->begin(), head.size(), '#'); // another request's Date
    std::weak_ptr<std::string> alive = owner;
    ASSERT_TRUE(receives(head.size() + body.size()));
    EXPECT_TRUE(client.received == head + body);
    EXPECT_EQ(protocol.ended, std::vector<bool>{true});
    EXPECT_EQ(alive.use_count(), 1) << "let go when it was out";
}

TEST_F(Sending, SegmentsOfAllKindsInOrder)
{
    const std::string text = pattern(1'500'000, 3);
    const auto file = std::make_shared<FakeFile>(pattern(4'000'000, 4));
    file->mostAtOnce = 300'001;
    const std::string whole = pattern(4'000'000, 4);
    ask([&](Connection& c) {
        return c.sendAnswer("head;", bodyOf({Segment::memory(""), Segment::memory(text),
                                             Segment::fileRange(file, 1000, 2'000'000), Segment::memory("|"),
                                             Segment::fileRange(file, 7, 0), Segment::memory(""),
                                             Segment::fileRange(file, 3'999'999, 1)}));
    });
    EXPECT_EQ(outcome, Outcome::Continues);
    const std::string expected =
        "head;" + text + whole.substr(1000, 2'000'000) + "|" + whole.substr(3'999'999);
    ASSERT_TRUE(receives(expected.size()));
    EXPECT_TRUE(client.received == expected);
    EXPECT_EQ(protocol.ended, std::vector<bool>{true});
    EXPECT_EQ(protocol.last->answerBytes(), expected.size());
    EXPECT_EQ(file.use_count(), 1);
    std::vector<std::uint64_t> ends;
    for (const auto& [offset, length] : file->asked)
        if (length == 0)
            ends.push_back(offset);
    EXPECT_EQ(ends, (std::vector<std::uint64_t>{2'001'000, 4'000'000}))
        << "looked at again after the last byte";
}

TEST_F(Sending, AHeadAlone)
{
    ask([&](Connection& c) { return c.sendAnswer("head", {}); });
    EXPECT_EQ(outcome, Outcome::Sent);
    ASSERT_TRUE(receives(4));
    EXPECT_EQ(client.received, "head");
}

TEST_F(Sending, ALargeHeadIsCopied)
{
    auto head = std::make_unique<std::string>(pattern(3'000'000));
    const std::string expected = *head + "tail";
    ask([&](Connection& c) { return c.sendAnswer(*head, bodyOf({Segment::memory("tail")})); });
    EXPECT_EQ(outcome, Outcome::Continues);
    head->assign(head->size(), '#');
    ASSERT_TRUE(receives(expected.size()));
    EXPECT_TRUE(client.received == expected);
}

TEST_F(Sending, ASecondAnswerCountsFromZero)
{
    for (int i = 0; i < 2; ++i) {
        asked = false;
        ask([&](Connection& c) { return c.sendAnswer("12345", {}); });
        EXPECT_EQ(protocol.last->answerBytes(), 5u);
    }
}

struct WholeFile : Sending, testing::WithParamInterface<std::size_t>
{
};

TEST_P(WholeFile, ArrivesWholeWithItsHead)
{
    const std::string bytes = pattern(GetParam(), 9);
    const auto file = std::make_shared<FakeFile>(bytes);
    ask([&](Connection& c) { return c.sendFile("head;", file, bytes.size()); });
    EXPECT_NE(outcome, Outcome::Lost);
    ASSERT_TRUE(receives(5 + bytes.size()));
    EXPECT_TRUE(client.received == "head;" + bytes);
    EXPECT_EQ(harness.count(Counter::EndFileChanged), 0u);
    if (outcome == Outcome::Continues) {
        EXPECT_EQ(protocol.ended, std::vector<bool>{true});
    }
}
INSTANTIATE_TEST_SUITE_P(Sizes, WholeFile,
                         testing::Values(0, 1, 1000, 1'000'000, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1));

TEST_F(Sending, AColdFileIsWaitedFor)
{
    for (const bool whole : {false, true}) {
        SCOPED_TRACE(whole);
        const auto file = std::make_shared<FakeFile>("0123456789");
        file->script = {{WindowState::Pending, 0}, {WindowState::Ready, 4}, {WindowState::Pending, 0}};
        client.received.clear();
        protocol.ended.clear();
        asked = false;
        ask([&](Connection& c) {
            return whole ? c.sendFile("h", file, 10)
                         : c.sendAnswer("h", bodyOf({Segment::fileRange(file, 0, 10)}));
        });
        EXPECT_EQ(outcome, Outcome::Continues);
        harness.settle();
        client.read();
        EXPECT_TRUE(client.received.empty() || client.received == "h") << client.received;
        ASSERT_EQ(file->wakes.size(), 1u);
        harness.advance(std::chrono::minutes(10), seconds(5)); // ours to blame, not the client's
        ASSERT_EQ(worker.connections(), 1u);
        file->wakes[0]();
        harness.settle();
        ASSERT_EQ(file->wakes.size(), 2u);
        file->wakes[1]();
        ASSERT_TRUE(receives(11));
        EXPECT_EQ(client.received, "h0123456789");
        EXPECT_EQ(protocol.ended, std::vector<bool>{true});
    }
}

/// What can go wrong with a file under an answer: the client must not take what it got for the whole.
TEST_F(Sending, AFileThatFailsEndsTheConnection)
{
    enum class Fault
    {
        FailedAtOnce,
        ChangedAtOnce,
        FailedAfterWait,
        ChangedLater,
        ChangedAtEnd,
        Short
    };
    std::uint64_t ends = 0;
    for (const bool whole : {false, true})
        for (const Fault fault : {Fault::FailedAtOnce, Fault::ChangedAtOnce, Fault::FailedAfterWait,
                                  Fault::ChangedLater, Fault::ChangedAtEnd, Fault::Short}) {
            SCOPED_TRACE(testing::Message() << whole << " " << static_cast<int>(fault));
            const auto file = std::make_shared<FakeFile>("0123456789");
            switch (fault) {
            case Fault::FailedAtOnce:
                file->script = {{WindowState::Failed, 0}};
                break;
            case Fault::ChangedAtOnce:
                file->script = {{WindowState::Changed, 0}};
                break;
            case Fault::FailedAfterWait:
                file->script = {{WindowState::Pending, 0}, {WindowState::Failed, 0}};
                break;
            case Fault::ChangedLater:
                file->script = {{WindowState::Ready, 4}, {WindowState::Changed, 0}};
                break;
            case Fault::ChangedAtEnd:
                file->atEnd = WindowState::Changed;
                break;
            case Fault::Short:
                file->truncate(6);
                break;
            }
            Client own = another();
            protocol.ended.clear();
            protocol.onBytes = [&](Connection& c) {
                c.setWaiting();
                outcome = whole ? c.sendFile("h", file, 10)
                                : c.sendAnswer("h", bodyOf({Segment::fileRange(file, 0, 10)}));
            };
            own.send("?");
            if (fault == Fault::FailedAfterWait) {
                ASSERT_TRUE(harness.pollUntil([&] { return !file->wakes.empty(); }));
                file->wakes[0]();
            }
            ASSERT_TRUE(harness.pollUntil([&] { return own.ended(); }));
            EXPECT_EQ(harness.count(Counter::EndFileChanged), ++ends);
            EXPECT_LE(own.received.size(), 11u);
            EXPECT_EQ(own.received, std::string("h0123456789").substr(0, own.received.size()));
            for (const bool complete : protocol.ended)
                EXPECT_FALSE(complete);
            EXPECT_EQ(file.use_count(), 1);
        }
}

TEST_F(Sending, ChunksAreFramed)
{
    ask([&](Connection& c) {
        return c.sendAnswer("h;", generated({{State::More, "abc"},
                                             {State::More, std::string(300, 'x')},
                                             {State::More, ""},
                                             {State::Done, "de"}}));
    });
    EXPECT_EQ(outcome, Outcome::Sent);
    const std::string expected = "h;3\r\nabc\r\n12c\r\n" + std::string(300, 'x') + "\r\n2\r\nde\r\n0\r\n\r\n";
    ASSERT_TRUE(receives(expected.size()));
    EXPECT_EQ(client.received, expected);
    EXPECT_TRUE(seen->destroyed);
}

TEST_F(Sending, ASourceIsAskedWhenItsSegmentsAreOut)
{
    using Source = SegmentSource::State;
    const std::string big = pattern(300'000);
    const auto file = std::make_shared<FakeFile>(big);
    const auto had = std::make_shared<FakeSource::Seen>();
    std::vector<FakeSource::Step> steps(5);
    steps[0] = {Source::More, {Segment::memory("abc"), Segment::fileRange(file, 0, big.size())}};
    steps[1] = {Source::Pending, {}};
    steps[2] = {Source::More, {Segment::memory(std::string()), Segment::memory("de")}};
    steps[3] = {Source::More, {Segment::fileRange(file, 5, 10)}};
    steps[4] = {Source::Done, {}};
    ask([&](Connection& c) {
        Body body;
        body.source = std::make_unique<FakeSource>(std::move(steps), had);
        return c.sendAnswer("h;", std::move(body));
    });
    EXPECT_EQ(outcome, Outcome::Continues);
    ASSERT_TRUE(receives(5 + big.size()));
    harness.advance(std::chrono::minutes(10), seconds(5));
    EXPECT_EQ(had->asked, 2) << "not asked before it wakes";
    ASSERT_EQ(had->wakes.size(), 1U);
    had->wakes[0]();
    const std::string expected = "h;abc" + big + "de" + big.substr(5, 10);
    ASSERT_TRUE(receives(expected.size()));
    EXPECT_EQ(client.received, expected);
    EXPECT_EQ(protocol.ended, std::vector<bool>{true});
    EXPECT_TRUE(had->destroyed);
}

TEST_F(Sending, AFailedSourceEndsTheConnection)
{
    using Source = SegmentSource::State;
    const auto had = std::make_shared<FakeSource::Seen>();
    std::vector<FakeSource::Step> steps(2);
    steps[0] = {Source::More, {Segment::memory("abc")}};
    steps[1] = {Source::Failed, {}};
    ask([&](Connection& c) {
        Body body;
        body.source = std::make_unique<FakeSource>(std::move(steps), had);
        return c.sendAnswer("h;", std::move(body));
    });
    EXPECT_EQ(outcome, Outcome::Lost);
    EXPECT_TRUE(ends());
    EXPECT_TRUE(had->destroyed);
}

TEST_F(Sending, AnEmptyGeneratorIsOneLastChunk)
{
    ask([&](Connection& c) { return c.sendAnswer("h;", generated({{State::Done, ""}})); });
    ASSERT_TRUE(receives(7));
    EXPECT_EQ(client.received, "h;0\r\n\r\n");
}

TEST_F(Sending, WithoutChunksTheBytesAreBare)
{
    ask([&](Connection& c) {
        return c.sendAnswer("h;", generated({{State::More, "abc"}, {State::Done, "de"}}, false));
    });
    ASSERT_TRUE(receives(7));
    EXPECT_EQ(client.received, "h;abcde");
}

TEST_F(Sending, AGeneratorThatWaitsIsWokenNotBlamed)
{
    ask([&](Connection& c) {
        return c.sendAnswer("h;",
                            generated({{State::Pending, ""}, {State::Pending, ""}, {State::Done, "abc"}}));
    });
    EXPECT_EQ(outcome, Outcome::Continues);
    ASSERT_TRUE(receives(2)) << "the head does not wait";
    harness.advance(std::chrono::minutes(10), seconds(5));
    EXPECT_EQ(seen->pulls, 1) << "not asked before it wakes";
    ASSERT_EQ(seen->wakes.size(), 1u);
    seen->wakes[0]();
    ASSERT_EQ(seen->wakes.size(), 2u);
    seen->wakes[1]();
    ASSERT_TRUE(receives(15));
    EXPECT_EQ(client.received, "h;3\r\nabc\r\n0\r\n\r\n");
    EXPECT_EQ(protocol.ended, std::vector<bool>{true});
}

TEST_F(Sending, AFailedGeneratorLeavesTheBodyWithoutItsEnd)
{
    ask([&](Connection& c) {
        return c.sendAnswer("h;", generated({{State::More, "abc"}, {State::Failed, "zzz"}}));
    });
    EXPECT_EQ(outcome, Outcome::Lost);
    ASSERT_TRUE(ends());
    EXPECT_EQ(client.received, "h;3\r\nabc\r\n");
    EXPECT_EQ(harness.count(Counter::EndFileChanged), 1u);
    EXPECT_TRUE(seen->destroyed);
}

TEST_F(Sending, ALargeGeneratedBodyIsPulledOnlyAsItGoesOut)
{
    std::deque<FakeGenerator::Step> steps;
    std::string expected = "h;";
    for (unsigned i = 0; i < 100; ++i) {
        steps.push_back({i == 99 ? State::Done : State::More, pattern(0x10000, i)});
        expected += "10000\r\n" + steps.back().bytes + "\r\n";
    }
    expected += "0\r\n\r\n";
    ask([&](Connection& c) { return c.sendAnswer("h;", generated(std::move(steps))); });
    EXPECT_EQ(outcome, Outcome::Continues);
    harness.settle();
    EXPECT_LT(seen->pulls, 20) << "a client that does not read costs no memory";
    ASSERT_TRUE(receives(expected.size()));
    EXPECT_TRUE(client.received == expected);
}

TEST_F(Sending, AClientThatLeavesEndsTheAnswer)
{
    std::deque<FakeGenerator::Step> steps(100, {State::More, pattern(0x10000)});
    ask([&](Connection& c) { return c.sendAnswer("h;", generated(std::move(steps))); });
    ASSERT_EQ(outcome, Outcome::Continues);
    client.close();
    ASSERT_TRUE(harness.pollUntil([&] { return worker.connections() == 0; }));
    EXPECT_TRUE(seen->destroyed);
    EXPECT_EQ(protocol.ended, std::vector<bool>{false});
    EXPECT_EQ(harness.count(Counter::EndPeer), 1u);
}

/// A waker of an answer that is gone must not touch the client that has its slot now.
TEST_F(Sending, TheWakerOfADeadConnectionDoesNothing)
{
    const auto first = std::make_shared<FakeFile>("first");
    first->script = {{WindowState::Pending, 0}};
    ask([&](Connection& c) { return c.sendAnswer("h;", bodyOf({Segment::fileRange(first, 0, 5)})); });
    Connection* const slot = protocol.last;
    ASSERT_EQ(first->wakes.size(), 1u);
    client.close();
    ASSERT_TRUE(harness.pollUntil([&] { return worker.connections() == 0; }));
    first->wakes[0](); // to an empty slot

    const auto second = std::make_shared<FakeFile>("second");
    second->script = {{WindowState::Pending, 0}};
    client = another();
    asked = false;
    ask([&](Connection& c) { return c.sendAnswer("H;", bodyOf({Segment::fileRange(second, 0, 6)})); });
    ASSERT_EQ(protocol.last, slot);
    first->wakes[0]();
    harness.settle();
    EXPECT_EQ(second->asked.size(), 1u) << "not woken";
    second->wakes[0]();
    ASSERT_TRUE(receives(8));
    EXPECT_EQ(client.received, "H;second");
}

TEST_F(Sending, ClosingWhenAnAnswerHasEnded)
{
    protocol.onEnded = [](Connection& connection, bool) { connection.closeNow(EndReason::Kicked); };
    const std::string text = pattern(3'000'000);
    ask([&](Connection& c) { return c.sendAnswer("", bodyOf({Segment::memory(text)})); });
    ASSERT_TRUE(ends());
    EXPECT_EQ(client.received.size(), text.size());
    EXPECT_EQ(harness.count(Counter::EndKicked), 1u);
}

struct Stalled : Sending
{
    Stalled()
        : Sending([] {
              ConnectionLimits limits;
              limits.writeStallTimeout = seconds(10);
              limits.minRate = {0};
              return limits;
          }())
    {
        text = pattern(3'000'000);
        ask([&](Connection& c) { return c.sendAnswer("", bodyOf({Segment::memory(text)})); });
        harness.settle();
    }
    std::string text;
};

TEST_F(Stalled, AClientThatTakesNothingIsEnded)
{
    harness.advance(seconds(10) - milliseconds(20));
    EXPECT_EQ(worker.connections(), 1u);
    harness.advance(milliseconds(40));
    EXPECT_EQ(worker.connections(), 0u);
    EXPECT_EQ(harness.count(Counter::EndWriteStall), 1u);
    EXPECT_EQ(protocol.ended, std::vector<bool>{false});
}

TEST_F(Stalled, EveryBitOfProgressGivesItTheWholeTimeAgain)
{
    for (int i = 0; i < 5; ++i) {
        harness.advance(seconds(9));
        ASSERT_EQ(worker.connections(), 1u);
        const auto before = protocol.last->answerBytes();
        ASSERT_TRUE(harness.pollUntil([&] {
            client.read(64 * 1024);
            return protocol.last->answerBytes() > before;
        }));
    }
    harness.settle();
    harness.advance(seconds(10) + milliseconds(40));
    EXPECT_EQ(harness.count(Counter::EndWriteStall), 1u);
}

struct TooSlow : Sending
{
    TooSlow()
        : Sending(
              [] {
                  ConnectionLimits limits;
                  limits.writeStallTimeout = std::chrono::hours(1);
                  limits.minRate = {100};
                  limits.minRateGrace = seconds(10);
                  return limits;
              }(),
              4 * kRecord)
    {
        text = pattern(3'000'000);
        ask([&](Connection& c) { return c.sendAnswer("", bodyOf({Segment::memory(text)})); });
        harness.settle();
    }
    std::string text;
};

TEST_F(TooSlow, AReaderBelowTheRateIsEndedAfterItsGrace)
{
    // What the kernel took at the beginning is more than 100 B/s for the first 10 s.
    harness.advance(seconds(10) + milliseconds(40));
    ASSERT_EQ(worker.connections(), 1u);
    harness.advance(seconds(10) - milliseconds(80));
    EXPECT_EQ(worker.connections(), 1u);
    harness.advance(milliseconds(120));
    EXPECT_EQ(worker.connections(), 0u);
    EXPECT_EQ(harness.count(Counter::EndMinRate), 1u);
    EXPECT_EQ(harness.count(Counter::EndWriteStall), 0u);
}

TEST_F(TooSlow, AReaderAboveTheRateStays)
{
    for (int i = 0; i < 10; ++i) {
        const auto before = protocol.last->answerBytes();
        ASSERT_TRUE(harness.pollUntil([&] {
            client.read(16 * 1024);
            return protocol.last->answerBytes() > before + 1100;
        }));
        harness.advance(seconds(10));
        ASSERT_EQ(worker.connections(), 1u) << i;
    }
}

} // namespace
} // namespace spillway::net
