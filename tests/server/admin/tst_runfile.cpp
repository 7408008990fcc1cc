// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/runfile.h"
#include "server/catalog/datafolder.h"
#include "tests/server/catalog/catalogfixture.h"

#include <sys/stat.h>

namespace spillway::admin {
namespace {

using catalog::TemporaryFolder;

class RunFileTest : public testing::Test
{
protected:
    void SetUp() override { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }
    static std::uint32_t mode(const std::string& path)
    {
        struct stat info = {};
        return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
    }
    TemporaryFolder folder_;
};

TEST_F(RunFileTest, IsPrivateAndReadsBack)
{
    ASSERT_TRUE(writeRunFile(folder_.path(), {"http://127.0.0.1:8081", "secret", 42}));
    ASSERT_TRUE(writeRunFile(folder_.path(), {"http://127.0.0.1:8082", "newer", 43})) << "replaces";
    EXPECT_EQ(mode(folder_.file("admin.json")), 0600U);
    const auto run = readRunFile(folder_.path());
    ASSERT_TRUE(run) << run.error().message;
    EXPECT_EQ(run->address, "http://127.0.0.1:8082");
    EXPECT_EQ(run->token, "newer");
    EXPECT_EQ(run->pid, 43);
    removeRunFile(folder_.path());
    EXPECT_EQ(readRunFile(folder_.path()).error().code, ErrorCode::NotFound);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "nothing is left behind";
}

TEST_F(RunFileTest, WhatOthersMayReadOrIsDamagedIsRefused)
{
    ASSERT_TRUE(writeRunFile(folder_.path(), {"http://127.0.0.1:8081", "secret", 42}));
    ::chmod(folder_.file("admin.json").c_str(), 0644);
    EXPECT_EQ(readRunFile(folder_.path()).error().code, ErrorCode::PermissionDenied);
    for (const char* text : {"", "{", "[]", "{}", R"({"address":"http://127.0.0.1:1"})"}) {
        catalog::writeFile(folder_.file("admin.json"), text);
        ::chmod(folder_.file("admin.json").c_str(), 0600);
        EXPECT_EQ(readRunFile(folder_.path()).error().code, ErrorCode::Corrupt) << text;
    }
}

TEST_F(RunFileTest, PointersNameDataFoldersOfThisUser)
{
    const std::string odd = folder_.file("d\xFFta");
    const auto written = writeRunPointer({{}, odd, 77});
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(mode(*written), 0600U);
    EXPECT_EQ(mode(folder_.file("spillway")), 0700U);
    catalog::writeFile(folder_.file("spillway/78.json"), "no JSON");
    ::chmod(folder_.file("spillway/78.json").c_str(), 0600);
    const auto pointers = readRunPointers();
    ASSERT_EQ(pointers.size(), 1U);
    EXPECT_EQ(pointers[0].dataFolder, odd);
    EXPECT_EQ(pointers[0].pid, 77);
    EXPECT_EQ(pointers[0].file, *written);
}

TEST_F(RunFileTest, ARuntimeFolderThatOthersMayWriteIsNotUsed)
{
    std::filesystem::create_directory(folder_.file("spillway"));
    ::chmod(folder_.file("spillway").c_str(), 0777);
    EXPECT_EQ(runtimeFolder().error().code, ErrorCode::PermissionDenied);
    EXPECT_FALSE(writeRunPointer({{}, "/x", 1}));
    EXPECT_TRUE(readRunPointers().empty());
    std::filesystem::remove(folder_.file("spillway"));
    std::filesystem::create_directory_symlink("/tmp", folder_.file("spillway"));
    EXPECT_EQ(runtimeFolder().error().code, ErrorCode::PermissionDenied);
}

TEST_F(RunFileTest, TheLockTellsWhoRuns)
{
    EXPECT_FALSE(isDataFolderHeld(folder_.file("nothing")));
    {
        const auto held = catalog::DataFolder::open(folder_.file("data"));
        ASSERT_TRUE(held);
        EXPECT_TRUE(isDataFolderHeld(folder_.file("data")));
    }
    EXPECT_FALSE(isDataFolderHeld(folder_.file("data"))) << "a lock file without a holder";
    EXPECT_TRUE(catalog::DataFolder::open(folder_.file("data"))) << "looking leaves no lock";
}

} // namespace
} // namespace spillway::admin
