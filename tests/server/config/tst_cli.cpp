// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

using namespace spillway;
using namespace spillway::config;
using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string_view>;

namespace {

TEST(CommandTable, IsSound)
{
    std::set<std::string_view> words;
    std::map<std::string_view, ValueKind> kinds;
    std::map<char, std::string_view> letters;
    for (const CommandSpec& command : commands()) {
        SCOPED_TRACE(command.words);
        EXPECT_TRUE(words.insert(command.words).second);
        EXPECT_LE(std::count(command.words.begin(), command.words.end(), ' '), 1);
        EXPECT_LE(command.minArguments, command.maxArguments);
        EXPECT_TRUE(command.help.ends_with('.'));
        EXPECT_EQ(findCommand(command.words), &command);
        std::set<std::string_view> names;
        for (const auto* options : {&command.options, &commonOptions()}) {
            for (const OptionSpec& option : *options) {
                SCOPED_TRACE(option.name);
                EXPECT_TRUE(option.name.starts_with("--"));
                if (option.letter != 0) {
                    EXPECT_EQ(letters.emplace(option.letter, option.name).first->second, option.name)
                        << "a letter means the same option in every command";
                }
                EXPECT_TRUE(names.insert(option.name).second) << "twice in one command";
                EXPECT_EQ(option.kind == ValueKind::None, option.valueName.empty());
                EXPECT_TRUE(option.help.ends_with('.'));
                const auto [known, fresh] = kinds.emplace(option.name, option.kind);
                EXPECT_EQ(known->second == ValueKind::None, option.kind == ValueKind::None)
                    << "an option takes a value in every command or in none";
            }
        }
    }
    EXPECT_EQ(commands().front().words, "");
}

TEST(CommandTable, EverySettingsOptionStartsTheServer)
{
    for (const Row& row : table::kRows) {
        if (row.option.empty())
            continue;
        const auto& options = commands().front().options;
        EXPECT_TRUE(std::any_of(options.begin(), options.end(), [&](const auto& option) {
            return option.name == row.option;
        })) << row.option;
    }
}

TEST(ParseCommandLine, Good)
{
    struct Row
    {
        Words arguments;
        const char* command;
        std::vector<std::string> rest;
        std::map<std::string, std::vector<std::string>, std::less<>> options;
    };
    const Row rows[] = {
        {{}, "", {}, {}},
        {{"--no-gui"}, "", {}, {{"--no-gui", {""}}}},
        {{"--share", "a=/x", "--share=b=/y=z", "--public-share", "c=."},
         "",
         {},
         {{"--share", {"a=/x", "b=/y=z"}}, {"--public-share", {"c=."}}}},
        {{"--data", "/d", "share", "add", "a", "/x", "--public"},
         "share add",
         {"a", "/x"},
         {{"--data", {"/d"}}, {"--public", {""}}}},
        {{"share", "--data=/d", "add", "--public", "a", "/x"},
         "share add",
         {"a", "/x"},
         {{"--data", {"/d"}}, {"--public", {""}}}},
        {{"share", "add", "--", "--odd", "--json"}, "share add", {"--odd", "--json"}, {}},
        {{"share", "add", "-", "x"}, "share add", {"-", "x"}, {}},
        {{"share", "list", "--json"}, "share list", {}, {{"--json", {""}}}},
        {{"share", "remove", "a"}, "share remove", {"a"}, {}},
        {{"link", "create", "a/b c", "--expires", "7d", "--note=", "--qr"}, nullptr, {}, {}},
        {{"link", "create", "a/b c", "--expires", "never", "--note=--x", "--qr"},
         "link create",
         {"a/b c"},
         {{"--expires", {"never"}}, {"--note", {"--x"}}, {"--qr", {""}}}},
        {{"link", "presign", "a/b", "--expires=1h", "--allow", "10.0.0.0/8", "--allow=::1", "--rate",
          "2MiB/s"},
         "link presign",
         {"a/b"},
         {{"--expires", {"1h"}}, {"--allow", {"10.0.0.0/8", "::1"}}, {"--rate", {"2MiB/s"}}}},
        {{"link", "revoke", "a", "b"}, "link revoke", {"a", "b"}, {}},
        {{"link", "list", "--share", "a", "--all"}, "link list", {}, {{"--share", {"a"}}, {"--all", {""}}}},
        {{"get", "http://h/a", "-o", "x", "-j8", "-r"},
         "get",
         {"http://h/a"},
         {{"--output", {"x"}}, {"--jobs", {"8"}}, {"--recursive", {""}}}},
        {{"get", "-i", "-", "--output=-y", "--json"},
         "get",
         {},
         {{"--input", {"-"}}, {"--output", {"-y"}}, {"--json", {""}}}},
        {{"get", "--", "-o"}, "get", {"-o"}, {}},
        {{"key", "list"}, "key list", {}, {}},
        {{"key", "rotate"}, "key rotate", {}, {}},
        {{"key", "export", "k1"}, "key export", {"k1"}, {}},
        {{"key", "retire", "k1"}, "key retire", {"k1"}, {}},
        {{"status"}, "status", {}, {}},
        {{"doctor", "--json"}, "doctor", {}, {{"--json", {""}}}},
        {{"config", "check"}, "config check", {}, {}},
        {{"config", "docs", "--man"}, "config docs", {}, {{"--man", {""}}}},
    };
    for (const Row& row : rows) {
        const auto parsed = parseCommandLine(row.arguments);
        SCOPED_TRACE(testing::PrintToString(row.arguments));
        if (!row.command) {
            EXPECT_FALSE(parsed);
            continue;
        }
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(parsed->command->words, row.command);
        EXPECT_EQ(parsed->arguments, row.rest);
        EXPECT_EQ(parsed->options, row.options);
        EXPECT_FALSE(parsed->help);
        EXPECT_FALSE(parsed->version);
    }
}

TEST(ParseCommandLine, ValuesOfOptions)
{
    const Words words{"link", "presign", "a/b", "--allow", "10.0.0.0/8", "--allow=::1"};
    const auto parsed = parseCommandLine(words);
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->has("--allow"));
    EXPECT_FALSE(parsed->has("--rate"));
    EXPECT_EQ(parsed->value("--allow"), "::1");
    EXPECT_THAT(parsed->values("--allow"), ElementsAre("10.0.0.0/8", "::1"));
    EXPECT_EQ(parsed->value("--rate", "0"), "0");
    EXPECT_TRUE(parsed->values("--rate").empty());
}

TEST(ParseCommandLine, SettingsOfAnyKind)
{
    const Words words{"--listen",
                      "127.0.0.1:1",
                      "--listen=127.0.0.1:2",
                      "--join-port",
                      "--workers",
                      "3",
                      "--admin-listen",
                      "127.0.0.1:4",
                      "--set",
                      "log.level=debug",
                      "--set=public_url=http://h/?="};
    const auto parsed = parseCommandLine(words);
    ASSERT_TRUE(parsed) << parsed.error().message;
    std::vector<std::string> shown;
    for (const SettingArgument& setting : parsed->settings)
        shown.push_back(setting.option + " " + setting.name + " " + setting.text);
    EXPECT_THAT(shown, ElementsAre("--listen listen 127.0.0.1:1", "--listen listen 127.0.0.1:2",
                                   "--join-port join_port true", "--workers workers 3",
                                   "--admin-listen admin.listen 127.0.0.1:4", "--set log.level debug",
                                   "--set public_url http://h/?="));
    SettingSources sources;
    sources.arguments = parsed->settings;
    sources.arguments.pop_back();
    const auto settings = load(sources);
    ASSERT_TRUE(settings) << settings.error().front().text();
    EXPECT_TRUE(settings->get<"join_port">());
    EXPECT_EQ(settings->get<"workers">(), 3);
    EXPECT_EQ(settings->get<"listen">().size(), 2U);

    // "--share" of link list is no setting and no share.
    const Words listed{"link", "list", "--share", "a"};
    EXPECT_TRUE(parseCommandLine(listed)->settings.empty());
}

TEST(ParseCommandLine, HelpAndVersion)
{
    struct Row
    {
        Words arguments;
        const char* command;
        bool help, version;
    };
    const Row rows[] = {
        {{"--help"}, "", true, false},
        {{"-h"}, "", true, false},
        {{"--version"}, "", false, true},
        {{"help"}, "help", true, false},
        {{"help", "link", "create"}, "link create", true, false},
        {{"help", "status"}, "status", true, false},
        {{"link", "create", "--help"}, "link create", true, false},
        {{"--help", "link", "create", "a", "b", "c"}, "link create", true, false},
    };
    for (const Row& row : rows) {
        const auto parsed = parseCommandLine(row.arguments);
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(parsed->command->words, row.command);
        EXPECT_EQ(parsed->help, row.help);
        EXPECT_EQ(parsed->version, row.version);
    }
}

TEST(ParseCommandLine, WrongWordsAreNamed)
{
    struct Row
    {
        Words arguments;
        const char* says;
    };
    const Row rows[] = {
        {{"stats"}, "did you mean status?"},
        {{"zebra"}, "there is no command \"zebra\""},
        {{""}, "there is no command \"\""},
        {{"share"}, "add, list, remove"},
        {{"share", "ad"}, "did you mean add?"},
        {{"link", "zebra"}, "create, update, presign, list, show, receipts, revoke"},
        {{"share", "add", "a"}, "needs NAME PATH"},
        {{"share", "add", "a", "b", "c"}, "does not take \"c\""},
        {{"share", "list", "a"}, "does not take \"a\""},
        {{"status", "--listen", "0.0.0.0:1"}, "--listen is not an option of spillway status"},
        {{"link", "create", "a/b", "--expire", "7d"}, "did you mean --expires?"},
        {{"link", "create", "a/b", "--zebra"}, "there is no option --zebra"},
        {{"link", "create", "a/b", "-x"}, "there is no option -x"},
        {{"link", "create", "a/b", "-o", "x"}, "--output is not an option of spillway link create"},
        {{"get", "http://h/a", "-ry"}, "there is no option -ry"},
        {{"get", "http://h/a", "-o"}, "--output needs a value: --output FILE"},
        {{"get", "http://h/a", "-o", "x", "-ox"}, "--output is given twice"},
        {{"get", "http://h/a", "-j", "two"}, "\"two\" is not a number"},
        {{"get", "http://h/a", "-j", "-1"}, "\"-1\" is not a number"},
        {{"get", "http://h/a", "--segment-size", "big"}, "\"big\" is not a size"},
        {{"link", "create", "a/b", "--expires"}, "--expires needs a value: --expires DURATION|never"},
        {{"link", "create", "a/b", "--expires", "--qr"}, "--expires needs a value"},
        {{"link", "create", "a/b", "--expires", "soon"}, "\"soon\" is not a duration"},
        {{"link", "create", "a/b", "--expires", "1d", "--expires", "2d"}, "--expires is given twice"},
        {{"link", "create", "a/b", "--qr=yes"}, "--qr takes no value"},
        {{"link", "create", "a/b", "--qr", "--qr"}, "--qr is given twice"},
        {{"link", "presign", "a/b", "--allow", "10.0.0.1/8"}, "10.0.0.0/8"},
        {{"link", "presign", "a/b", "--rate", "fast"}, "\"fast\" is not a rate"},
        {{"share", "add", "a", "b", "--cache-max-age", "never"}, "\"never\" is not a duration"},
        {{"--share", "a"}, "is not NAME=PATH"},
        {{"--share", "a="}, "is not NAME=PATH"},
        {{"--share", "=/x"}, "is not a name for a share"},
        {{"--share", ".a=/x"}, "is not a name for a share"},
        {{"--share", "a b=/x"}, "is not a name for a share"},
        {{"--set", "workers"}, "is not NAME=VALUE"},
        {{"--set", "=3"}, "is not NAME=VALUE"},
        {{"--data="}, "--data needs a value"},
        {{"--data"}, "--data needs a value"},
        {{"--json"}, "--json is not an option of starting the server"},
        {{"--workers", "2", "--workers", "3"}, "--workers is given twice"},
        {{"file"}, "there is no command \"file\""},
        {{"help", "zebra"}, "there is no command"},
        {{"help", "status", "x"}, "there is no command \"status x\""},
    };
    for (const Row& row : rows) {
        const auto parsed = parseCommandLine(row.arguments);
        ASSERT_FALSE(parsed) << testing::PrintToString(row.arguments);
        EXPECT_EQ(parsed.error().code, ErrorCode::InvalidArgument);
        EXPECT_THAT(parsed.error().message, HasSubstr(row.says)) << testing::PrintToString(row.arguments);
    }
}

TEST(ParseCommandLine, WhatFollowsTwoDashesAloneAreFilesToShare)
{
    const std::vector<std::string_view> words{"--data", "d", "--", "a.txt", "--no-gui", "link", "list"};
    const auto parsed = parseCommandLine(words);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->command->words, "");
    EXPECT_EQ(parsed->arguments, (std::vector<std::string>{"a.txt", "--no-gui", "link", "list"}));
    EXPECT_FALSE(parsed->has("--no-gui"));
    const std::vector<std::string_view> command{"share", "add", "a", "--", "-odd"};
    const auto added = parseCommandLine(command);
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ(added->arguments, (std::vector<std::string>{"a", "-odd"}));
}

TEST(NamedPath, LengthOfTheName)
{
    for (const auto& [size, good] :
         {std::pair(1, true), std::pair(63, true), std::pair(64, true), std::pair(65, false)})
        EXPECT_EQ(parseNamedPath(std::string(static_cast<std::size_t>(size), 'n') + "=/x").has_value(), good)
            << size;
    const auto parsed = parseNamedPath("Photos_2024-1.x=/a=b");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->name, "Photos_2024-1.x");
    EXPECT_EQ(parsed->path, "/a=b");
}

TEST(Usage, NamesEverythingThatTheParserTakes)
{
    const std::string all = helpText();
    for (const CommandSpec& command : commands()) {
        EXPECT_THAT(all, HasSubstr(std::string(command.words)));
        EXPECT_THAT(all, HasSubstr(std::string(command.help)));
        const std::string usage = usageText(command);
        EXPECT_THAT(usage, HasSubstr(std::string(command.arguments)));
        EXPECT_THAT(usage, HasSubstr(std::string(command.manual)));
        for (const auto* options : {&command.options, &commonOptions()})
            for (const OptionSpec& option : *options)
                EXPECT_THAT(usage,
                            HasSubstr(std::string(option.name) + (option.valueName.empty() ? "" : " ") +
                                      std::string(option.valueName)));
    }
}

} // namespace
