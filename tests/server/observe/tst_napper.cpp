// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/napper.h"

#include <csignal>
#include <gtest/gtest.h>
#include <thread>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

TEST(Napper, NoWakeOfADeepSleepIsLost)
{
    // One item at a time: the producer waits for each to be taken, so a lost wake would hang the test.
    Napper napper;
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> taken{0};
    constexpr std::uint64_t items = 50'000;
    std::thread consumer([&] {
        while (taken.load() < items) {
            const std::uint64_t now = published.load(std::memory_order_acquire);
            if (now != taken.load(std::memory_order_relaxed)) {
                taken.store(now, std::memory_order_release);
                taken.notify_one();
                continue;
            }
            napper.sleep([&] { return published.load(std::memory_order_acquire) == taken.load(); });
        }
    });
    for (std::uint64_t i = 1; i <= items; ++i) {
        published.store(i, std::memory_order_release);
        napper.notify(false);
        if (i % 2 == 0) // every other time there is no wait: the consumer may be anywhere
            for (std::uint64_t seen = taken.load(); seen < i; seen = taken.load())
                taken.wait(seen);
    }
    consumer.join();
    EXPECT_EQ(taken.load(), items);
}

TEST(Napper, ANapEndsForWhatIsUrgentAndForNothingElse)
{
    Napper napper;
    std::atomic<bool> up{false};
    std::thread consumer([&] {
        napper.nap(1h);
        up = true;
    });
    napper.notify(false);
    EXPECT_FALSE(up.load());
    while (!up.load())
        napper.notify(true);
    consumer.join();
}

TEST(Napper, ANapEndsByItself)
{
    Napper napper;
    napper.nap(1ms);
    napper.nap(1ms);
}

TEST(Napper, WakeNowEndsTheSleepOrTheNextOne)
{
    Napper napper;
    napper.wakeNow();
    napper.nap(1h); // returns at once
    napper.wakeNow();
    napper.notify(true); // a producer in between does not take it away
    napper.sleep([] { return true; });
    std::thread consumer([&] { napper.sleep([] { return true; }); });
    napper.wakeNow();
    consumer.join();
}

TEST(Napper, DoesNotSleepWhereSomethingIsThere)
{
    Napper napper;
    napper.sleep([] { return false; });
}

} // namespace
} // namespace spillway::observe
