// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/directory.h"
#include "tests/server/body/testfolder.h"

#include <map>
#include <sys/stat.h>

namespace spillway::body {

namespace {

class Directories : public testing::Test
{
protected:
    Directories() { folder_.folder("share"); }
    std::shared_ptr<ShareRoot> root(bool dotFiles = false)
    {
        return std::make_shared<ShareRoot>(folder_.path("share"), ShareRoot::Options{dotFiles, {}}, clock_);
    }
    std::map<std::string, DirectoryEntry> readAll(const std::shared_ptr<ShareRoot>& share,
                                                  const std::string& relative, std::size_t batch = 3)
    {
        std::map<std::string, DirectoryEntry> all;
        auto reader = DirectoryReader::open(share, relative);
        EXPECT_TRUE(reader);
        for (bool more = reader.has_value(); more;) {
            std::vector<DirectoryEntry> entries;
            const auto next = reader->next(entries, batch);
            EXPECT_TRUE(next);
            more = next.value_or(false);
            EXPECT_LE(entries.size(), batch);
            EXPECT_TRUE(!more || entries.size() == batch);
            for (DirectoryEntry& entry : entries) {
                const std::string name = entry.name;
                EXPECT_TRUE(all.emplace(name, std::move(entry)).second) << name;
            }
        }
        return all;
    }

    TestFolder folder_;
    SetClock clock_;
};

TEST_F(Directories, NamesKindsSizesAndTimes)
{
    folder_.file("share/a", "12345");
    folder_.file("share/\xff\xfe", "");
    folder_.folder("share/sub");
    const timespec times[2] = {{0, 0}, {1'700'000'000, 5}};
    ASSERT_EQ(::utimensat(AT_FDCWD, folder_.path("share/a").c_str(), times, 0), 0);
    const auto all = readAll(root(), "");
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all.at("a").kind, FileKind::File);
    EXPECT_EQ(all.at("a").size, 5U);
    EXPECT_EQ(all.at("a").mtimeNs, 1'700'000'000'000'000'005);
    EXPECT_EQ(all.at("\xff\xfe").size, 0U);
    EXPECT_EQ(all.at("sub").kind, FileKind::Folder);
    EXPECT_TRUE(readAll(root(), "sub").empty());
}

TEST_F(Directories, WhatIsLeftOut)
{
    folder_.file("outside/secret");
    folder_.file("share/sub/file", "123");
    folder_.file("share/.hidden");
    folder_.link("sub/file", "share/inside");
    folder_.link("sub", "share/folder");
    folder_.link("../outside/secret", "share/out");
    folder_.link("/etc/passwd", "share/absolute");
    folder_.link("nothing", "share/dangling");
    folder_.link("loop", "share/loop");
    folder_.link("../inside", "share/sub/up");
    ASSERT_EQ(::mkfifo(folder_.path("share/fifo").c_str(), 0600), 0);
    const auto all = readAll(root(), "");
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all.at("inside").size, 3U);
    EXPECT_TRUE(all.at("inside").symlink);
    EXPECT_EQ(all.at("folder").kind, FileKind::Folder);
    EXPECT_TRUE(all.at("folder").symlink);
    EXPECT_FALSE(all.at("sub").symlink);
    EXPECT_EQ(readAll(root(), "sub").count("up"), 1U); // up, but still in the share
    EXPECT_EQ(readAll(root(), "folder").count("file"), 1U);
    EXPECT_EQ(readAll(root(true), "").count(".hidden"), 1U);
}

TEST_F(Directories, Errors)
{
    folder_.file("share/a");
    EXPECT_EQ(DirectoryReader::open(root(), "a").error().code, ErrorCode::NotFound);
    EXPECT_EQ(DirectoryReader::open(root(), "none").error().code, ErrorCode::NotFound);
    EXPECT_EQ(DirectoryReader::open(root(), "..").error().code, ErrorCode::InvalidArgument);
    std::filesystem::remove_all(folder_.path("share"));
    EXPECT_EQ(DirectoryReader::open(root(), "").error().code, ErrorCode::Unavailable);
}

TEST_F(Directories, RemovedWhileItIsRead)
{
    folder_.file("share/sub/a");
    const auto share = root();
    auto reader = DirectoryReader::open(share, "sub");
    ASSERT_TRUE(reader);
    std::filesystem::remove_all(folder_.path("share/sub"));
    std::vector<DirectoryEntry> entries;
    const auto next = reader->next(entries, 10);
    ASSERT_TRUE(next);
    EXPECT_FALSE(*next);
    EXPECT_TRUE(entries.empty());
}

TEST_F(Directories, ManyEntriesComeOnceEach)
{
    // More than one getdents64 buffer, in batches that do not divide it.
    for (int i = 0; i < 3000; ++i)
        folder_.file("share/a-rather-long-name-to-fill-the-buffer-" + std::to_string(i), "");
    EXPECT_EQ(readAll(root(), "", 1).size(), 3000U);
    EXPECT_EQ(readAll(root(), "", 7).size(), 3000U);
    EXPECT_EQ(readAll(root(), "", 2999).size(), 3000U);
    EXPECT_EQ(readAll(root(), "", 3001).size(), 3000U);
}

TEST(JoinPath, Table)
{
    EXPECT_EQ(joinPath("", "a"), "a");
    EXPECT_EQ(joinPath("a", "b"), "a/b");
    EXPECT_EQ(joinPath("a/b", "c"), "a/b/c");
}

} // namespace

} // namespace spillway::body
