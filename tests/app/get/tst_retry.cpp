// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/retry.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

using namespace std::chrono_literals;

TEST(JudgeStatus, EachKind)
{
    const struct
    {
        int status;
        FailureKind kind;
        bool again;
    } rows[] = {
        {400, FailureKind::Refused, false}, {401, FailureKind::Refused, false},
        {403, FailureKind::Refused, false}, {404, FailureKind::Gone, false},
        {407, FailureKind::Refused, false}, {408, FailureKind::Broken, true},
        {410, FailureKind::Gone, false},    {421, FailureKind::Broken, true},
        {425, FailureKind::Broken, true},   {429, FailureKind::Busy, true},
        {451, FailureKind::Refused, false}, {499, FailureKind::Refused, false},
        {500, FailureKind::Broken, true},   {501, FailureKind::Broken, false},
        {502, FailureKind::Broken, true},   {503, FailureKind::Busy, true},
        {504, FailureKind::Broken, true},   {505, FailureKind::Broken, false},
        {509, FailureKind::Busy, true},     {599, FailureKind::Broken, true},
        {302, FailureKind::Broken, false},  {204, FailureKind::Broken, false},
        {999, FailureKind::Broken, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(judgeStatus(row.status).kind, row.kind) << row.status;
        EXPECT_EQ(judgeStatus(row.status).again, row.again) << row.status;
    }
}

TEST(RetryAfter, SecondsAndDates)
{
    const WallTime now = fromUnixSeconds(784111777); // Sun, 06 Nov 1994 08:49:37 GMT
    const struct
    {
        const char* field;
        std::optional<std::chrono::seconds> wait;
    } rows[] = {
        {"0", 0s},
        {"120", 120s},
        {" 5 ", 5s},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
        {"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
        {" Sun, 06 Nov 1994 08:50:37 GMT ", 60s},
        {"Sun, 06 Nov 1994 08:00:00 GMT", 0s},
        {"99999999999999", std::chrono::hours(366 * 24)},
        {"-1", std::nullopt},
        {"soon", std::nullopt},
        {"1.5", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& row : rows)
        EXPECT_EQ(parseRetryAfter(row.field, now), row.wait) << row.field;
}

TEST(Backoff, GrowsToItsBoundAndEnds)
{
    RetryOptions options;
    options.tries = 5;
    options.first = 100ms;
    options.most = 400ms;
    Backoff least(options), most(options);
    for (const auto full : {100ms, 200ms, 400ms, 400ms}) {
        EXPECT_EQ(least.failed(0.0, {}), full / 2);
        EXPECT_EQ(most.failed(1.0, {}), full);
    }
    EXPECT_FALSE(least.failed(0.5, {}));
    least.progressed();
    EXPECT_EQ(least.failed(0.0, {}), 50ms);
}

TEST(Backoff, ManyTriesDoNotOverflow)
{
    RetryOptions options;
    options.tries = 10'000;
    Backoff backoff(options);
    for (unsigned i = 1; i < options.tries; ++i) {
        const auto wait = backoff.failed(0.999, {});
        ASSERT_TRUE(wait);
        EXPECT_GT(*wait, 0ms);
        EXPECT_LE(*wait, options.most);
    }
    EXPECT_FALSE(backoff.failed(0.999, {}));
}

TEST(Backoff, HonoursRetryAfter)
{
    RetryOptions options;
    options.patience = 60s;
    for (const double random : {0.0, 0.5, 0.99}) {
        Backoff backoff(options);
        const auto wait = backoff.failed(random, 10s);
        ASSERT_TRUE(wait);
        EXPECT_GE(*wait, 10s) << "never before that";
        EXPECT_LE(*wait, 11s);
    }
    EXPECT_GE(Backoff(options).failed(0.9, 0s), 250ms) << "at once is not at once";
    EXPECT_TRUE(Backoff(options).failed(0, 60s));
    EXPECT_FALSE(Backoff(options).failed(0, 61s)) << "longer than the patience";
}

TEST(FailureKind, NamesAndExitCodesStay)
{
    const struct
    {
        FailureKind kind;
        const char* name;
        int code;
    } rows[] = {{FailureKind::Local, "local", 1},   {FailureKind::Refused, "refused", 3},
                {FailureKind::Gone, "gone", 4},     {FailureKind::Busy, "busy", 5},
                {FailureKind::Broken, "broken", 6}, {FailureKind::Damaged, "damaged", 7}};
    for (const auto& row : rows) {
        EXPECT_STREQ(kindName(row.kind), row.name);
        EXPECT_EQ(static_cast<int>(row.kind), row.code);
    }
}

} // namespace
} // namespace spillway::get
