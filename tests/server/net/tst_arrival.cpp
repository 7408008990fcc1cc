// SPDX-License-Identifier: GPL-3.0-or-later
// What arrived, by the kernel's own count, over real TCP connections.
#include "server/net/arrival.h"
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

#include <fcntl.h>

namespace spillway::net {
namespace {

struct Told
{
    int times = 0;
    std::uint64_t missing = 0;
};

class Watcher final : public ArrivalWatcher
{
public:
    explicit Watcher(Told& told) : told_(told) {}
    void arrived(std::uint64_t missing) override
    {
        ++told_.times;
        told_.missing = missing;
    }

private:
    Told& told_;
};

/// A connection whose client takes little before it reads, so that bytes wait in our queue.
struct Arrival : testing::Test
{
    Arrival()
    {
        UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener.get(), 1), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
        client.emplace(ntohs(address.sin_port), 4096);
        server = UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    }
    std::unique_ptr<ArrivalWatcher> watcher(Told& told) { return std::make_unique<Watcher>(told); }
    void send(std::size_t bytes)
    {
        const std::string some(bytes, 'x');
        ASSERT_EQ(::send(server.get(), some.data(), some.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(some.size()));
    }
    bool eventually(const std::function<bool()>& done)
    {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!done()) {
            if (std::chrono::steady_clock::now() > until)
                return false;
            ::poll(nullptr, 0, 1);
        }
        return true;
    }

    UniqueFd server;
    std::optional<TestClient> client;
    Arrivals arrivals;
};

TEST_F(Arrival, IsToldWhenTheClientHasRead)
{
    Told told;
    send(100'000);
    arrivals.wait(server.get(), watcher(told));
    EXPECT_TRUE(arrivals.check(server.get(), false));
    EXPECT_EQ(told.times, 0);
    EXPECT_TRUE(eventually([&] {
        client->read();
        return !arrivals.check(server.get(), false);
    }));
    EXPECT_EQ(told.times, 1);
    EXPECT_EQ(told.missing, 0u);
    EXPECT_FALSE(arrivals.check(server.get(), true)) << "once is enough";
    EXPECT_EQ(told.times, 1);
}

TEST_F(Arrival, IsToldWhatWasMissingAtTheEnd)
{
    Told told;
    send(100'000);
    arrivals.wait(server.get(), watcher(told));
    client->close(); // with bytes unread: a reset
    EXPECT_FALSE(arrivals.check(server.get(), true));
    EXPECT_EQ(told.times, 1);
    EXPECT_GT(told.missing, 0u);
    EXPECT_LE(told.missing, 100'000u);
}

TEST_F(Arrival, OfEmptyQueuesAtOnce)
{
    Told told;
    arrivals.wait(server.get(), watcher(told));
    EXPECT_EQ(told.times, 1);
    EXPECT_EQ(told.missing, 0u);
    EXPECT_FALSE(arrivals.check(server.get(), false));
}

/// What follows on the same connection does not keep those before waiting, nor do they answer for it.
TEST_F(Arrival, EachForItsOwnBytes)
{
    Told first, second;
    send(100'000);
    arrivals.wait(server.get(), watcher(first));
    send(50'000);
    arrivals.wait(server.get(), watcher(second));
    EXPECT_TRUE(eventually([&] {
        client->read(1000);
        (void)arrivals.check(server.get(), false);
        return first.times == 1;
    }));
    EXPECT_EQ(first.missing, 0u);
    EXPECT_LE(client->received.size(), 150'000u);
    EXPECT_TRUE(eventually([&] {
        client->read();
        return !arrivals.check(server.get(), false);
    }));
    EXPECT_EQ(second.times, 1);
    EXPECT_EQ(second.missing, 0u);
    EXPECT_EQ(first.times, 1);
}

TEST_F(Arrival, HasABound)
{
    std::array<Told, Arrivals::kMax + 1> told;
    send(100'000);
    for (std::size_t i = 0; i < Arrivals::kMax; ++i)
        arrivals.wait(server.get(), watcher(told[i]));
    EXPECT_EQ(told[0].times, 0);
    arrivals.wait(server.get(), watcher(told[Arrivals::kMax]));
    EXPECT_EQ(told[0].times, 1);
    EXPECT_GT(told[0].missing, 0u);
    EXPECT_EQ(told[1].times, 0);
}

TEST(ArrivalOfNoSocket, CannotBeAsked)
{
    Told told;
    Arrivals arrivals;
    const UniqueFd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    arrivals.wait(file.get(), std::make_unique<Watcher>(told));
    EXPECT_EQ(told.times, 1);
}

/// The worker looks by itself, twice a second, and when the connection ends.
struct WorkerArrival : testing::Test
{
    WorkerArrival() : harness(ConnectionLimits{}, 200'000), client(harness.connect(4096))
    {
        harness.worker.setProtocol(protocol);
        protocol.onBytes = [this](Connection& connection) {
            connection.setWaiting();
            Body body;
            body.segments.push_back(Segment::memory(std::string(60'000, 'x')));
            if (connection.sendAnswer("head", std::move(body)) == Connection::Outcome::Sent) {
                connection.setReading();
                connection.watchArrival(std::make_unique<Watcher>(told));
                sent = true;
            }
        };
        client.send("?");
        EXPECT_TRUE(harness.pollUntil([&] { return sent; }));
    }
    Told told; ///< outlives the worker, which tells at its end
    bool sent = false;
    FakeProtocol protocol;
    WorkerHarness harness;
    TestClient client;
};

TEST_F(WorkerArrival, IsSweptFor)
{
    EXPECT_EQ(told.times, 0);
    harness.advance(std::chrono::milliseconds(600));
    EXPECT_EQ(told.times, 0) << "the client has not read";
    EXPECT_TRUE(harness.pollUntil([&] {
        client.read();
        harness.clock.advance(std::chrono::milliseconds(100));
        return told.times == 1;
    }));
    EXPECT_EQ(told.missing, 0u);
}

TEST_F(WorkerArrival, IsToldAtTheEndOfTheConnection)
{
    client.close();
    EXPECT_TRUE(harness.pollUntil([&] { return told.times == 1; }));
    EXPECT_GT(told.missing, 0u);
    EXPECT_LE(told.missing, 60'004u);
}

} // namespace
} // namespace spillway::net
