// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/bandwidth.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace spillway::policy {
namespace {

using namespace std::chrono_literals;

constexpr Monotonic kStart{1h};
constexpr std::int64_t kNormal = 2;

/// A transfer that sends all that it may, woken as a worker would do it: at the next tick of 20 ms.
struct Drawer
{
    std::int64_t weight = kNormal;
    std::uint64_t sent = 0;
    std::uint64_t most = ~std::uint64_t{0}; ///< bytes a second that its client takes
    std::uint64_t piece = 0;
    std::int64_t position = 0;

    void tick(Bandwidth& line, Monotonic now, Monotonic began)
    {
        const auto seconds = std::chrono::duration<double>(now - began).count();
        for (;;) {
            if (static_cast<double>(sent) > static_cast<double>(most) * seconds)
                return;
            if (piece == 0) {
                piece = line.piece(weight);
                position = line.reserve(piece, now);
            }
            if (line.readyAt(position, now) > now)
                return;
            sent += piece;
            piece = 0;
        }
    }
};

std::uint64_t run(Bandwidth& line, std::vector<Drawer>& drawers, Monotonic from,
                  std::chrono::nanoseconds time)
{
    std::uint64_t before = 0, after = 0;
    for (const Drawer& drawer : drawers)
        before += drawer.sent;
    for (auto passed = 0ns; passed < time; passed += 20ms)
        for (Drawer& drawer : drawers)
            drawer.tick(line, from + passed, from);
    for (const Drawer& drawer : drawers)
        after += drawer.sent;
    return after - before;
}

double jain(const std::vector<Drawer>& drawers)
{
    double sum = 0, squares = 0;
    for (const Drawer& drawer : drawers) {
        sum += static_cast<double>(drawer.sent);
        squares += static_cast<double>(drawer.sent) * static_cast<double>(drawer.sent);
    }
    return sum * sum / (static_cast<double>(drawers.size()) * squares);
}

TEST(Bandwidth, TheSumIsTheRateWithinTwoPercentAndEqualsAreEqual)
{
    for (const std::int64_t rate : {100LL << 10, 1LL << 20, 10LL << 20, 100LL << 20, 5LL << 30}) {
        for (const std::size_t count : {1U, 2U, 3U, 8U, 100U}) {
            Bandwidth line(BytesPerSecond{rate}, kStart);
            std::vector<Drawer> drawers(count);
            for (std::size_t i = 0; i < count; ++i)
                line.join();
            const auto total = static_cast<double>(run(line, drawers, kStart, 10s));
            // Pieces come whole, so one more than ten seconds' worth may have begun.
            const double slack = static_cast<double>(rate) * 0.2 + 16 * 1024;
            EXPECT_NEAR(total, static_cast<double>(rate) * 10, slack) << rate << " " << count;
            // With a few pieces each, one more or less is much.
            const bool many = static_cast<double>(rate) * 10 / static_cast<double>(count) > 200 * 1024;
            // Beyond, whoever is woken first at a tick finds more than one piece of his at the front.
            const bool inTurn = static_cast<std::uint64_t>(rate / 50) <= count * line.piece(kNormal);
            if (inTurn) {
                EXPECT_GE(jain(drawers), many ? 0.95 : 0.5) << rate << " " << count;
            }
        }
    }
}

TEST(Bandwidth, WeightsShareItAndNobodyStarves)
{
    Bandwidth line(BytesPerSecond{8 << 20}, kStart);
    std::vector<Drawer> drawers{{4}, {2}, {1}, {1}};
    for (std::size_t i = 0; i < drawers.size(); ++i)
        line.join();
    const auto total = static_cast<double>(run(line, drawers, kStart, 20s));
    EXPECT_NEAR(total, 20.0 * (8 << 20), 0.02 * 20 * (8 << 20));
    for (const Drawer& drawer : drawers)
        EXPECT_NEAR(static_cast<double>(drawer.sent) / total, static_cast<double>(drawer.weight) / 8, 0.02);
}

TEST(Bandwidth, WhatASlowOneLeavesTheOthersHave)
{
    Bandwidth line(BytesPerSecond{4 << 20}, kStart);
    std::vector<Drawer> drawers(4);
    drawers[0].most = 100 << 10;
    for (std::size_t i = 0; i < drawers.size(); ++i)
        line.join();
    EXPECT_NEAR(static_cast<double>(run(line, drawers, kStart, 10s)), 10.0 * (4 << 20),
                0.03 * 10 * (4 << 20));
    EXPECT_LT(drawers[0].sent, 1500U << 10);
    EXPECT_GT(drawers[1].sent, 12U << 20);
}

TEST(Bandwidth, AnotherRateReachesWhatIsReserved)
{
    Bandwidth line(BytesPerSecond{1000}, kStart);
    (void)line.reserve(1'000'000, kStart); // 1,000 s of it
    const std::int64_t mine = line.reserve(1000, kStart);
    EXPECT_EQ(line.readyAt(mine, kStart), kStart + 1000s + 1ns);
    line.setRate(BytesPerSecond{10'000'000}, kStart + 1s);
    EXPECT_LE(line.readyAt(mine, kStart + 1s), kStart + 1s + 100ms);
    line.setRate(BytesPerSecond{100}, kStart + 1s);
    EXPECT_GE(line.readyAt(mine, kStart + 1s), kStart + 9000s);
    EXPECT_EQ(line.rate().count, 100);
}

TEST(Bandwidth, WhatIsGivenBackIsThereForTheNext)
{
    Bandwidth line(BytesPerSecond{1000}, kStart);
    (void)line.reserve(5000, kStart);
    line.giveBack(4000);
    EXPECT_EQ(line.readyAt(line.reserve(1, kStart), kStart), kStart + 1s + 1ns);
}

TEST(Bandwidth, IdleTimeSavesUpNothing)
{
    Bandwidth line(BytesPerSecond{1 << 20}, kStart);
    EXPECT_EQ(line.readyAt(line.reserve(1 << 20, kStart), kStart), kStart);
    const Monotonic later = kStart + 1h;
    EXPECT_EQ(line.readyAt(line.reserve(1 << 20, later), later), later);
    EXPECT_GT(line.readyAt(line.reserve(1, later), later), later + 990ms);
}

TEST(Bandwidth, LatenessIsCaughtUp)
{
    Bandwidth line(BytesPerSecond{1 << 20}, kStart);
    (void)line.reserve(1 << 10, kStart);
    const Monotonic late = kStart + 150ms; // a normal tick is 20 ms
    std::uint64_t sent = 0;
    while (line.readyAt(line.reserve(1 << 10, late), late) <= late)
        sent += 1 << 10;
    EXPECT_NEAR(static_cast<double>(sent), 0.15 * (1 << 20), 4096);
}

TEST(Bandwidth, APieceIsAWeightsPartAndHasBounds)
{
    struct Case
    {
        std::int64_t rate, users, weight;
        std::uint64_t piece;
    };
    for (const Case& c :
         {Case{10 << 10, 1, 2, 10 << 10}, Case{10 << 10, 1, 4, 20 << 10}, Case{10 << 10, 100, 2, 4 << 10},
          Case{10 << 10, 100, 1, 2 << 10}, Case{1 << 20, 1, 2, 52'428}, Case{1 << 20, 64, 2, 16 << 10},
          Case{1LL << 40, 1, 2, 4 << 20}, Case{1LL << 40, 1, 4, 8 << 20}}) {
        Bandwidth line(BytesPerSecond{c.rate}, kStart);
        for (std::int64_t i = 0; i < c.users; ++i)
            line.join();
        EXPECT_EQ(line.piece(c.weight), c.piece) << c.rate << " " << c.users << " " << c.weight;
    }
}

TEST(Bandwidth, ThreadsShareItWhileTheRateChanges)
{
    Bandwidth line(BytesPerSecond{8 << 20}, kStart);
    std::atomic<std::uint64_t> total{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            Drawer drawer;
            for (int tick = 0; tick < 500; ++tick)
                drawer.tick(line, kStart + tick * 2ms, kStart);
            total += drawer.sent;
        });
    threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i)
            line.setRate(BytesPerSecond{i % 2 == 0 ? 4 << 20 : 8 << 20}, kStart);
    });
    for (auto& thread : threads)
        thread.join();
    // One second of at most the higher rate, and each one's last piece.
    EXPECT_LE(total.load(), (8U << 20) + 3 * (512U << 10));
}

} // namespace
} // namespace spillway::policy
