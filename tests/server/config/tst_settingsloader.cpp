// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingsloader.h"

#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace spillway;
using namespace spillway::config;
using testing::HasSubstr;
using Kind = Problem::Kind;

namespace {

SettingSources fromFile(std::string text)
{
    return {"s.toml", std::move(text), {}, {}};
}

TEST(Load, NothingIsTheDefaults)
{
    const auto settings = load({});
    ASSERT_TRUE(settings);
    EXPECT_TRUE(diff(*settings, Settings()).empty());
    const auto empty = load(fromFile(""));
    ASSERT_TRUE(empty);
    EXPECT_TRUE(diff(*empty, Settings()).empty());
}

TEST(Load, LaterSourcesWin)
{
    SettingSources sources =
        fromFile("workers = 2\nlisten = [\"127.0.0.1:1\", \"127.0.0.1:2\"]\n[http]\nidle_timeout = \"5s\"\n"
                 "max_fields = 50\n");
    sources.environment = {
        {"SPILLWAY_WORKERS", "3"}, {"SPILLWAY_HTTP_MAX_FIELDS", "60"}, {"HOME", "/root"}, {"SPILLWAY", "x"}};
    sources.arguments = {{"--workers", "workers", "4"},
                         {"--listen", "listen", "127.0.0.1:3"},
                         {"--set", "log.level", "debug"},
                         {"--listen", "listen", "127.0.0.1:4"}};
    const auto settings = load(sources);
    ASSERT_TRUE(settings) << settings.error().front().text();
    EXPECT_EQ(settings->get<"workers">(), 4);
    EXPECT_EQ(settings->get<"http.max_fields">(), 60);
    EXPECT_EQ(settings->get<"http.idle_timeout">(), std::chrono::seconds(5));
    ASSERT_EQ(settings->get<"listen">().size(), 2U);
    EXPECT_EQ(settings->get<"listen">()[1].port, 4);
    EXPECT_EQ(settings->get<"log.level">(), "debug");

    struct Row
    {
        const char* name;
        Origin::Kind kind;
        const char* where;
    };
    const Row rows[] = {
        {"workers", Origin::Kind::CommandLine, "--workers"},
        {"log.level", Origin::Kind::CommandLine, "--set"},
        {"http.max_fields", Origin::Kind::Environment, "SPILLWAY_HTTP_MAX_FIELDS"},
        {"http.idle_timeout", Origin::Kind::File, "s.toml:4:16"},
        {"log.access", Origin::Kind::Default, ""},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(settings->origin(findRow(row.name)).kind, row.kind) << row.name;
        EXPECT_EQ(settings->origin(findRow(row.name)).where, row.where) << row.name;
    }
}

TEST(Load, FormsOfAFile)
{
    const char* rows[] = {
        "http.idle_timeout = \"5s\"",
        "[http]\nidle_timeout = '5s'",
        "http = { idle_timeout = \"5000ms\" }",
        "# a comment\n\n[http] # another\nidle_timeout = \"\"\"5s\"\"\"\n",
    };
    for (const char* text : rows) {
        const auto settings = load(fromFile(text));
        ASSERT_TRUE(settings) << text << settings.error().front().text();
        EXPECT_EQ(settings->get<"http.idle_timeout">(), std::chrono::seconds(5)) << text;
    }
    const auto plain = load(
        fromFile("listen = \"127.0.0.1:1\"\nmetrics.allow = []\ncache.hot_bytes = 4096\nhttp.min_rate = 0\n"
                 "cache.revalidate = 0\njoin_port = true"));
    ASSERT_TRUE(plain) << plain.error().front().text();
    EXPECT_EQ(plain->get<"listen">().size(), 1U);
    EXPECT_EQ(plain->get<"cache.hot_bytes">(), 4_KiB);
    EXPECT_TRUE(plain->get<"join_port">());
}

TEST(Load, OneProblem)
{
    struct Row
    {
        const char* text;
        Kind kind;
        const char *where, *says;
    };
    const Row rows[] = {
        {"workers = \"2\"", Kind::WrongType, "s.toml:1:11", "workers takes a whole number"},
        {"workers = 2.5", Kind::WrongType, "s.toml:1:11", "workers"},
        {"workers = true", Kind::WrongType, "s.toml:1:11", "workers"},
        {"workers = [2]", Kind::WrongType, "s.toml:1:11", "workers"},
        {"workers = 1979-05-27", Kind::WrongType, "s.toml:1:11", "workers"},
        {"join_port = \"true\"", Kind::WrongType, "s.toml:1:13", "without quotes"},
        {"join_port = 1", Kind::WrongType, "s.toml:1:13", "join_port"},
        {"listen = [\"0.0.0.0:1\", 2]", Kind::WrongType, "s.toml:1:10", "listen takes a list"},
        {"listen = [[\"0.0.0.0:1\"]]", Kind::WrongType, "s.toml:1:10", "listen"},
        {"log.level = 3", Kind::WrongType, "s.toml:1:13", "log.level"},
        {"[workers]\nx = 1", Kind::WrongType, "s.toml:1:1", "workers"},
        {"workers = 1025", Kind::BadValue, "s.toml:1:11", "1 to 1024"},
        {"workers = -1", Kind::BadValue, "s.toml:1:11", "too small"},
        {"[http]\nidle_timeout = 5", Kind::BadValue, "s.toml:2:16",
         "http.idle_timeout: \"5\" is not a duration"},
        {"\n\nlisten = [\"nowhere\"]", Kind::BadValue, "s.toml:3:10", "ADDRESS:PORT"},
        {"listen = []", Kind::BadValue, "s.toml:1:10", "1 to 64 entries"},
        {"log.level = \"loud\"", Kind::BadValue, "s.toml:1:13", "error, warning, info, debug"},
        {"wrokers = 2", Kind::UnknownName, "s.toml:1:1", "did you mean workers?"},
        {"[http]\nidle_timout = \"5s\"", Kind::UnknownName, "s.toml:2:1", "did you mean http.idle_timeout?"},
        {"[htpt]\nidle_timeout = \"5s\"", Kind::UnknownName, "s.toml:1:2", "did you mean http?"},
        {"http = 5", Kind::UnknownName, "s.toml:1:1", "http"},
        {"zebra = 1", Kind::UnknownName, "s.toml:1:1", "there is no setting zebra"},
        {"workers = ", Kind::Syntax, "s.toml:1:", ""},
        {"workers = 2\nworkers = 3", Kind::Syntax, "s.toml:2:", ""},
        {"[http\n", Kind::Syntax, "s.toml:1:", ""},
        {"workers = 2 \xff", Kind::Syntax, "s.toml:1:", ""},
    };
    for (const Row& row : rows) {
        const auto settings = load(fromFile(row.text));
        ASSERT_FALSE(settings) << row.text;
        ASSERT_EQ(settings.error().size(), 1U) << row.text << ": " << settings.error()[1].text();
        const Problem& problem = settings.error().front();
        EXPECT_EQ(problem.kind, row.kind) << row.text << ": " << problem.text();
        EXPECT_TRUE(problem.where.starts_with(row.where)) << row.text << ": " << problem.text();
        EXPECT_THAT(problem.message, HasSubstr(row.says)) << row.text;
    }
}

TEST(Load, AllProblemsAreNamed)
{
    SettingSources sources = fromFile("wrokers = 2\n[http]\nidle_timeout = \"soon\"\nmax_fields = \"x\"\n");
    sources.environment = {{"SPILLWAY_WORKER", "3"},
                           {"SPILLWAY_LOG_LEVEL", "loud"},
                           {"SPILLWAY_DATA", "/d"},
                           {"SPILLWAY_CONFIG", "/c"}};
    sources.arguments = {{"--workers", "workers", "4"},
                         {"--set", "workers", "5"},
                         {"--set", "log.levle", "info"},
                         {"--listen", "listen", "8080"}};
    const auto settings = load(sources);
    ASSERT_FALSE(settings);
    std::vector<std::string> wheres;
    for (const Problem& problem : settings.error())
        wheres.push_back(problem.where);
    EXPECT_THAT(wheres,
                testing::UnorderedElementsAre("s.toml:1:1", "s.toml:3:16", "s.toml:4:14", "SPILLWAY_WORKER",
                                              "SPILLWAY_LOG_LEVEL", "--workers", "--set", "--listen"));
}

TEST(Load, ListsInTheEnvironmentAndInSet)
{
    struct Row
    {
        const char* text;
        int count; ///< -1: refused
    };
    const Row rows[] = {{"", 0},
                        {"10.0.0.0/8", 1},
                        {"10.0.0.0/8,::1", 2},
                        {" 10.0.0.0/8 ,  ::1 ", 2},
                        {"10.0.0.0/8,", -1},
                        {",", -1},
                        {"10.0.0.0/8 ::1", -1}};
    for (const Row& row : rows) {
        SettingSources environment, argument;
        environment.environment = {{"SPILLWAY_METRICS_ALLOW", row.text}};
        argument.arguments = {{"--set", "metrics.allow", row.text}};
        for (const auto& sources : {environment, argument}) {
            const auto settings = load(sources);
            EXPECT_EQ(settings ? static_cast<int>(settings->get<"metrics.allow">().size()) : -1, row.count)
                << row.text;
        }
    }
}

TEST(ReadSettingsFile, MissingLargeAndGood)
{
    char path[] = "/tmp/spillway-settings-XXXXXX";
    const int fd = mkstemp(path);
    ASSERT_GE(fd, 0);
    ::close(fd);
    const auto write = [&](std::size_t size) { std::ofstream(path) << std::string(size, '#'); };
    write(10);
    EXPECT_EQ(readSettingsFile(path).value(), "##########");
    write(1 << 20);
    EXPECT_TRUE(readSettingsFile(path));
    write((1 << 20) + 1);
    EXPECT_EQ(readSettingsFile(path).error().code, ErrorCode::InvalidArgument);
    ::unlink(path);
    EXPECT_EQ(readSettingsFile(path).error().code, ErrorCode::NotFound);
    EXPECT_FALSE(readSettingsFile("/tmp"));
}

TEST(SettingsEnvironment, HoldsOursOnly)
{
    ASSERT_EQ(setenv("SPILLWAY_WORKERS", "2=3", 1), 0);
    ASSERT_EQ(setenv("NOT_SPILLWAY_WORKERS", "2", 1), 0);
    const auto variables = settingsEnvironment();
    unsetenv("SPILLWAY_WORKERS");
    unsetenv("NOT_SPILLWAY_WORKERS");
    EXPECT_THAT(variables, testing::Contains(std::pair<std::string, std::string>("SPILLWAY_WORKERS", "2=3")));
    for (const auto& [name, text] : variables)
        EXPECT_TRUE(name.starts_with("SPILLWAY_")) << name;
}

} // namespace
