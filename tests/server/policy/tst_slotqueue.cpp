// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/slotqueue.h"

#include "tests/server/observe/manualclock.h"

#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;
using Answer = SlotQueue::Answer;

struct SlotQueueTest : testing::Test
{
    void limit(std::optional<std::int64_t> downloads, std::optional<std::int64_t> most = {},
               std::optional<std::int64_t> connections = {})
    {
        LimitFields fields;
        fields.downloads = downloads;
        fields.queue = most;
        fields.connections = connections;
        fields.wait = 5s;
        queue.configure(fields);
    }
    /// A download of client `who`, which notes its name in `woken` when its turn comes.
    SlotQueue::Place& place(std::int64_t who)
    {
        places.push_back(std::make_unique<SlotQueue::Place>(queue, SubjectKey::number(who)));
        return *places.back();
    }
    Answer come(std::int64_t who, std::string name)
    {
        return place(who).take([this, name] { woken += name; });
    }
    void end(std::size_t index) { places[index].reset(); }

    observe::ManualClock clock;
    QueueFigures figures;
    SlotQueue queue{figures, clock};
    std::vector<std::unique_ptr<SlotQueue::Place>> places;
    std::string woken;
};

TEST_F(SlotQueueTest, WithoutALimitAllRun)
{
    EXPECT_FALSE(queue.limited());
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(come(i, "x"), Answer::Held);
    EXPECT_EQ(queue.running(), 100);
}

TEST_F(SlotQueueTest, OneMoreThanThereAreSlotsWaits)
{
    limit(2);
    EXPECT_TRUE(queue.limited());
    EXPECT_EQ(queue.wait(), 5s);
    EXPECT_EQ(come(1, "a"), Answer::Held);
    EXPECT_EQ(come(2, "b"), Answer::Held);
    EXPECT_EQ(place(3).tryTake(), Answer::Full) << "not at once";
    EXPECT_EQ(come(3, "c"), Answer::Waiting);
    EXPECT_EQ(figures.waiting, 1);
    clock.advance(3s);
    end(0);
    EXPECT_EQ(woken, "c");
    EXPECT_TRUE(places[3]->held());
    EXPECT_EQ(queue.running(), 2);
    EXPECT_EQ(figures.waiting, 0);
    EXPECT_EQ(figures.served, 1U);
    observe::HistogramSnapshot waits;
    figures.waits.addTo(waits);
    EXPECT_EQ(waits.count(), 1U);
    EXPECT_EQ(waits.sumNanoseconds, 3'000'000'000U);
}

TEST_F(SlotQueueTest, ClientsTakeTurnsAndEachKeepsItsOrder)
{
    limit(1);
    (void)come(0, "-");
    for (const char* name : {"a1", "a2", "a3", "a4"})
        EXPECT_EQ(come(1, name), Answer::Waiting);
    for (const char* name : {"b1", "b2"})
        EXPECT_EQ(come(2, name), Answer::Waiting);
    EXPECT_EQ(come(3, "c1"), Answer::Waiting);
    // Each that runs ends; whoever comes next is seen by his name.
    for (std::size_t ended = 0; ended < 7; ++ended) {
        for (auto& held : places)
            if (held && held->held()) {
                held.reset();
                break;
            }
    }
    EXPECT_EQ(woken, "a1b1c1a2b2a3a4");
}

TEST_F(SlotQueueTest, WhoLeavesLeavesTheLine)
{
    limit(1);
    (void)come(0, "-");
    (void)come(1, "a");
    (void)come(1, "b");
    (void)come(2, "c");
    end(1);
    end(3);
    EXPECT_EQ(figures.waiting, 1);
    EXPECT_EQ(figures.left, 2U);
    end(0);
    EXPECT_EQ(woken, "b");
}

TEST_F(SlotQueueTest, WhoLeavesAfterHisTurnCameGivesItOn)
{
    limit(1);
    (void)come(0, "-");
    (void)come(1, "a");
    (void)come(2, "b");
    end(0);
    EXPECT_EQ(woken, "a");
    end(1); // before it heard of it
    EXPECT_EQ(woken, "ab");
    EXPECT_EQ(queue.running(), 1);
}

TEST_F(SlotQueueTest, TheLineHasAnEnd)
{
    for (const std::int64_t most : {0, 1, 3}) {
        places.clear();
        const std::uint64_t before = figures.overflowed;
        limit(1, most);
        (void)come(0, "-");
        for (std::int64_t i = 0; i < most; ++i)
            EXPECT_EQ(come(i, "w"), Answer::Waiting);
        EXPECT_EQ(come(99, "x"), Answer::Full);
        EXPECT_EQ(figures.overflowed, before + 1);
    }
}

TEST_F(SlotQueueTest, ConnectionsOverTheirLimitDoNotWait)
{
    limit({}, {}, 2);
    EXPECT_TRUE(queue.limited());
    EXPECT_EQ(come(1, "a"), Answer::Held);
    EXPECT_EQ(come(2, "b"), Answer::Held);
    EXPECT_EQ(come(3, "c"), Answer::Full);
    end(0);
    EXPECT_EQ(come(3, "c"), Answer::Held);
    places.clear();
    limit(1, {}, 2); // one runs, one waits
    EXPECT_EQ(come(1, "a"), Answer::Held);
    EXPECT_EQ(come(2, "b"), Answer::Waiting);
    EXPECT_EQ(come(3, "c"), Answer::Full);
}

TEST_F(SlotQueueTest, TheDeadlineAndTheTurnDoNotBothCount)
{
    limit(1);
    (void)come(0, "-");
    (void)come(1, "a");
    (void)come(2, "b");
    EXPECT_TRUE(places[1]->timeOut());
    EXPECT_FALSE(places[1]->timeOut());
    EXPECT_EQ(figures.timedOut, 1U);
    end(0);
    EXPECT_EQ(woken, "b");
    EXPECT_FALSE(places[2]->timeOut()) << "it was its turn";
    EXPECT_TRUE(places[2]->held());
}

TEST_F(SlotQueueTest, AChangeActsAtOnce)
{
    limit(1);
    (void)come(0, "-");
    for (const char* name : {"a", "b", "c", "d"})
        (void)come(name[0], name);
    limit(3);
    EXPECT_EQ(woken, "ab");
    limit(1);
    end(0);
    end(1);
    EXPECT_EQ(woken, "ab") << "one still runs";
    limit({});
    EXPECT_EQ(woken, "abcd");
    EXPECT_FALSE(queue.limited());
    EXPECT_EQ(queue.running(), 3);
}

TEST_F(SlotQueueTest, WhatRunsAlreadyCountsEvenOverTheLimit)
{
    limit(1);
    place(1).force();
    place(2).force();
    EXPECT_EQ(queue.running(), 2);
    EXPECT_EQ(come(3, "c"), Answer::Waiting);
    end(0);
    EXPECT_EQ(woken, "");
    end(1);
    EXPECT_EQ(woken, "c");
}

/// Many threads come, wait, leave and end; no slot is lost and none given twice.
TEST(SlotQueueThreads, NoSlotIsLostAndNoneGivenTwice)
{
    constexpr int threadCount = 4, rounds = 3000, slots = 3;
    SystemClock clock;
    QueueFigures figures;
    SlotQueue queue(figures, clock);
    LimitFields fields;
    fields.downloads = slots;
    queue.configure(fields);
    std::atomic<int> running{0}, most{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < threadCount; ++t)
        threads.emplace_back([&, t] {
            for (int round = 0; round < rounds; ++round) {
                auto turn = std::make_shared<std::atomic<bool>>(false);
                SlotQueue::Place place(queue, SubjectKey::number(t % 2));
                const Answer answer = place.take([turn] { *turn = true; });
                if (answer == Answer::Waiting) {
                    if (round % 7 == 0)
                        continue; // leaves
                    while (!*turn)
                        std::this_thread::yield();
                }
                EXPECT_TRUE(place.held());
                const int now = ++running;
                int seen = most;
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                std::this_thread::yield();
                --running;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_LE(most.load(), slots);
    EXPECT_EQ(queue.running(), 0);
    EXPECT_EQ(queue.waiting(), 0U);
    EXPECT_EQ(figures.waiting, 0);
}

} // namespace
} // namespace spillway::policy
