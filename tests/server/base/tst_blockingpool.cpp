// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/blockingpool.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

using namespace spillway;

namespace {

/// Keeps one thread of a pool busy until it is opened.
class Gate
{
public:
    BlockingPool::Task task()
    {
        return [this] {
            entered_.set_value();
            opened_.get_future().wait();
        };
    }
    void waitUntilEntered() { entered_.get_future().wait(); }
    void open() { opened_.set_value(); }

private:
    std::promise<void> entered_, opened_;
};

} // namespace

TEST(BlockingPool, RunsInOrderOnOneThread)
{
    std::vector<int> order;
    {
        BlockingPool pool("pool", 1, 100);
        for (int i = 0; i < 100; ++i)
            EXPECT_TRUE(pool.submit([&order, i] { order.push_back(i); }));
    }
    ASSERT_EQ(order.size(), 100U);
    for (std::size_t i = 0; i < order.size(); ++i)
        EXPECT_EQ(order[i], static_cast<int>(i));
}

TEST(BlockingPool, QueueIsBoundedAndCounts)
{
    Gate gate;
    std::atomic<int> ran{0};
    {
        BlockingPool pool("pool", 1, 3);
        ASSERT_TRUE(pool.submit(gate.task()));
        gate.waitUntilEntered();
        EXPECT_EQ(pool.queued(), 0U) << "what runs is not queued";
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(pool.submit([&ran] { ++ran; }));
        EXPECT_EQ(pool.queued(), 3U);
        EXPECT_EQ(pool.refused(), 0U);
        EXPECT_FALSE(pool.submit([&ran] { ran += 100; }));
        EXPECT_FALSE(pool.submit([&ran] { ran += 100; }));
        EXPECT_EQ(pool.refused(), 2U);
        gate.open();
    }
    EXPECT_EQ(ran, 3) << "what was accepted runs before the pool ends, what was refused never";
}

TEST(BlockingPool, ThreadsWorkAtTheSameTime)
{
    Gate first;
    Gate second;
    BlockingPool pool("a name longer than fifteen", 2, 2);
    ASSERT_TRUE(pool.submit(first.task()));
    ASSERT_TRUE(pool.submit(second.task()));
    first.waitUntilEntered();
    second.waitUntilEntered(); // would never return with one thread
    second.open();
    first.open();
}

TEST(BlockingPool, CapturesAreGoneAfterTheTask)
{
    const auto shared = std::make_shared<int>(1);
    {
        BlockingPool pool("pool", 1, 10);
        ASSERT_TRUE(pool.submit([shared] { (void)shared; }));
        std::promise<void> done;
        ASSERT_TRUE(pool.submit([&done] { done.set_value(); }));
        done.get_future().wait();
        EXPECT_EQ(shared.use_count(), 1) << "a finished task keeps nothing alive";
    }
}

TEST(BlockingPool, ManySubmittersLoseNothing)
{
    std::atomic<int> ran{0};
    std::atomic<int> accepted{0};
    {
        BlockingPool pool("pool", 3, 50);
        std::vector<std::thread> submitters;
        for (int t = 0; t < 4; ++t)
            submitters.emplace_back([&] {
                for (int i = 0; i < 500; ++i)
                    if (pool.submit([&ran] { ++ran; }))
                        ++accepted;
            });
        for (auto& thread : submitters)
            thread.join();
        EXPECT_EQ(static_cast<std::uint64_t>(accepted) + pool.refused(), 2000U);
    }
    EXPECT_EQ(ran, accepted);
}
