// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/settingsstore.h"

#include "server/config/tomledit.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace spillway;
using namespace spillway::config;
using testing::HasSubstr;

namespace {

struct Edit
{
    const char* what;
    const char* before;
    const char* name;
    std::optional<std::string> toml;
    const char* after;
};

TEST(TomlEdit, ChangesOneSettingAndNothingElse)
{
    const Edit edits[] = {
        {"an empty file", "", "workers", "4", "workers = 4\n"},
        {"an empty file, a table", "", "http.max_fields", "50", "[http]\nmax_fields = 50\n"},
        {"a value", "# mine\nworkers = 2  # two\nlisten = [\"a\"]\n", "workers", "4",
         "# mine\nworkers = 4  # two\nlisten = [\"a\"]\n"},
        {"behind characters of several bytes",
         "note = \"é漢\" # é\nhttp = { x = \"é\", max_fields = 7 } # é\n", "http.max_fields", "50",
         "note = \"é漢\" # é\nhttp = { x = \"é\", max_fields = 50 } # é\n"},
        {"a value over several lines", "listen = [\n  \"a\", # one\n  \"b\"\n] # end\nworkers = 1\n",
         "listen", "[\"c\"]", "listen = [\"c\"] # end\nworkers = 1\n"},
        {"another key in its table", "[http]\n# why\nmax_fields = 50\n\n[tls]\n", "http.idle_timeout",
         "\"5s\"", "[http]\n# why\nmax_fields = 50\nidle_timeout = \"5s\"\n\n[tls]\n"},
        {"an empty table", "[http]\n[tls]\n", "http.max_fields", "50", "[http]\nmax_fields = 50\n[tls]\n"},
        {"a new table", "[tls]\nplain = \"refuse\"", "http.max_fields", "50",
         "[tls]\nplain = \"refuse\"\n\n[http]\nmax_fields = 50\n"},
        {"a key before all tables", "# head\n\n# about http\n[http]\nmax_fields = 50\n", "workers", "4",
         "# head\nworkers = 4\n\n# about http\n[http]\nmax_fields = 50\n"},
        {"dotted keys", "http.max_fields = 50\nworkers = 1\n", "http.idle_timeout", "\"5s\"",
         "http.max_fields = 50\nhttp.idle_timeout = \"5s\"\nworkers = 1\n"},
        {"Windows' line ends", "[http]\r\nmax_fields = 50\r\n", "http.idle_timeout", "\"5s\"",
         "[http]\r\nmax_fields = 50\r\nidle_timeout = \"5s\"\r\n"},
        {"taken out",
         "workers = 1\n[http]\nmax_fields = 50\nidle_timeout = \"5s\"\n",
         "http.max_fields",
         {},
         "workers = 1\n[http]\nidle_timeout = \"5s\"\n"},
        {"taken out, its comment stays",
         "workers = 1 # for the small machine\n[http]\n",
         "workers",
         {},
         "# for the small machine\n[http]\n"},
        {"taken out over several lines",
         "listen = [\n  \"a\",\n]\nworkers = 1\n",
         "listen",
         {},
         "workers = 1\n"},
        {"taken out where it is not", "[http]\n", "workers", {}, "[http]\n"},
        {"the last line without an end", "workers = 1", "workers", {}, ""},
    };
    for (const Edit& edit : edits) {
        const auto after = editToml(edit.before, edit.name, edit.toml);
        ASSERT_TRUE(after) << edit.what << ": " << after.error().message;
        EXPECT_EQ(*after, edit.after) << edit.what;
    }
}

TEST(TomlEdit, RefusesWhatItCannotChange)
{
    for (const char* text : {"http = { max_fields = 5 }\n", "not toml"})
        EXPECT_EQ(editToml(text, "http.idle_timeout", "\"5s\"").error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(editToml("http = { max_fields = 5 }\n", "http.max_fields", std::nullopt).error().code,
              ErrorCode::InvalidArgument);
}

class StoreTest : public testing::Test
{
protected:
    void SetUp() override
    {
        char name[] = "/tmp/spillway-store-XXXXXX";
        ASSERT_TRUE(::mkdtemp(name));
        folder_ = name;
        file_ = folder_ + "/spillway.toml";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void put(const std::string& text) const { std::ofstream(file_) << text; }
    [[nodiscard]] std::string got() const
    {
        std::ostringstream text;
        text << std::ifstream(file_).rdbuf();
        return text.str();
    }
    [[nodiscard]] SettingsStore store(std::vector<std::pair<std::string, std::string>> environment = {},
                                      std::vector<SettingArgument> arguments = {}) const
    {
        return {file_, false, std::move(environment), std::move(arguments)};
    }
    std::string folder_, file_;
};

TEST_F(StoreTest, AChangeIsInTheFileAndReadAgain)
{
    const auto changed = store().set(findRow("http.idle_timeout"), {"20s"});
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_EQ(changed->get<"http.idle_timeout">(), std::chrono::seconds(20));
    EXPECT_EQ(got(), "[http]\nidle_timeout = \"20s\"\n");
    struct stat info = {};
    ASSERT_EQ(::stat(file_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U); // it may hold a secret one day
    const auto read = store().read();
    ASSERT_TRUE(read);
    EXPECT_EQ(read->origin(findRow("http.idle_timeout")).kind, Origin::Kind::File);
    const auto back = store().reset(findRow("http.idle_timeout"));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->get<"http.idle_timeout">(), std::chrono::seconds(75));
    EXPECT_EQ(got(), "[http]\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1); // nothing is left beside
}

TEST_F(StoreTest, ModeAndLinkOfTheFileStay)
{
    const std::string real = folder_ + "/real.toml";
    std::ofstream(real) << "# mine\nworkers = 1\n";
    ::chmod(real.c_str(), 0640);
    ASSERT_EQ(::symlink(real.c_str(), file_.c_str()), 0);
    ASSERT_TRUE(store().set(findRow("workers"), {"2"}));
    EXPECT_TRUE(std::filesystem::is_symlink(file_));
    struct stat info = {};
    ASSERT_EQ(::stat(real.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0640U);
    EXPECT_EQ(got(), "# mine\nworkers = 2\n");
}

TEST_F(StoreTest, ListsAndEmptyTexts)
{
    const auto many = store().set(findRow("listen"), {"127.0.0.1:1", "127.0.0.1:2"});
    ASSERT_TRUE(many) << many.error().message;
    EXPECT_EQ(many->get<"listen">().size(), 2U);
    ASSERT_TRUE(store().set(findRow("bans.never"), {"10.0.0.0/8"}));
    const auto none = store().set(findRow("bans.never"), {});
    ASSERT_TRUE(none) << none.error().message;
    EXPECT_TRUE(none->get<"bans.never">().empty());
}

TEST_F(StoreTest, WhatIsBadLeavesTheFileAsItWas)
{
    put("# mine\n[http]\nidle_timeout = \"20s\"\n");
    const std::string before = got();
    EXPECT_EQ(store().set(findRow("http.idle_timeout"), {"soon"}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(store().set(findRow("http.idle_timeout"), {"0s"}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(store().set(findRow("listen"), {}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(got(), before);
    put("[http]\nidle_timeout = \"20s\"\nmax_feilds = 3\n");
    const auto other = store().set(findRow("workers"), {"2"}); // another mistake is in the file
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message, HasSubstr("max_feilds"));
    // The mistake itself can be mended.
    put("workers = 100000\n");
    EXPECT_TRUE(store().set(findRow("workers"), {"2"}));
}

TEST_F(StoreTest, WhatGoesBeforeTheFileFixesASetting)
{
    const auto fixed = store({{"SPILLWAY_WORKERS", "3"}}, {{"--listen", "listen", "127.0.0.1:1"}});
    EXPECT_EQ(fixed.fixedBy(findRow("workers")), "SPILLWAY_WORKERS");
    EXPECT_EQ(fixed.fixedBy(findRow("listen")), "--listen");
    EXPECT_EQ(fixed.fixedBy(findRow("http.idle_timeout")), "");
    EXPECT_EQ(fixed.set(findRow("workers"), {"2"}).error().code, ErrorCode::Conflict);
    EXPECT_EQ(fixed.reset(findRow("listen")).error().code, ErrorCode::Conflict);
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(StoreTest, ASecretNeedsAFileOfItsOwner)
{
    put("workers = 1\n");
    ::chmod(file_.c_str(), 0644);
    const std::string secret = "0123456789abcdef0123";
    const auto refused = store().set(findRow("metrics.token"), {secret});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied);
    EXPECT_THAT(refused.error().message, testing::Not(HasSubstr(secret)));
    ::chmod(file_.c_str(), 0600);
    EXPECT_TRUE(store().set(findRow("metrics.token"), {secret}));
}

} // namespace
