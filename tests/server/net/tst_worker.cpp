// SPDX-License-Identifier: GPL-3.0-or-later
// Accepting, refusing, the mailbox, time-outs while reading, lingering, draining.
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <thread>

namespace spillway::net {
namespace {

using observe::Counter;
using observe::Gauge;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct WorkerTest : testing::Test
{
    explicit WorkerTest(ConnectionLimits limits = {}) : harness(limits)
    {
        harness.worker.setProtocol(protocol);
    }
    /// The gauges of active and idle connections are these, and every open connection is in one of them.
    void expectStates(std::int64_t active, std::int64_t idle)
    {
        EXPECT_EQ(harness.counters.value(Gauge::ActiveConnections), active);
        EXPECT_EQ(harness.counters.value(Gauge::IdleConnections), idle);
        EXPECT_EQ(static_cast<std::size_t>(active + idle), worker.connections());
    }
    bool accepted(std::size_t many)
    {
        return harness.pollUntil([&] { return harness.worker.connections() == many; });
    }

    FakeProtocol protocol; // before the worker, whose destructor still calls it
    WorkerHarness harness;
    Worker& worker = harness.worker;
};

TEST_F(WorkerTest, AcceptsReadsAndLetsGo)
{
    TestClient client = harness.connect();
    ASSERT_TRUE(accepted(1));
    EXPECT_EQ(harness.count(Counter::Accepted), 1u);
    EXPECT_EQ(harness.open, 1u);
    client.send("hello");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "hello"; }));
    EXPECT_EQ(protocol.last->peer().toString(), "127.0.0.1");
    EXPECT_NE(protocol.last->peer().port, 0);
    EXPECT_TRUE(protocol.last->peer().isLoopback());
    client.send(" and more");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "hello and more"; }));
    client.close();
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(harness.count(Counter::EndPeer), 1u);
    EXPECT_EQ(harness.open, 0u);
}

TEST_F(WorkerTest, TheGaugesFollowTheStates)
{
    TestClient first = harness.connect();
    TestClient second = harness.connect();
    ASSERT_TRUE(accepted(2));
    expectStates(0, 2);
    first.send("x");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "x"; }));
    Connection& connection = *protocol.last;
    expectStates(0, 2);
    connection.setWaiting();
    expectStates(1, 1);
    connection.setWaiting();
    expectStates(1, 1);
    connection.setReading();
    expectStates(0, 2);
    ASSERT_EQ(connection.sendAnswer("a short answer", {}), Connection::Outcome::Sent);
    expectStates(0, 2); // it never had to wait
    Body body;
    body.segments.push_back(Segment::memory(std::string(64 * 1024 * 1024, 'z')));
    ASSERT_EQ(connection.sendAnswer("a long one", std::move(body)), Connection::Outcome::Continues);
    expectStates(1, 1);
    connection.closeNow(EndReason::Kicked);
    expectStates(0, 1);
    second.send("y");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "xy"; }));
    protocol.last->closeGently(EndReason::KeepAliveEnd);
    expectStates(1, 0);
    second.close();
    ASSERT_TRUE(accepted(0));
    expectStates(0, 0);
}

TEST_F(WorkerTest, BytesBeforeAnEndOfStreamAreRead)
{
    TestClient client = harness.connect();
    client.send("all of it");
    client.shutDown();
    ASSERT_TRUE(harness.pollUntil([&] { return harness.count(Counter::EndPeer) == 1; }));
    EXPECT_EQ(protocol.received, "all of it");
}

TEST_F(WorkerTest, ManyMoreClientsThanOneSlab)
{
    std::vector<TestClient> clients;
    for (int i = 0; i < 600; ++i)
        clients.push_back(harness.connect());
    ASSERT_TRUE(accepted(600));
    for (auto& client : clients)
        client.send("x");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received.size() == 600; }));
    std::size_t seen = 0;
    worker.forEachConnection([&](Connection&) { ++seen; });
    EXPECT_EQ(seen, 600u);
    clients.clear();
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(harness.count(Counter::EndPeer), 600u);
}

TEST_F(WorkerTest, ASlotHasAnotherGenerationForItsNextClient)
{
    auto first = std::make_unique<TestClient>(harness.connect());
    first->send("a");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "a"; }));
    Connection* const slot = protocol.last;
    const auto generation = slot->generation();
    first->close();
    ASSERT_TRUE(accepted(0));
    TestClient second = harness.connect();
    second.send("b");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "ab"; }));
    ASSERT_EQ(protocol.last, slot);
    EXPECT_NE(slot->generation(), generation);
}

TEST_F(WorkerTest, AHeadThatNeverComesTimesOut)
{
    TestClient client = harness.connect();
    ASSERT_TRUE(accepted(1));
    harness.advance(seconds(10) - milliseconds(20));
    EXPECT_EQ(protocol.timedOut, 0);
    harness.advance(milliseconds(40));
    EXPECT_EQ(protocol.timedOut, 1);
    EXPECT_EQ(harness.count(Counter::EndHeadTimeout), 1u);
    EXPECT_TRUE(harness.pollUntil([&] { return client.ended(); }));
}

/// No descriptor is left for a client that waits: it gets a quick 503, and is not looked at again and again.
TEST_F(WorkerTest, OutOfDescriptorsAClientIsRefusedAndTheListenerRests)
{
    TestClient first = harness.connect();
    TestClient second = harness.connect();
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    // The lowest free number is the first that is not to be had.
    const UniqueFd next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none = limit;
    none.rlim_cur = static_cast<rlim_t>(next.get()) + 1;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    worker.poll();
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(harness.count(Counter::RejectedEmfile), 2u);
    EXPECT_EQ(worker.connections(), 0u);
    for (TestClient* client : {&first, &second}) {
        EXPECT_TRUE(harness.pollUntil([&] { return client->ended(); }));
        EXPECT_TRUE(client->has("HTTP/1.1 503 ")) << client->received;
        EXPECT_FALSE(client->reset());
    }
    TestClient third = harness.connect();
    worker.poll();
    EXPECT_EQ(worker.connections(), 0u) << "the listener rests";
    harness.advance(milliseconds(40));
    EXPECT_TRUE(accepted(1));
}

struct TwoAtMost : WorkerTest
{
    TwoAtMost()
        : WorkerTest([] {
              ConnectionLimits limits;
              limits.maxConnections = 2;
              return limits;
          }())
    {
    }
};

TEST_F(TwoAtMost, OneMoreIsAnswered503)
{
    auto first = std::make_unique<TestClient>(harness.connect());
    TestClient second = harness.connect();
    ASSERT_TRUE(accepted(2));
    EXPECT_EQ(harness.count(Counter::RejectedMax), 0u);
    TestClient third = harness.connect();
    third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(harness.pollUntil([&] { return third.ended(); }));
    EXPECT_FALSE(third.reset()) << "a reset could take the answer away";
    EXPECT_EQ(third.received.substr(0, 13), "HTTP/1.1 503 ");
    EXPECT_NE(third.received.find("\r\nRetry-After: 5\r\n"), std::string::npos);
    EXPECT_NE(third.received.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(harness.count(Counter::RejectedMax), 1u);
    EXPECT_EQ(worker.connections(), 2u);
    first->close();
    ASSERT_TRUE(accepted(1));
    TestClient fourth = harness.connect();
    ASSERT_TRUE(accepted(2));
    EXPECT_EQ(harness.count(Counter::RejectedMax), 1u);
}

TEST_F(TwoAtMost, TheBoundIsTheProcesssNotTheWorkers)
{
    harness.open = 2; // of another worker
    TestClient client = harness.connect();
    ASSERT_TRUE(harness.pollUntil([&] { return client.ended(); }));
    EXPECT_EQ(client.received.substr(0, 13), "HTTP/1.1 503 ");
    harness.open = 0;
}

TEST_F(WorkerTest, MailboxRunsEachTaskOnceOnThePollingThread)
{
    constexpr int kThreads = 4, kEach = 2000;
    const auto here = std::this_thread::get_id();
    std::vector<int> next(kThreads, 0);
    int ran = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i)
                worker.post([&, t, i] {
                    EXPECT_EQ(std::this_thread::get_id(), here);
                    EXPECT_EQ(next[static_cast<std::size_t>(t)]++, i) << "in the order of each thread";
                    ++ran;
                });
        });
    EXPECT_TRUE(harness.pollUntil([&] { return ran == kThreads * kEach; }));
    for (auto& thread : threads)
        thread.join();
    harness.settle();
    EXPECT_EQ(ran, kThreads * kEach);
}

TEST_F(WorkerTest, ATaskMayPostAndWhatIsDroppedDoesNotRun)
{
    std::string order;
    worker.post([&] {
        order += 'a';
        worker.post([&] { order += 'c'; });
        order += 'b';
    });
    ASSERT_TRUE(harness.pollUntil([&] { return order.size() == 3; }));
    EXPECT_EQ(order, "abc");
    auto held = std::make_shared<int>();
    worker.post([&, held] { order += 'd'; });
    worker.dropMailbox();
    EXPECT_EQ(held.use_count(), 1);
    harness.settle();
    EXPECT_EQ(order, "abc");
}

struct Linger : WorkerTest
{
    Linger()
        : WorkerTest([] {
              ConnectionLimits limits;
              limits.lingerBytes = 10'000;
              limits.lingerTimeout = seconds(2);
              return limits;
          }())
    {
        protocol.onBytes = [](Connection& connection) { connection.closeGently(EndReason::KeepAliveEnd); };
    }
    /// A client whose connection lingers: it has seen our end of stream.
    TestClient lingering()
    {
        TestClient client = harness.connect();
        client.send("x");
        EXPECT_TRUE(harness.pollUntil([&] { return client.ended(); }));
        EXPECT_FALSE(client.reset());
        EXPECT_EQ(worker.connections(), 1u);
        return client;
    }
};

TEST_F(Linger, EndsWhenTheClientDoes)
{
    TestClient client = lingering();
    client.close();
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(harness.count(Counter::EndDone), 1u);
    EXPECT_EQ(harness.count(Counter::EndPeer), 0u);
}

TEST_F(Linger, EndsAtItsTimeout)
{
    TestClient client = lingering();
    harness.advance(seconds(2) - milliseconds(20));
    EXPECT_EQ(worker.connections(), 1u);
    client.send("still here");
    harness.settle();
    EXPECT_EQ(worker.connections(), 1u);
    harness.advance(milliseconds(40));
    EXPECT_EQ(worker.connections(), 0u) << "bytes do not give it more time";
    EXPECT_EQ(harness.count(Counter::EndDone), 1u);
}

TEST_F(Linger, EndsAfterItsBytes)
{
    TestClient client = lingering();
    client.send(std::string(9'999, 'y'));
    harness.settle();
    client.send("z");
    harness.settle();
    EXPECT_EQ(worker.connections(), 1u) << "exactly the bound";
    client.send("z");
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(harness.count(Counter::EndDone), 1u);
}

TEST_F(Linger, AClientThatHasShutDownIsNotWaitedFor)
{
    TestClient client = harness.connect();
    client.send("x");
    client.shutDown();
    ASSERT_TRUE(harness.pollUntil([&] { return client.ended(); }));
    EXPECT_TRUE(accepted(0));
}

TEST_F(WorkerTest, DrainClosesIdleConnectionsAndStopsAccepting)
{
    TestClient idle = harness.connect();
    TestClient busy = harness.connect();
    busy.send("x");
    ASSERT_TRUE(harness.pollUntil([&] { return protocol.received == "x" && worker.connections() == 2; }));
    protocol.last->setWaiting();
    worker.drain();
    EXPECT_TRUE(worker.draining());
    EXPECT_EQ(worker.connections(), 1u);
    EXPECT_EQ(harness.count(Counter::EndDrain), 1u);
    EXPECT_TRUE(harness.pollUntil([&] { return idle.ended(); }));
    protocol.last->closeGently(EndReason::Drain);
    busy.close();
    EXPECT_TRUE(accepted(0));
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(harness.address.port);
    EXPECT_EQ(::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address), -1);
    EXPECT_EQ(errno, ECONNREFUSED);
    ::close(probe);
}

/// A request that is in the kernel when the drain begins is answered, on a new connection and on a kept one.
TEST_F(WorkerTest, DrainAnswersWhatHasArrived)
{
    TestClient kept = harness.connect();
    ASSERT_TRUE(accepted(1));
    TestClient waiting = harness.connect(); // in the kernel's queue
    kept.send("k");
    waiting.send("w");
    protocol.onBytes = [](Connection& connection) {
        EXPECT_EQ(connection.sendAnswer("served", {}), Connection::Outcome::Sent);
        connection.closeGently(EndReason::Drain);
    };
    worker.drain();
    ASSERT_TRUE(harness.pollUntil([&] { return kept.ended() && waiting.ended(); }));
    EXPECT_EQ(kept.received, "served");
    EXPECT_EQ(waiting.received, "served");
}

TEST_F(WorkerTest, CloseAllFromATaskAmidEvents)
{
    std::vector<TestClient> clients;
    for (int i = 0; i < 50; ++i)
        clients.push_back(harness.connect());
    ASSERT_TRUE(accepted(50));
    for (auto& client : clients)
        client.send("x");
    worker.post([&] { worker.closeAll(EndReason::Kicked); });
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(harness.count(Counter::EndKicked), 50u);
    EXPECT_EQ(harness.open, 0u);
}

/// Each event closes all other connections: their events of the same batch must find nobody home.
TEST_F(WorkerTest, ClosingOthersInACallback)
{
    std::vector<TestClient> clients;
    for (int i = 0; i < 20; ++i)
        clients.push_back(harness.connect());
    ASSERT_TRUE(accepted(20));
    int calls = 0;
    protocol.onReadable = [&](Connection& mine) {
        ++calls;
        worker.forEachConnection([&](Connection& other) {
            if (&other != &mine)
                other.closeNow(EndReason::Kicked);
        });
        mine.closeNow(EndReason::Internal);
    };
    for (auto& client : clients)
        client.send("x");
    ASSERT_TRUE(accepted(0));
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(harness.count(Counter::EndKicked), 19u);
    EXPECT_EQ(harness.count(Counter::EndInternal), 1u);
}

TEST_F(WorkerTest, ClosingTwiceCountsOnce)
{
    protocol.onReadable = [](Connection& connection) {
        connection.closeNow(EndReason::Kicked);
        connection.closeNow(EndReason::Internal);
    };
    TestClient client = harness.connect();
    client.send("x");
    ASSERT_TRUE(harness.pollUntil([&] { return client.ended(); }));
    EXPECT_EQ(harness.count(Counter::EndKicked), 1u);
    EXPECT_EQ(harness.count(Counter::EndInternal), 0u);
    EXPECT_EQ(worker.connections(), 0u);
}

TEST_F(WorkerTest, TheRunQueueGoesRoundAndForgetsTheDead)
{
    int turns = 0;
    protocol.onReadable = [&](Connection& connection) {
        char buffer[16];
        (void)connection.receive(buffer, sizeof buffer);
        if (++turns < 100) {
            worker.runSoon(connection);
            worker.runSoon(connection); // once is enough
            return;
        }
        worker.runSoon(connection);
        connection.closeNow(EndReason::Kicked);
    };
    TestClient client = harness.connect();
    client.send("x");
    ASSERT_TRUE(harness.pollUntil([&] { return client.ended(); }));
    harness.settle();
    EXPECT_EQ(turns, 100);
}

} // namespace
} // namespace spillway::net
