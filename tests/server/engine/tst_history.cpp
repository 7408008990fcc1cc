// SPDX-License-Identifier: GPL-3.0-or-later
// What a server keeps for charts: its rings, and the file in which they survive a restart.
#include "server/engine/historykeeper.h"

#include "server/observe/log.h"
#include "tests/server/catalog/catalogfixture.h"
#include "tests/server/observe/manualclock.h"

#include <fstream>
#include <gtest/gtest.h>

namespace spillway::engine {
namespace {

using contract::HistorySpan;
using namespace std::chrono_literals;

constexpr std::int64_t kStart = 1'760'000'400'000; ///< a whole multiple of every step

/// One second after the other: what a server that sends `rate` bytes a second tells.
class Server
{
public:
    HistoryReading after(std::chrono::milliseconds time, std::uint64_t bytes, std::int64_t connections = 0)
    {
        reading_.at += time;
        reading_.wallMs += time.count();
        reading_.sentBytes += bytes;
        reading_.connections = connections;
        return reading_;
    }
    HistoryReading& reading() { return reading_; }

private:
    HistoryReading reading_ = [] {
        HistoryReading first;
        first.wallMs = kStart;
        return first;
    }();
};

TEST(History, AStepHasTheRatesOfAllThatHappenedInIt)
{
    History history;
    Server server;
    history.add(server.reading());
    EXPECT_TRUE(history.page(HistorySpan::Minute).samples.empty());
    EXPECT_FALSE(history.page(HistorySpan::Minute).running);
    server.reading().byClass = {30, 15, 0, 0};
    server.reading().cacheHits = 9;
    server.reading().cacheAsked = 12;
    for (int i = 0; i < 15; ++i)
        history.add(server.after(1s, i == 3 ? 15'000 : 0, 4));
    const auto minute = history.page(HistorySpan::Minute);
    ASSERT_EQ(minute.samples.size(), 15U);
    EXPECT_DOUBLE_EQ(minute.samples[3].sentRate, 15'000);
    EXPECT_DOUBLE_EQ(minute.samples[4].sentRate, 0);
    EXPECT_DOUBLE_EQ(minute.samples[0].okRate, 30);
    EXPECT_DOUBLE_EQ(minute.samples[0].cacheHitRatio, 0.75);
    EXPECT_DOUBLE_EQ(minute.samples[1].cacheHitRatio, -1);
    const auto hour = history.page(HistorySpan::Hour);
    ASSERT_EQ(hour.samples.size(), 1U);
    EXPECT_EQ(hour.samples[0].atMs, kStart + 15'000);
    EXPECT_DOUBLE_EQ(hour.samples[0].sentRate, 1000);
    EXPECT_DOUBLE_EQ(hour.samples[0].okRate, 2);
    EXPECT_DOUBLE_EQ(hour.samples[0].redirectRate, 1);
    EXPECT_DOUBLE_EQ(hour.samples[0].connections, 4);
    const auto day = history.page(HistorySpan::Day);
    EXPECT_TRUE(day.samples.empty());
    ASSERT_TRUE(day.running) << "a server that runs for seconds has something to show";
    EXPECT_DOUBLE_EQ(day.running->sentRate, 1000);
    EXPECT_EQ(day.running->atMs, kStart + 15'000);
}

TEST(History, AStepsQuantilesAreThoseOfItsAnswersAlone)
{
    History history;
    Server server;
    observe::OwnedHistogram durations;
    for (int i = 0; i < 1000; ++i)
        durations.record(5s); // before the step
    durations.addTo(server.reading().duration);
    history.add(server.reading());
    for (int i = 0; i < 100; ++i)
        durations.record(i < 90 ? 1ms : 40ms);
    HistoryReading later = server.after(1s, 0);
    later.duration = {};
    durations.addTo(later.duration);
    history.add(later);
    const auto minute = history.page(HistorySpan::Minute);
    ASSERT_EQ(minute.samples.size(), 1U);
    EXPECT_NEAR(minute.samples[0].p50Ms, 1, 0.1);
    EXPECT_NEAR(minute.samples[0].p95Ms, 40, 4);
    EXPECT_NEAR(minute.samples[0].p99Ms, 40, 4);
}

TEST(History, KeepsItsSpansAndNoMore)
{
    History history;
    Server server;
    for (int i = 0; i < 100'000; ++i)
        history.add(server.after(1s, static_cast<std::uint64_t>(i)));
    EXPECT_EQ(history.page(HistorySpan::Minute).samples.size(), 60U);
    EXPECT_EQ(history.page(HistorySpan::Hour).samples.size(), 240U);
    const auto day = history.page(HistorySpan::Day);
    ASSERT_EQ(day.samples.size(), 288U);
    for (std::size_t i = 1; i < day.samples.size(); ++i)
        ASSERT_EQ(day.samples[i].atMs - day.samples[i - 1].atMs, 300'000);
    EXPECT_EQ(history.page(HistorySpan::Day, day.samples[280].atMs).samples.size(), 7U);
}

TEST(History, AStandstillIsAGapAndAClockSetBackTakesItsFuture)
{
    History history;
    Server server;
    for (int i = 0; i < 10; ++i)
        history.add(server.after(1s, 1));
    server.reading().wallMs += 20'000; // suspended: the other clock stood still
    for (int i = 0; i < 3; ++i)
        history.add(server.after(1s, 1));
    auto minute = history.page(HistorySpan::Minute).samples;
    ASSERT_EQ(minute.size(), 12U);
    EXPECT_EQ(minute[10].atMs - minute[9].atMs, 21'000);
    server.reading().wallMs -= 25'000;
    for (int i = 0; i < 2; ++i)
        history.add(server.after(1s, 1));
    minute = history.page(HistorySpan::Minute).samples;
    for (std::size_t i = 1; i < minute.size(); ++i)
        ASSERT_GT(minute[i].atMs, minute[i - 1].atMs);
    EXPECT_LE(minute.back().atMs, server.reading().wallMs);
}

class KeeperTest : public testing::Test
{
protected:
    [[nodiscard]] std::string path() const { return folder_.file("history.bin"); }
    /// Runs a server for a while: `seconds` readings.
    void runFor(HistoryKeeper& keeper, int seconds)
    {
        for (int i = 0; i < seconds; ++i) {
            clock_.advance(1s);
            HistoryReading reading;
            reading.at = clock_.monotonic();
            reading.wallMs =
                std::chrono::floor<std::chrono::milliseconds>(clock_.wall()).time_since_epoch().count();
            reading.sentBytes = sent_ += 1000;
            keeper.add(reading);
        }
    }
    catalog::TemporaryFolder folder_;
    observe::ManualClock clock_;
    observe::Log log_{observe::LogOptions{}, clock_};
    std::uint64_t sent_ = 0;
};

TEST_F(KeeperTest, ARestartGoesOnWithAGap)
{
    {
        HistoryKeeper keeper(path(), clock_, log_);
        keeper.load(); // there is none
        runFor(keeper, 700);
        keeper.save();
    }
    clock_.advance(10min);
    sent_ = 0;
    HistoryKeeper keeper(path(), clock_, log_);
    keeper.load();
    runFor(keeper, 100);
    EXPECT_EQ(log_.dropped(), 0U);
    const auto hour = keeper.page(HistorySpan::Hour, 0).samples;
    ASSERT_GE(hour.size(), 50U);
    std::int64_t longest = 0;
    for (std::size_t i = 1; i < hour.size(); ++i)
        longest = std::max(longest, hour[i].atMs - hour[i - 1].atMs);
    EXPECT_GE(longest, 600'000) << "the time in which nothing ran is a gap";
    for (const auto& sample : hour)
        EXPECT_NEAR(sample.sentRate, 1000, 1);
    EXPECT_LE(keeper.page(HistorySpan::Minute, 0).samples.size(), 60U);
    clock_.advance(48h);
    HistoryKeeper later(path(), clock_, log_);
    later.load();
    runFor(later, 2);
    EXPECT_LE(later.page(HistorySpan::Day, 0).samples.size(), 1U) << "two days later nothing of it is left";
}

TEST_F(KeeperTest, ADamagedFileBeginsAnew)
{
    {
        HistoryKeeper keeper(path(), clock_, log_);
        runFor(keeper, 60);
        keeper.save();
    }
    std::ifstream in(path(), std::ios::binary);
    const std::string good((std::istreambuf_iterator<char>(in)), {});
    ASSERT_GT(good.size(), 1000U);
    std::string flipped = good;
    flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
    for (const std::string& bad : {std::string(), std::string("x"), good.substr(0, good.size() - 1),
                                   good.substr(0, 40), flipped, good + "x"}) {
        catalog::writeFile(path(), bad);
        HistoryKeeper keeper(path(), clock_, log_);
        keeper.load();
        EXPECT_TRUE(keeper.page(HistorySpan::Minute, 0).samples.empty()) << bad.size();
        runFor(keeper, 3);
        keeper.save(); // and from then on it is good again
        HistoryKeeper next(path(), clock_, log_);
        next.load();
        EXPECT_EQ(next.page(HistorySpan::Minute, 0).samples.size(), 2U);
    }
}

TEST_F(KeeperTest, AShortRunIsInTheDayToo)
{
    for (int run = 0; run < 3; ++run) {
        HistoryKeeper keeper(path(), clock_, log_);
        keeper.load();
        runFor(keeper, 20);
        keeper.save();
        EXPECT_EQ(keeper.page(HistorySpan::Day, 0).samples.size(), static_cast<std::size_t>(run));
    }
}

TEST_F(KeeperTest, IsSavedOnceAMinute)
{
    HistoryKeeper keeper(path(), clock_, log_);
    int saves = 0;
    for (int i = 0; i < 180; ++i) {
        clock_.advance(1s);
        saves += keeper.saveDue() ? 1 : 0;
    }
    EXPECT_EQ(saves, 3);
}

} // namespace
} // namespace spillway::engine
