// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timechart.h"
#include "ui/models/history.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

using Span = History::Span;

contract::LiveSnapshot live(std::int64_t ms, double rate)
{
    contract::LiveSnapshot snapshot;
    snapshot.atMs = ms;
    snapshot.seconds = 0.5;
    snapshot.sentRate = rate;
    return snapshot;
}

Sample step(std::int64_t ms, double rate)
{
    Sample sample;
    sample.atMs = ms;
    sample.sentRate = rate;
    return sample;
}

std::vector<double> rates(const std::vector<Sample>& samples)
{
    std::vector<double> all;
    for (const Sample& sample : samples)
        all.push_back(sample.sentRate);
    return all;
}

TEST(History, TheMinuteKeepsItsSpanOfSnapshotsAndNoMore)
{
    History history;
    for (int i = 0; i < 1000; ++i)
        history.add(live(i * 500, i));
    const auto& minute = history.samples(Span::Minute);
    ASSERT_EQ(minute.size(), 120U);
    EXPECT_DOUBLE_EQ(minute.back().sentRate, 999);
    EXPECT_DOUBLE_EQ(minute.front().sentRate, 880);
    EXPECT_TRUE(history.samples(Span::Hour).empty()) << "the hour is the server's to tell";
}

TEST(History, TheFirstSnapshotHasNoRates)
{
    History history;
    contract::LiveSnapshot first = live(1000, 99);
    first.seconds = 0;
    history.add(first);
    history.add(live(2000, 1));
    EXPECT_EQ(rates(history.samples(Span::Minute)), (std::vector<double>{1}));
}

TEST(History, WhatTheServerKeptFillsTheMinuteWhereNothingWasSeen)
{
    History history;
    history.add(live(10'250, 1));
    history.add(live(10'750, 2));
    history.add(live(14'250, 3));
    history.merge({Span::Minute, {step(9'000, 7), step(11'000, 8), step(12'000, 9), step(20'000, 5)}, {}});
    EXPECT_EQ(rates(history.samples(Span::Minute)), (std::vector<double>{7, 7, 1, 2, 9, 9, 3, 5, 5}));
    for (std::size_t i = 1; i < history.samples(Span::Minute).size(); ++i)
        EXPECT_GT(history.samples(Span::Minute)[i].atMs, history.samples(Span::Minute)[i - 1].atMs);
}

TEST(History, TheStepThatRunsIsReplacedByWhatBecameOfIt)
{
    History history;
    EXPECT_EQ(history.mergedUpTo(Span::Hour), 0);
    history.merge({Span::Hour, {step(15'000, 1), step(30'000, 2)}, step(33'000, 90)});
    EXPECT_EQ(rates(history.samples(Span::Hour)), (std::vector<double>{1, 2, 90}));
    EXPECT_EQ(history.mergedUpTo(Span::Hour), 30'000);
    history.merge({Span::Hour, {}, step(38'000, 80)});
    EXPECT_EQ(rates(history.samples(Span::Hour)), (std::vector<double>{1, 2, 80}));
    history.merge({Span::Hour, {step(45'000, 3)}, {}});
    EXPECT_EQ(rates(history.samples(Span::Hour)), (std::vector<double>{1, 2, 3}));
    EXPECT_TRUE(history.samples(Span::Day).empty());
}

TEST(History, TheHourForgetsWhatIsOlder)
{
    History history;
    for (std::int64_t i = 1; i <= 1000; ++i)
        history.merge({Span::Hour, {step(i * 15'000, static_cast<double>(i))}, {}});
    EXPECT_EQ(history.samples(Span::Hour).size(), 240U);
    EXPECT_DOUBLE_EQ(history.samples(Span::Hour).front().sentRate, 761);
}

TEST(History, AClockThatIsSetBackTakesWhatWasAfterIt)
{
    History history;
    for (int i = 0; i < 4; ++i)
        history.add(live(10'000 + i * 500, i));
    history.add(live(10'600, 9));
    EXPECT_EQ(rates(history.samples(Span::Minute)), (std::vector<double>{0, 1, 9}));
    history.merge({Span::Hour, {step(15'000, 1), step(30'000, 2)}, step(33'000, 3)});
    history.merge({Span::Hour, {step(15'000, 4)}, step(16'000, 5)});
    EXPECT_EQ(rates(history.samples(Span::Hour)), (std::vector<double>{4, 5}));
}

TEST(UnbrokenLines, AreCutWhereNothingWasSeen)
{
    const auto rate = [](const Sample& sample) { return sample.sentRate; };
    const auto points = [&](const std::vector<Sample>& samples, bool bridged = false) {
        std::vector<std::vector<std::pair<double, double>>> all;
        for (const QList<QPointF>& part : unbroken(samples, rate, 10, bridged)) {
            all.emplace_back();
            for (const QPointF& point : part)
                all.back().emplace_back(point.x(), point.y());
        }
        return all;
    };
    using Parts = std::vector<std::vector<std::pair<double, double>>>;
    EXPECT_EQ(points({}), Parts());
    EXPECT_EQ(points({step(100, 1), step(110, 2), step(150, 3)}), (Parts{{{100, 1}, {110, 2}, {150, 3}}}));
    EXPECT_EQ(points({step(100, 1), step(110, 2), step(151, 3), step(160, 4)}),
              (Parts{{{100, 1}, {110, 2}}, {{151, 3}, {160, 4}}}));
    EXPECT_EQ(points({step(100, 1), step(200, 2), step(300, 3)}),
              (Parts{{{90, 1}, {100, 1}}, {{190, 2}, {200, 2}}, {{290, 3}, {300, 3}}}))
        << "what was seen alone is as long as its step";
    EXPECT_EQ(points({step(100, 1), step(200, 2)}, true), (Parts{{{100, 1}, {200, 2}}}));
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
