// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/fileindexfixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::catalog {

namespace {

/// Both ways of keeping fresh pass the same tests: true is inotify, false the poll.
class FreshTest : public FileIndexTest, public testing::WithParamInterface<bool>
{
protected:
    void SetUp() override
    {
        options_.forcePoll = !GetParam();
        options_.pollInterval = std::chrono::milliseconds(20);
    }
};

} // namespace

using Paths = std::vector<std::string>;

TEST_P(FreshTest, CreateOverwriteDelete)
{
    startAndScan();
    EXPECT_EQ(status().watched, GetParam());
    put("file", "abc");
    ASSERT_TRUE(waitHashed("file"));
    EXPECT_EQ(look("file")->crc32, 0x352441C2U);
    put("file", "other words");
    ASSERT_TRUE(waitLook("file", [](const auto& e) { return e && e->facts.size == 11 && e->crc32; }));
    EXPECT_NE(look("file")->crc32, 0x352441C2U);
    std::filesystem::remove(at("file"));
    ASSERT_TRUE(waitGone("file"));
    EXPECT_TRUE(
        index_->waitFor([](const auto& all) { return all[0].files == 0 && all[0].bytes == 0; }, deadline));
    EXPECT_TRUE(find("file").empty());
}

TEST_P(FreshTest, ReplacedByRename)
{
    put("file", "old");
    startAndScan();
    put("file.part", "abc");
    std::filesystem::rename(at("file.part"), at("file"));
    ASSERT_TRUE(waitLook("file", [](const auto& e) { return e && e->crc32 == 0x352441C2U; }));
    ASSERT_TRUE(waitGone("file.part"));
    EXPECT_EQ(find("file"), Paths{"file"});
}

TEST_P(FreshTest, NewFoldersAreWalked)
{
    startAndScan();
    makeFolder("a/b/c");
    put("a/b/c/file", "x");
    ASSERT_TRUE(waitThere("a/b/c/file"));
    put("a/b/c/second", "x"); // by the new folder's own watch
    ASSERT_TRUE(waitThere("a/b/c/second"));
    std::filesystem::remove_all(at("a"));
    ASSERT_TRUE(waitGone("a"));
    EXPECT_TRUE(
        index_->waitFor([](const auto& all) { return all[0].files == 0 && all[0].folders == 0; }, deadline));
}

TEST_P(FreshTest, FolderMovedInside)
{
    makeFolder("from/deep");
    makeFolder("to");
    put("from/deep/file", "abc");
    startAndScan();
    std::filesystem::rename(at("from"), at("to/moved"));
    ASSERT_TRUE(waitThere("to/moved/deep/file"));
    ASSERT_TRUE(waitGone("from"));
    put("to/moved/deep/new", "x"); // watched at its new place
    ASSERT_TRUE(waitHashed("to/moved/deep/new"));
    EXPECT_EQ(find("moved"), Paths{"to/moved"});
    EXPECT_TRUE(find("from").empty());
}

TEST_P(FreshTest, FolderMovedOutAndIn)
{
    makeFolder("walks");
    put("walks/file", "abc");
    startAndScan();
    std::filesystem::rename(at("walks"), outside_.file("walks"));
    ASSERT_TRUE(waitGone("walks"));
    EXPECT_TRUE(find("file").empty());
    writeFile(outside_.file("walks/second"), "x");
    std::filesystem::rename(outside_.file("walks"), at("again"));
    ASSERT_TRUE(waitThere("again/second"));
    ASSERT_TRUE(waitHashed("again/file"));
}

TEST_P(FreshTest, FileBecomesFolderAndBack)
{
    put("thing", "x");
    startAndScan();
    std::filesystem::remove(at("thing"));
    makeFolder("thing");
    put("thing/below", "x");
    ASSERT_TRUE(waitThere("thing/below"));
    std::filesystem::remove_all(at("thing"));
    put("thing", "abc");
    ASSERT_TRUE(
        waitLook("thing", [](const auto& e) { return e && !e->facts.isFolder && e->crc32 == 0x352441C2U; }));
    EXPECT_FALSE(look("thing/below"));
}

TEST_P(FreshTest, ShareFolderVanishesAndReturns)
{
    put("file", "abc");
    startAndScan();
    std::filesystem::rename(root_, outside_.file("unplugged"));
    ASSERT_TRUE(waitState(IndexState::Offline));
    EXPECT_TRUE(look("file")) << "its index is kept";
    EXPECT_EQ(find("file"), Paths{"file"});
    // An unmounted disk leaves an empty folder in its place.
    std::filesystem::create_directory(root_);
    index_->rescan(1);
    ASSERT_TRUE(waitState(IndexState::Offline));
    EXPECT_TRUE(look("file"));
    std::filesystem::remove(root_);
    writeFile(outside_.file("unplugged/new"), "x");
    std::filesystem::rename(outside_.file("unplugged"), root_);
    ASSERT_TRUE(waitThere("new"));
    ASSERT_TRUE(waitState(IndexState::Idle));
    put("after", "x");
    EXPECT_TRUE(waitThere("after"));
    EXPECT_EQ(look("file")->crc32, 0x352441C2U);
}

INSTANTIATE_TEST_SUITE_P(Both, FreshTest, testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "Inotify" : "Poll"; });

TEST_F(FileIndexTest, RenameKeepsTheChecksum)
{
    makeFolder("folder");
    put("folder/file", "abc");
    startAndScan();
    const auto before = look("folder/file");
    ASSERT_TRUE(before && before->crc32);
    std::filesystem::rename(at("folder/file"), at("renamed"));
    ASSERT_TRUE(waitThere("renamed"));
    EXPECT_EQ(look("renamed")->id, before->id);
    std::filesystem::rename(at("folder"), at("other"));
    ASSERT_TRUE(waitThere("other"));
    std::filesystem::rename(at("renamed"), at("other/file"));
    ASSERT_TRUE(waitThere("other/file"));
    EXPECT_EQ(look("other/file")->id, before->id);
    EXPECT_EQ(look("other/file")->crc32, before->crc32);
    ASSERT_TRUE(waitState(IndexState::Idle));
    EXPECT_EQ(status().filesHashed, 1);
    EXPECT_EQ(status().files, 1);
}

TEST_F(FileIndexTest, WriteThatKeepsSizeAndTimeDropsTheChecksum)
{
    put("file", "abc");
    startAndScan();
    const auto before = look("file");
    const int fd = ::open(at("file").c_str(), O_WRONLY);
    ASSERT_EQ(::pwrite(fd, "xyz", 3, 0), 3);
    const timespec times[2] = {
        {before->facts.mtimeNs / 1'000'000'000, before->facts.mtimeNs % 1'000'000'000},
        {before->facts.mtimeNs / 1'000'000'000, before->facts.mtimeNs % 1'000'000'000}};
    ASSERT_EQ(::futimens(fd, times), 0);
    ::close(fd);
    ASSERT_TRUE(waitLook("file", [&](const auto& e) { return e && e->crc32 && e->crc32 != before->crc32; }));
    EXPECT_EQ(look("file")->facts.mtimeNs, before->facts.mtimeNs);
}

TEST_F(FileIndexTest, WatchLimitFallsBackToThePoll)
{
    options_.maxWatches = 3; // the root and two more
    options_.pollInterval = std::chrono::milliseconds(20);
    for (int i = 0; i < 10; ++i)
        makeFolder("d" + std::to_string(i));
    startAndScan();
    EXPECT_FALSE(status().watched);
    EXPECT_GE(index_->counters().watchLimitHits, 1U);
    for (int i = 0; i < 10; ++i)
        put("d" + std::to_string(i) + "/file", "x");
    for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(waitThere("d" + std::to_string(i) + "/file")) << i;
}

TEST_F(FileIndexTest, BurstOfChangesInOneFolder)
{
    makeFolder("busy");
    startAndScan();
    for (int i = 0; i < 3000; ++i)
        put("busy/f" + std::to_string(i), "");
    ASSERT_TRUE(index_->waitFor(
        [](const auto& all) { return all[0].files == 3000 && all[0].filesHashed == 3000; }, deadline));
    for (int i = 0; i < 3000; i += 2)
        std::filesystem::remove(at("busy/f" + std::to_string(i)));
    ASSERT_TRUE(index_->waitFor([](const auto& all) { return all[0].files == 1500; }, deadline));
    ASSERT_TRUE(waitState(IndexState::Idle));
    EXPECT_TRUE(look("busy/f2999"));
    EXPECT_FALSE(look("busy/f2998"));
}

TEST_F(FileIndexTest, RenamesInARing)
{
    put("a", "a");
    put("b", "bb");
    put("c", "ccc");
    startAndScan();
    std::filesystem::rename(at("a"), at("t"));
    std::filesystem::rename(at("c"), at("a"));
    std::filesystem::rename(at("b"), at("c"));
    std::filesystem::rename(at("t"), at("b"));
    const auto size = [](std::int64_t n) {
        return [n](const std::optional<IndexEntry>& e) { return e && e->facts.size == n && e->crc32; };
    };
    ASSERT_TRUE(waitLook("a", size(3)));
    ASSERT_TRUE(waitLook("b", size(1)));
    ASSERT_TRUE(waitLook("c", size(2)));
    EXPECT_FALSE(look("t"));
    EXPECT_EQ(status().files, 3);
}

} // namespace spillway::catalog
