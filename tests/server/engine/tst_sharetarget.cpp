// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/randomid.h"
#include "server/engine/sharetarget.h"
#include "tests/server/catalog/catalogfixture.h"

#include <set>
#include <sys/stat.h>

namespace spillway::engine {
namespace {

using catalog::TemporaryFolder;

class ShareTargetTest : public testing::Test
{
protected:
    ShareTargetTest()
    {
        for (const char* folder : {"data", "files", "files/sub", "files/.dot", "files-next"})
            std::filesystem::create_directories(folder_.file(folder));
        for (const char* file :
             {"files/a.txt", "files/sub/b c.txt", "files/.dot/x", "data/catalog.db", "files-next/n"})
            catalog::writeFile(folder_.file(file), "text");
        std::filesystem::create_symlink("files", folder_.file("alias"));
        std::filesystem::create_symlink("../data/catalog.db", folder_.file("files/leaves"));
        ::mkfifo(folder_.file("files/fifo").c_str(), 0600);
        base_ = std::filesystem::canonical(folder_.path()).string();
        shares_ = {share(1, "docs", base_ + "/files"), share(2, "sub", base_ + "/files/sub"),
                   share(3, "one", base_ + "/files/a.txt")};
    }

    static catalog::Share share(catalog::ShareId id, const std::string& name, const std::string& path)
    {
        catalog::Share share;
        share.id = id;
        share.name = name;
        share.path = path;
        return share;
    }

    TemporaryFolder folder_;
    std::string base_;
    std::vector<catalog::Share> shares_;
    SystemClock clock_;
};

TEST_F(ShareTargetTest, WhatMayBeShared)
{
    const struct
    {
        std::string path;
        std::string canonical; ///< empty: refused with `code`
        ErrorCode code;
    } rows[] = {
        {base_ + "/files", base_ + "/files", {}},
        {base_ + "/files/", base_ + "/files", {}},
        {base_ + "/files/./sub/..", base_ + "/files", {}},
        {base_ + "/alias", base_ + "/files", {}},
        {base_ + "/files/a.txt", base_ + "/files/a.txt", {}},
        {"/", {}, ErrorCode::InvalidArgument},
        {"//", {}, ErrorCode::InvalidArgument},
        {"", {}, ErrorCode::InvalidArgument},
        {"files", {}, ErrorCode::InvalidArgument},
        {base_ + "/files/fifo", {}, ErrorCode::InvalidArgument},
        {"/dev/null", {}, ErrorCode::InvalidArgument},
        {base_ + "/data", {}, ErrorCode::InvalidArgument},
        {base_ + "/files/../data", {}, ErrorCode::InvalidArgument},
        {base_ + "/data/catalog.db", {}, ErrorCode::InvalidArgument},
        {base_, {}, ErrorCode::InvalidArgument},
        {base_ + "/nothing", {}, ErrorCode::NotFound},
        {base_ + "/files/a.txt/x", {}, ErrorCode::NotFound},
        {base_ + std::string("/files\0x", 8), {}, ErrorCode::InvalidArgument},
    };
    for (const auto& row : rows) {
        const auto path = sharePath(row.path, base_ + "/data");
        ASSERT_EQ(path.has_value(), !row.canonical.empty()) << row.path;
        if (path) {
            EXPECT_EQ(*path, row.canonical);
        } else {
            EXPECT_EQ(path.error().code, row.code) << row.path << ": " << path.error().message;
        }
    }
    // A name that only begins like the data folder's is another folder.
    EXPECT_TRUE(sharePath(base_ + "/files-next", base_ + "/files"));
}

TEST_F(ShareTargetTest, WhatMayBeLinked)
{
    const struct
    {
        std::string target;
        std::string share, path, name; ///< share empty: refused with `code`
        bool isFolder;
        ErrorCode code;
    } rows[] = {
        {"docs", "docs", "", "docs", true, {}},
        {"docs/", "docs", "", "docs", true, {}},
        {"docs/a.txt", "docs", "a.txt", "a.txt", false, {}},
        {"docs/sub", "docs", "sub", "sub", true, {}},
        {"docs/sub/", "docs", "sub", "sub", true, {}},
        {"docs/sub/b c.txt", "docs", "sub/b c.txt", "b c.txt", false, {}},
        {"one", "one", "", "a.txt", false, {}},
        {"one/a.txt", "one", "", "a.txt", false, {}},
        {base_ + "/files-next/../files/sub/b c.txt", "sub", "b c.txt", "b c.txt", false, {}},
        {base_ + "/alias", "docs", "", "docs", true, {}},
        {base_ + "/files/a.txt", "one", "", "a.txt", false, {}},
        {"", {}, {}, {}, false, ErrorCode::InvalidArgument},
        {"nope/a.txt", {}, {}, {}, false, ErrorCode::NotFound},
        {"doc", {}, {}, {}, false, ErrorCode::NotFound},
        {"docs/nope", {}, {}, {}, false, ErrorCode::NotFound},
        {"docs/.dot/x", {}, {}, {}, false, ErrorCode::NotFound},
        {"docs/leaves", {}, {}, {}, false, ErrorCode::NotFound},
        {"docs/fifo", {}, {}, {}, false, ErrorCode::NotFound},
        {"docs/../data/catalog.db", {}, {}, {}, false, ErrorCode::InvalidArgument},
        {"docs//a.txt", {}, {}, {}, false, ErrorCode::InvalidArgument},
        {base_ + "/files-next/n", {}, {}, {}, false, ErrorCode::NotFound},
        {base_ + "/data/catalog.db", {}, {}, {}, false, ErrorCode::NotFound},
    };
    for (const auto& row : rows) {
        const auto found = findTarget(row.target, shares_, clock_);
        ASSERT_EQ(found.has_value(), !row.share.empty())
            << row.target << ": " << (found ? found->share.name : found.error().message);
        if (!found) {
            EXPECT_EQ(found.error().code, row.code) << row.target << ": " << found.error().message;
            continue;
        }
        EXPECT_EQ(found->share.name, row.share) << row.target;
        EXPECT_EQ(found->path, row.path) << row.target;
        EXPECT_EQ(found->name, row.name) << row.target;
        EXPECT_EQ(found->isFolder, row.isFolder) << row.target;
    }
}

TEST_F(ShareTargetTest, AShareWhoseFolderIsGoneIsUnavailable)
{
    std::filesystem::remove_all(base_ + "/files");
    const auto found = findTarget("docs/a.txt", shares_, clock_);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::Unavailable);
}

TEST(RandomText, HasSixBitsACharacterAndDiffers)
{
    const struct
    {
        std::size_t bytes, characters;
    } rows[] = {{0, 0}, {1, 2}, {2, 3}, {3, 4}, {12, 16}, {32, 43}, {256, 342}};
    for (const auto& row : rows)
        EXPECT_EQ(randomText(row.bytes)->size(), row.characters);
    EXPECT_EQ(randomText(257).error().code, ErrorCode::InvalidArgument);
    std::set<std::string> seen;
    std::string letters;
    for (int i = 0; i < 200; ++i) {
        letters += *randomText(12);
        seen.insert(letters.substr(letters.size() - 16));
    }
    EXPECT_EQ(seen.size(), 200U);
    EXPECT_EQ(letters.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
}

} // namespace
} // namespace spillway::engine
