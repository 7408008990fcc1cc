// SPDX-License-Identifier: GPL-3.0-or-later
// What was downloaded most lately: the steps that are kept, and the file in which they survive a restart.
#include "server/engine/topkeeper.h"
#include "server/observe/log.h"
#include "tests/server/catalog/catalogfixture.h"
#include "tests/server/observe/manualclock.h"

#include <fstream>
#include <gtest/gtest.h>

namespace spillway::engine {
namespace {

using contract::HistorySpan;
using observe::DownloadTally;
using Hits = std::vector<observe::HeavyHitters::Hit>;
using namespace std::chrono_literals;

constexpr std::int64_t kStart = 1'760'000'400'000; ///< a whole multiple of every step
constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
constexpr DownloadTally::Address kClient{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7};

DownloadTally tallyOf(const std::string& path, std::uint64_t bytes)
{
    DownloadTally tally;
    tally.add("LINK", kClient, "docs", {observe::DownloadOf::What::File, true, path}, bytes, 1);
    return tally;
}

Hits files(const DownloadTally& tally)
{
    return tally.list(DownloadTally::Files).top(100);
}

TEST(TopDownloads, ASpanHasWhatEndedInItAndNoMore)
{
    for (const auto& [span, length] : {std::pair{HistorySpan::Minute, kMinute},
                                       {HistorySpan::Hour, kHour},
                                       {HistorySpan::Day, 24 * kHour}}) {
        TopDownloads top;
        const std::int64_t step = TopDownloads::stepMs(span);
        top.add(tallyOf("a", 5), kStart);
        top.add(tallyOf("a", 1), kStart + step - 1);
        EXPECT_EQ(top.steps(span).size(), 1U);
        EXPECT_EQ(files(top.sum(span, kStart + length + step - 1)), (Hits{{"docs/a", 6, 2}}));
        EXPECT_EQ(files(top.sum(span, kStart + length + step)), Hits());
        top.add(tallyOf("b", 2), kStart + length);
        EXPECT_EQ(files(top.sum(span, kStart + length)), (Hits{{"docs/a", 6, 2}, {"docs/b", 2, 1}}));
        EXPECT_EQ(files(top.sum(span, kStart + length + step)), (Hits{{"docs/b", 2, 1}}));
    }
}

TEST(TopDownloads, KeepsItsStepsAndNoMore)
{
    TopDownloads top;
    for (std::int64_t at = 0; at < 30 * kHour; at += kMinute)
        top.add(tallyOf("a", 1), kStart + at);
    EXPECT_LE(top.steps(HistorySpan::Minute).size(), 13U);
    EXPECT_LE(top.steps(HistorySpan::Hour).size(), 13U);
    EXPECT_EQ(top.steps(HistorySpan::Day).size(), 25U);
    const std::int64_t now = kStart + 30 * kHour - kMinute;
    EXPECT_EQ(files(top.sum(HistorySpan::Day, now)).front().bytes, 25U * 60);
    EXPECT_EQ(files(top.sum(HistorySpan::Hour, now)).front().bytes, 65U);
}

TEST(TopDownloads, AClockSetBackTakesItsFuture)
{
    TopDownloads top;
    top.add(tallyOf("later", 5), kStart + 10 * kHour);
    EXPECT_EQ(files(top.sum(HistorySpan::Day, kStart)), Hits()) << "not yet";
    top.add(tallyOf("now", 3), kStart);
    EXPECT_EQ(files(top.sum(HistorySpan::Day, kStart)), (Hits{{"docs/now", 3, 1}}));
    EXPECT_EQ(files(top.sum(HistorySpan::Day, kStart + 10 * kHour)), (Hits{{"docs/now", 3, 1}}));
}

TEST(TopDownloads, VeryManyNamesInADayStayBoundedAndTheFirstIsFound)
{
    TopDownloads top;
    int name = 0;
    for (int minute = 0; minute < 24 * 60; minute += 10) {
        DownloadTally tally;
        for (int i = 0; i < 1000; ++i) {
            const std::string path = i % 50 == 0 ? "hot" : std::to_string(name++);
            tally.add({}, kClient, "docs", {observe::DownloadOf::What::File, true, path}, 1000, 1);
        }
        top.add(tally, kStart + minute * kMinute);
    }
    ASSERT_GT(name, 140'000);
    const DownloadTally day = top.sum(HistorySpan::Day, kStart + 24 * kHour - 1);
    EXPECT_LE(day.list(DownloadTally::Files).size(), 25 * DownloadTally::kKeys);
    const auto first = day.list(DownloadTally::Files).top(2);
    EXPECT_EQ(first[0].key, "docs/hot");
    EXPECT_GT(first[0].bytes, 2 * first[1].bytes);
    EXPECT_LE(first[0].bytes, 144U * 20 * 1000);
    EXPECT_EQ(day.list(DownloadTally::Clients).top(1).front().bytes, 144ULL * 1000 * 1000);
}

class TopKeeperTest : public testing::Test
{
protected:
    [[nodiscard]] std::string path() const { return folder_.file("top.bin"); }
    static void send(TopKeeper& keeper, const std::string& file, std::uint64_t bytes)
    {
        keeper.give(std::make_unique<DownloadTally>(tallyOf(file, bytes)));
        keeper.give(nullptr);
        keeper.fold();
    }
    catalog::TemporaryFolder folder_;
    observe::ManualClock clock_;
    observe::Log log_{observe::LogOptions{}, clock_};
};

TEST_F(TopKeeperTest, ARestartGoesOn)
{
    {
        TopKeeper keeper(path(), clock_, log_);
        keeper.load(); // there is none
        send(keeper, "a", 5);
        send(keeper, "b", 7);
        keeper.save();
    }
    clock_.advance(2min);
    {
        TopKeeper keeper(path(), clock_, log_);
        keeper.load();
        EXPECT_EQ(files(keeper.sum(HistorySpan::Minute)), Hits());
        send(keeper, "a", 100);
        EXPECT_EQ(files(keeper.sum(HistorySpan::Minute)), (Hits{{"docs/a", 100, 1}}));
        EXPECT_EQ(files(keeper.sum(HistorySpan::Hour)), (Hits{{"docs/a", 105, 2}, {"docs/b", 7, 1}}));
        const DownloadTally day = keeper.sum(HistorySpan::Day);
        EXPECT_EQ(files(day), (Hits{{"docs/a", 105, 2}, {"docs/b", 7, 1}}));
        EXPECT_EQ(day.list(DownloadTally::Links).top(9), (Hits{{"LINK", 112, 3}}));
        EXPECT_EQ(day.list(DownloadTally::Clients).top(9),
                  (Hits{{std::string(kClient.begin(), kClient.end()), 112, 3}}));
        keeper.save();
    }
    clock_.advance(48h);
    TopKeeper later(path(), clock_, log_);
    later.load();
    EXPECT_EQ(files(later.sum(HistorySpan::Day)), Hits()) << "two days later nothing of it is left";
}

TEST_F(TopKeeperTest, ADamagedFileBeginsAnew)
{
    {
        TopKeeper keeper(path(), clock_, log_);
        send(keeper, "a", 5);
        keeper.save();
    }
    std::ifstream in(path(), std::ios::binary);
    const std::string good((std::istreambuf_iterator<char>(in)), {});
    std::string flipped = good;
    flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
    for (const std::string& bad : {std::string(), std::string("x"), good.substr(0, good.size() - 1),
                                   good.substr(0, 40), flipped, good + "x"}) {
        catalog::writeFile(path(), bad);
        TopKeeper keeper(path(), clock_, log_);
        keeper.load();
        EXPECT_EQ(files(keeper.sum(HistorySpan::Day)), Hits()) << bad.size();
        send(keeper, "b", 3);
        keeper.save(); // and from then on it is good again
        TopKeeper next(path(), clock_, log_);
        next.load();
        EXPECT_EQ(files(next.sum(HistorySpan::Day)), (Hits{{"docs/b", 3, 1}}));
    }
}

} // namespace
} // namespace spillway::engine
