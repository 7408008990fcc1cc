// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timechart.h"
#include "ui/models/history.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

contract::LiveSnapshot at(std::int64_t ms, double rate, double p99 = 1)
{
    contract::LiveSnapshot snapshot;
    snapshot.atMs = ms;
    snapshot.seconds = 0.5;
    snapshot.sentRate = rate;
    snapshot.p99Ms = p99;
    return snapshot;
}

TEST(History, AStepIsTheMeanOfItsSnapshotsAndThePeakOfItsLatencies)
{
    History history;
    for (int i = 0; i < 30; ++i)
        history.add(at(15'000 + i * 500, i % 2 ? 100 : 300, i == 7 ? 90 : 2));
    EXPECT_TRUE(history.samples(History::Span::Hour).empty()); // the step still runs
    history.add(at(30'000, 5));
    const auto hour = history.samples(History::Span::Hour);
    ASSERT_EQ(hour.size(), 1U);
    EXPECT_DOUBLE_EQ(hour[0].sentRate, 200);
    EXPECT_DOUBLE_EQ(hour[0].p99Ms, 90);
    EXPECT_EQ(hour[0].atMs, 30'000);
    EXPECT_EQ(history.samples(History::Span::Minute).size(), 30U);
}

TEST(History, KeepsItsSpanAndNoMore)
{
    History history;
    for (int i = 0; i < 1000; ++i)
        history.add(at(i * 500, i));
    const auto minute = history.samples(History::Span::Minute);
    ASSERT_EQ(minute.size(), 120U);
    EXPECT_DOUBLE_EQ(minute.back().sentRate, 998);
    EXPECT_DOUBLE_EQ(minute.front().sentRate, 879);
    for (std::size_t i = 1; i < minute.size(); ++i)
        EXPECT_EQ(minute[i].atMs - minute[i - 1].atMs, 500);
}

TEST(History, TheFirstSnapshotHasNoRates)
{
    History history;
    contract::LiveSnapshot first = at(1000, 99);
    first.seconds = 0;
    history.add(first);
    history.add(at(2000, 1));
    history.add(at(3000, 1));
    ASSERT_EQ(history.samples(History::Span::Minute).size(), 1U);
    EXPECT_DOUBLE_EQ(history.samples(History::Span::Minute)[0].sentRate, 1);
}

TEST(NiceCeiling, RoundsUpToWhatPeopleRead)
{
    const std::vector<std::pair<double, double>> rows{{0, 1},      {-1, 1},     {0.7, 1}, {1, 1},
                                                      {1.1, 2},    {2.1, 2.5},  {2.6, 5}, {5.1, 10},
                                                      {84e6, 1e8}, {0.03, 0.05}};
    for (const auto& [value, ceiling] : rows)
        EXPECT_DOUBLE_EQ(niceCeiling(value), ceiling) << value;
}

} // namespace
} // namespace spillway::ui
