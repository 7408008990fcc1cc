// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settings.h"
#include "server/config/settingsdocs.h"
#include "server/config/settingsloader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

using namespace spillway;
using namespace spillway::config;
using testing::HasSubstr;
using testing::Not;

namespace {

TEST(SettingsTable, EveryRowIsComplete)
{
    std::set<std::string> names, variables, options;
    for (const Row& row : table::kRows) {
        SCOPED_TRACE(row.name);
        EXPECT_TRUE(names.insert(std::string(row.name)).second);
        EXPECT_TRUE(variables.insert(environmentName(row)).second) << "two names make one variable";
        EXPECT_TRUE(row.option.empty() || options.insert(std::string(row.option)).second);
        EXPECT_EQ(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."), std::string_view::npos);
        EXPECT_LE(std::count(row.name.begin(), row.name.end(), '.'), 1)
            << "config show writes one level of tables";
        EXPECT_LE(row.min, row.max);
        EXPECT_EQ(row.type == Type::Choice, !row.choices.empty());
        EXPECT_TRUE(row.help.ends_with('.')) << "help is a sentence";
        EXPECT_GT(row.help.size(), 10U);
    }
    EXPECT_EQ(findRow("nothing.such"), kSettingCount);
    EXPECT_EQ(findRow(""), kSettingCount);
}

TEST(SettingsTable, NoNameIsAlsoATable)
{
    for (const Row& row : table::kRows)
        for (const Row& other : table::kRows)
            EXPECT_FALSE(other.name.starts_with(std::string(row.name) + "."))
                << row.name << " " << other.name;
}

TEST(Settings, Defaults)
{
    const Settings settings; // throws nothing: every default parses and is in its range
    using namespace std::chrono_literals;
    ASSERT_EQ(settings.get<"listen">().size(), 2U);
    EXPECT_EQ(formatEndpoint(settings.get<"listen">()[0]), "0.0.0.0:8080");
    EXPECT_EQ(formatEndpoint(settings.get<"listen">()[1]), "[::]:8080");
    EXPECT_EQ(formatEndpoint(settings.get<"admin.listen">().at(0)), "127.0.0.1:8081");
    EXPECT_EQ(settings.get<"public_url">(), "");
    EXPECT_FALSE(settings.get<"join_port">());
    EXPECT_EQ(settings.get<"workers">(), 0);
    EXPECT_EQ(settings.get<"metrics.allow">().size(), 2U);
    EXPECT_EQ(settings.get<"http.head_timeout">(), 10s);
    EXPECT_EQ(settings.get<"http.idle_timeout">(), 75s);
    EXPECT_EQ(settings.get<"http.write_stall_timeout">(), 60s);
    EXPECT_EQ(settings.get<"http.min_rate">(), BytesPerSecond{500});
    EXPECT_EQ(settings.get<"http.max_head_size">(), 16_KiB);
    EXPECT_EQ(settings.get<"http.max_fields">(), 100);
    EXPECT_EQ(settings.get<"cache.hot_bytes">(), 64_MiB);
    EXPECT_EQ(settings.get<"metadata.ttl">(), 300s);
    EXPECT_EQ(settings.get<"index.hash_max_size">(), 4_GiB);
    EXPECT_EQ(settings.get<"links.default_expiry">(), 7 * 24h);
    EXPECT_EQ(settings.get<"log.access">(), "json");
    EXPECT_EQ(settings.get<"metrics.allow">().size(), 2U);
    for (std::size_t i = 0; i < kSettingCount; ++i)
        EXPECT_EQ(settings.origin(i).kind, Origin::Kind::Default);
    static_assert(
        std::is_same_v<decltype(settings.get<"http.head_timeout">()), const std::chrono::milliseconds&>);
    static_assert(std::is_same_v<decltype(settings.get<"cache.hot_bytes">()), const Bytes&>);
}

TEST(Settings, FoldersAreWrittenPlainly)
{
    const Row& row = rowAt(findRow("share_roots"));
    const auto read = [&row](const char* text) { return parseValue(row, {text}); };
    for (const char* good : {"/", "/srv", "/srv/a b", "/srv/..a/.b", "/a.", "/a.."})
        EXPECT_EQ(formatValue(row, *read(good)).front(), good);
    EXPECT_EQ(formatValue(row, *read("/srv/files//")).front(), "/srv/files");
    EXPECT_EQ(formatValue(row, *read("//")).front(), "/");
    for (const char* bad :
         {"", "srv", "./srv", "/srv/../etc", "/srv/..", "/./srv", "/srv/.", "/srv//x", "/srv\nx", "~/files"})
        EXPECT_FALSE(read(bad)) << bad;
    EXPECT_TRUE(parseValue(row, {})) << "empty: nothing is shared from elsewhere";
    Settings settings;
    ASSERT_TRUE(settings.set(findRow("share_roots"), {"/srv", "/mnt/b"}, {}));
    EXPECT_EQ(settings.get<"share_roots">(), (std::vector<std::string>{"/srv", "/mnt/b"}));
    EXPECT_EQ(formatToml(row, settings.value(findRow("share_roots"))), R"(["/srv", "/mnt/b"])");
}

TEST(Settings, EveryDefaultSurvivesItsOwnTexts)
{
    const Settings settings;
    for (std::size_t i = 0; i < kSettingCount; ++i) {
        const auto back = parseValue(rowAt(i), formatValue(rowAt(i), settings.value(i)));
        ASSERT_TRUE(back) << rowAt(i).name << ": " << back.error().message;
        EXPECT_EQ(*back, settings.value(i)) << rowAt(i).name;
    }
}

/// The number that a text of the row's own unit says, at the ends of each range: n-1, n, n+1 around both.
TEST(Settings, RangesHoldAtBothEnds)
{
    for (std::size_t i = 0; i < kSettingCount; ++i) {
        const Row& row = rowAt(i);
        const char* unit = row.type == Type::Integer ? ""
                           : row.type == Type::Bytes ? "B"
                           : row.type == Type::Rate  ? "B/s"
                                                     : "ms";
        if (row.type != Type::Integer && row.type != Type::Bytes && row.type != Type::Rate &&
            row.type != Type::Duration)
            continue;
        SCOPED_TRACE(row.name);
        const auto good = [&](std::int64_t number) {
            return parseValue(row, {std::to_string(number) + unit}).has_value();
        };
        EXPECT_TRUE(good(row.min));
        EXPECT_TRUE(good(row.max));
        if (row.max < std::numeric_limits<std::int64_t>::max()) {
            EXPECT_FALSE(good(row.max + 1));
        }
        if (row.min > 1) {
            EXPECT_FALSE(good(row.min - 1));
        }
        EXPECT_EQ(good(0), row.min == 0 || !row.zeroMeans.empty());
        EXPECT_FALSE(good(-1));
        EXPECT_FALSE(parseValue(row, {""}));
        EXPECT_FALSE(parseValue(row, {"many"}));
        EXPECT_FALSE(parseValue(row, {}));
        EXPECT_FALSE(parseValue(row, {std::to_string(row.min) + unit, std::to_string(row.min) + unit}));
    }
}

TEST(Settings, OtherTypes)
{
    struct Row_
    {
        const char* name;
        std::vector<std::string> texts;
        bool good;
    };
    const std::string url = "http://h/";
    const Row_ rows[] = {
        {"join_port", {"true"}, true},
        {"join_port", {"0"}, true},
        {"join_port", {"yes"}, false},
        {"join_port", {"True"}, false},
        {"log.level", {"debug"}, true},
        {"log.level", {"debu"}, false},
        {"log.level", {""}, false},
        {"log.level", {"info|warning"}, false},
        {"log.access", {"off"}, true},
        {"public_url", {""}, true},
        {"public_url", {"http://files.example.org"}, true},
        {"public_url", {"https://h:8443/sub/path/"}, true},
        {"public_url", {"http://[2001:db8::1]:8080"}, true},
        {"public_url", {"files.example.org"}, false},
        {"public_url", {"ftp://h"}, false},
        {"public_url", {"http://"}, false},
        {"public_url", {"http:///x"}, false},
        {"public_url", {"http://:80"}, false},
        {"public_url", {"http://h/?x"}, false},
        {"public_url", {"http://h/#x"}, false},
        {"public_url", {"http://u@h/"}, false},
        {"public_url", {"http://h/a b"}, false},
        {"public_url", {"http://h/\xc3\xa9"}, false},
        {"public_url", {url + std::string(2048 - url.size(), 'x')}, true},
        {"public_url", {url + std::string(2049 - url.size(), 'x')}, false},
        {"listen", {}, false},
        {"listen", {"0.0.0.0:1"}, true},
        {"listen", std::vector<std::string>(64, "0.0.0.0:1"), true},
        {"listen", std::vector<std::string>(65, "0.0.0.0:1"), false},
        {"listen", {"0.0.0.0:1", "::1:2"}, false},
        {"metrics.allow", {}, true},
        {"metrics.allow", {"10.0.0.0/8", "::1"}, true},
        {"metrics.allow", {"10.0.0.1/8"}, false},
        {"metrics.allow", {""}, false},
        {"log.file", {""}, true},
        {"log.file", {"/var/log/spillway/access.log"}, true},
        {"log.file", {"a\nb"}, false},
        {"log.file", {std::string("a\0b", 3)}, false},
        {"metrics.token", {""}, true},
        {"metrics.token", {"123456789012345"}, false},
        {"metrics.token", {"1234567890123456"}, true},
    };
    for (const Row_& row : rows) {
        Settings settings;
        const Settings before = settings;
        const auto done = settings.set(findRow(row.name), row.texts, {Origin::Kind::File, "f:1:1"});
        EXPECT_EQ(done.has_value(), row.good) << row.name << " " << testing::PrintToString(row.texts);
        if (!done) {
            EXPECT_EQ(done.error().code, ErrorCode::InvalidArgument);
            EXPECT_TRUE(diff(before, settings).empty()) << "a bad value changes nothing";
        }
    }
}

TEST(Settings, DiffNamesWhatChangedAndWhatNeedsARestart)
{
    const Settings before;
    Settings after = before;
    EXPECT_TRUE(diff(before, after).empty());
    ASSERT_TRUE(after.set(findRow("workers"), {"3"}, {}));
    ASSERT_TRUE(after.set(findRow("http.idle_timeout"), {"5s"}, {}));
    ASSERT_TRUE(after.set(findRow("metadata.ttl"), {"5m"}, {})); // the default in other words
    const auto changes = diff(before, after);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].name, "workers");
    EXPECT_TRUE(changes[0].needsRestart);
    EXPECT_EQ(changes[1].name, "http.idle_timeout");
    EXPECT_FALSE(changes[1].needsRestart);
}

TEST(SettingsDocs, EverySettingIsInEachForm)
{
    const std::string markdown = settingsMarkdown();
    for (const Row& row : table::kRows) {
        EXPECT_THAT(markdown, HasSubstr("| `" + std::string(row.name) + "` |"));
        EXPECT_THAT(markdown, HasSubstr("`" + environmentName(row) + "`"));
    }
    // Every line of the table has the same eight cells.
    std::size_t from = 0;
    while (from < markdown.size()) {
        const auto end = markdown.find('\n', from);
        EXPECT_EQ(std::count(markdown.begin() + static_cast<std::ptrdiff_t>(from),
                             markdown.begin() + static_cast<std::ptrdiff_t>(end), '|'),
                  9)
            << markdown.substr(from, end - from);
        from = end + 1;
    }
}

TEST(SettingsDocs, ShownFileLoadsBack)
{
    Settings settings;
    const Origin origin{Origin::Kind::File, "f:1:1"};
    ASSERT_TRUE(settings.set(findRow("workers"), {"3"}, origin));
    ASSERT_TRUE(settings.set(findRow("log.file"), {"/a \"quoted\" \\ path\x01\x7f"}, origin));
    ASSERT_TRUE(settings.set(findRow("metrics.allow"), {"10.0.0.0/8", "::1"}, origin));
    ASSERT_TRUE(settings.set(findRow("http.min_rate"), {"0"}, origin));
    const std::string text = settingsToml(settings);
    const auto loaded = load({"shown.toml", text, {}, {}});
    ASSERT_TRUE(loaded) << loaded.error().front().text();
    EXPECT_TRUE(diff(settings, *loaded).empty()) << diff(settings, *loaded).front().name;
    EXPECT_THAT(text, HasSubstr("workers = 3  # f:1:1"));
    EXPECT_THAT(text, HasSubstr("idle_timeout = \"1m15s\"  # default"));
}

TEST(SettingsDocs, SecretsAreNotShown)
{
    Settings settings;
    EXPECT_THAT(settingsToml(settings), HasSubstr("\ntoken = \"\""));
    ASSERT_TRUE(settings.set(findRow("metrics.token"), {"hush-hush-hush-hush"}, {}));
    EXPECT_THAT(settingsToml(settings), Not(HasSubstr("hush")));
    EXPECT_THAT(settingsToml(settings), HasSubstr("# token is set and not shown"));
    EXPECT_TRUE(load({"shown.toml", settingsToml(settings), {}, {}}));
    const auto refused = settings.set(findRow("metrics.token"), {"hush"}, {});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, Not(HasSubstr("hush")));
}

} // namespace
