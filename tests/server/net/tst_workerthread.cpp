// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/workerthread.h"

#include "server/base/clock.h"
#include "tests/server/net/senderfakes.h"
#include "tests/server/net/workerharness.h"

#include <future>

namespace spillway::net {
namespace {

TEST(WorkerThread, RunsTheWorkerInAThreadOfItsOwn)
{
    const SystemClock clock;
    observe::Metrics metrics(clock);
    std::atomic<std::size_t> open{0};
    Worker worker(clock, {}, metrics.addWriter(), open);
    FakeProtocol protocol;
    protocol.onBytes = [](Connection& connection) {
        EXPECT_EQ(connection.sendAnswer("pong", {}), Connection::Outcome::Sent);
    };
    worker.setProtocol(protocol);
    ListenAddress address{"127.0.0.1", 0};
    auto group = listenGroup(address, 1, false);
    ASSERT_TRUE(group);

    std::thread::id setUp, task, tearDown;
    WorkerThread thread("worker-0", worker);
    thread.start(
        [&] {
            setUp = std::this_thread::get_id();
            worker.addListener(std::move(group->front()));
        },
        [&] {
            tearDown = std::this_thread::get_id();
            worker.closeListeners();
            worker.closeAll(EndReason::Drain);
        });
    EXPECT_NE(setUp, std::thread::id()) << "start() returns after setUp";
    EXPECT_NE(setUp, std::this_thread::get_id());

    TestClient client(address.port);
    client.send("ping");
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!client.has("pong") && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    EXPECT_EQ(client.received, "pong");

    std::promise<void> ran;
    worker.post([&] {
        task = std::this_thread::get_id();
        ran.set_value();
    });
    ran.get_future().wait();
    thread.stop();
    thread.stop();
    EXPECT_EQ(task, setUp);
    EXPECT_EQ(tearDown, setUp);
    EXPECT_EQ(open, 0u);
}

TEST(WorkerThread, StopsRightAfterItsStart)
{
    const SystemClock clock;
    observe::Metrics metrics(clock);
    std::atomic<std::size_t> open{0};
    for (int i = 0; i < 50; ++i) {
        Worker worker(clock, {}, metrics.addWriter(), open);
        FakeProtocol protocol;
        worker.setProtocol(protocol);
        bool down = false;
        WorkerThread thread("worker-0", worker);
        thread.start([] {}, [&] { down = true; });
        thread.stop();
        EXPECT_TRUE(down);
    }
}

} // namespace
} // namespace spillway::net
