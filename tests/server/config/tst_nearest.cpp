// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/nearest.h"

#include <gtest/gtest.h>

using namespace spillway::config;

namespace {

TEST(Nearest, Table)
{
    constexpr std::string_view words[] = {"listen", "workers", "log.level", "http.idle_timeout", "status"};
    struct Row
    {
        std::string word, meant;
    };
    const Row rows[] = {
        {"listen", "listen"},
        {"listen", "listen"},
        {"listne", "listen"},
        {"listenn", "listen"},
        {"wrokers", "workers"},
        {"worker", "workers"},
        {"log.levle", "log.level"},
        {"http.idle_timout", "http.idle_timeout"},
        {"http.idel_timeuot", "http.idle_timeout"},
        {"stats", "status"},
        {"stat", ""},
        {"", ""},
        {"x", ""},
        {"zebra", ""},
        {std::string(64, 'x'), ""},
        {std::string(100'000, 'x'), ""},
    };
    for (const Row& row : rows)
        EXPECT_EQ(nearest(row.word, words), row.meant) << row.word.substr(0, 40);
    EXPECT_EQ(nearest("listen", {}), "");
    EXPECT_EQ(didYouMean("stats", words), " (did you mean status?)");
    EXPECT_EQ(didYouMean("zebra", words), "");
}

} // namespace
