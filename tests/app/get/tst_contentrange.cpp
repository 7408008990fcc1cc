// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/contentrange.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

TEST(ContentRange, Fields)
{
    const struct
    {
        const char* field;
        std::optional<ContentRange> parsed;
    } rows[] = {
        {"bytes 0-0/1", ContentRange{0, 0, 1}},
        {"bytes 0-99/100", ContentRange{0, 99, 100}},
        {"bytes 5-5/*", ContentRange{5, 5, {}}},
        {"bytes */0", ContentRange{{}, {}, 0}},
        {"bytes */1000", ContentRange{{}, {}, 1000}},
        {" \tBYTES 1-2/3 ", ContentRange{1, 2, 3}},
        {"bytes 0-9223372036854775806/9223372036854775807",
         ContentRange{0, 9223372036854775806U, 9223372036854775807U}},
        {"bytes 0-1/9223372036854775808", std::nullopt},
        {"bytes 0-18446744073709551616/*", std::nullopt},
        {"bytes 0-100/100", std::nullopt},
        {"bytes 2-1/3", std::nullopt},
        {"bytes */*", std::nullopt},
        {"bytes 0-1", std::nullopt},
        {"bytes 0-1/", std::nullopt},
        {"bytes 0-/5", std::nullopt},
        {"bytes -1/5", std::nullopt},
        {"bytes=0-1/5", std::nullopt},
        {"bytes  0-1/5", std::nullopt},
        {"bytes 0 -1/5", std::nullopt},
        {"bytes 0-1/ 5", std::nullopt},
        {"bytes +0-1/5", std::nullopt},
        {"bytes 0x0-1/5", std::nullopt},
        {"items 0-1/5", std::nullopt},
        {"bytes", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& row : rows)
        EXPECT_EQ(parseContentRange(row.field), row.parsed) << row.field;
}

TEST(Length, Fields)
{
    const struct
    {
        const char* field;
        std::optional<std::uint64_t> parsed;
    } rows[] = {{"0", 0},
                {" 42 ", 42},
                {"007", 7},
                {"9223372036854775807", 9223372036854775807U},
                {"9223372036854775808", std::nullopt},
                {"99999999999999999999", std::nullopt},
                {"", std::nullopt},
                {"-1", std::nullopt},
                {"+1", std::nullopt},
                {"5, 5", std::nullopt},
                {"1e3", std::nullopt}};
    for (const auto& row : rows)
        EXPECT_EQ(parseLength(row.field), row.parsed) << row.field;
}

} // namespace
} // namespace spillway::get
