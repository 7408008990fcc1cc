// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/partfile.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::get {
namespace {

namespace fs = std::filesystem;

class PartFileTest : public testing::Test
{
protected:
    PartFileTest()
    {
        char pattern[] = "/tmp/spillway-part-XXXXXX";
        folder_ = ::mkdtemp(pattern);
        path_ = (folder_ / "a.bin").string();
    }
    ~PartFileTest() override
    {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    static PartFile open(const std::string& path)
    {
        auto part = PartFile::open(path);
        EXPECT_TRUE(part) << part.error().message;
        return std::move(*part);
    }
    static std::string content(const fs::path& path)
    {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    [[nodiscard]] std::size_t files() const
    {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }

    fs::path folder_;
    std::string path_;
    Sha256 url_ = hashOf("http://h/a");
};

TEST_F(PartFileTest, FromNothingToItsName)
{
    auto part = open(path_);
    ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{0, 10}}));
    EXPECT_EQ(fs::file_size(path_ + ".part"), 10U) << "the room is there at once";
    ASSERT_TRUE(part.write(5, "World"));
    ASSERT_TRUE(part.write(0, "Hello"));
    ASSERT_TRUE(part.note({}));
    EXPECT_FALSE(fs::exists(path_));
    ASSERT_TRUE(part.finish(10, 1000, false));
    EXPECT_EQ(content(path_), "HelloWorld");
    EXPECT_EQ(files(), 1U) << "nothing is left beside it";
    struct stat there
    {
    };
    ASSERT_EQ(::stat(path_.c_str(), &there), 0);
    EXPECT_EQ(there.st_mtim.tv_sec, 1000);
}

TEST_F(PartFileTest, TheNextOneGoesOn)
{
    {
        auto part = open(path_);
        ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{0, 10}}));
        ASSERT_TRUE(part.write(0, "Hello"));
        ASSERT_TRUE(part.note({{5, 10}}));
    }
    auto part = open(path_);
    EXPECT_EQ(part.resumable(url_, "\"t\"", 10), (std::vector<Span>{{5, 10}}));
    EXPECT_FALSE(part.resumable(url_, "\"u\"", 10));
    EXPECT_FALSE(part.resumable(url_, "\"t\"", 11));
    EXPECT_FALSE(part.resumable(hashOf("http://h/b"), "\"t\"", 10));
    ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{5, 10}}));
    EXPECT_EQ(part.resumable(url_, "\"t\"", 10), (std::vector<Span>{{5, 10}}));
    ASSERT_TRUE(part.write(5, "World"));
    ASSERT_TRUE(part.finish(10, std::nullopt, false));
    EXPECT_EQ(content(path_), "HelloWorld");
}

TEST_F(PartFileTest, APartOfAnotherSizeIsNotGoneOnWith)
{
    {
        auto part = open(path_);
        ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{0, 10}}));
    }
    ASSERT_EQ(::truncate((path_ + ".part").c_str(), 9), 0);
    EXPECT_FALSE(open(path_).resumable(url_, "\"t\"", 10)) << "somebody has cut it";
}

TEST_F(PartFileTest, AFreshStartForgetsWhatWas)
{
    {
        auto part = open(path_);
        ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{0, 10}}));
        ASSERT_TRUE(part.write(0, "HelloWorld"));
        ASSERT_TRUE(part.note({}));
    }
    auto part = open(path_);
    ASSERT_TRUE(part.begin(url_, "\"u\"", 8, {{0, 8}}));
    EXPECT_EQ(content(path_ + ".part"), std::string(8, '\0')) << "no byte of the other version";
    EXPECT_FALSE(part.resumable(url_, "\"t\"", 10));
    EXPECT_EQ(part.resumable(url_, "\"u\"", 8), (std::vector<Span>{{0, 8}}));
    ASSERT_TRUE(part.beginStream());
    EXPECT_EQ(fs::file_size(path_ + ".part"), 0U);
    EXPECT_FALSE(fs::exists(path_ + ".part.journal"));
}

TEST_F(PartFileTest, OneProcessAtATime)
{
    auto part = open(path_);
    const auto second = PartFile::open(path_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Busy);
    ASSERT_TRUE(part.beginStream());
    ASSERT_TRUE(part.finish(0, std::nullopt, false));
    EXPECT_TRUE(PartFile::open(path_)) << "the lock went with the name";
}

TEST_F(PartFileTest, ANameThatIsTaken)
{
    std::ofstream(path_) << "mine";
    auto part = open(path_);
    ASSERT_TRUE(part.beginStream());
    ASSERT_TRUE(part.write(0, "new"));
    const auto kept = part.finish(3, std::nullopt, false);
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code, ErrorCode::AlreadyExists);
    EXPECT_EQ(content(path_), "mine");
    EXPECT_EQ(content(path_ + ".part"), "new") << "nothing is lost";
    ASSERT_TRUE(part.finish(3, std::nullopt, true));
    EXPECT_EQ(content(path_), "new");
}

TEST_F(PartFileTest, ALinkIsNotFollowed)
{
    std::ofstream(folder_ / "victim") << "mine";
    fs::create_symlink(folder_ / "victim", path_ + ".part");
    EXPECT_FALSE(PartFile::open(path_));
    EXPECT_EQ(content(folder_ / "victim"), "mine");
    fs::remove(path_ + ".part");
    fs::create_symlink(folder_ / "victim", path_ + ".part.journal");
    auto part = open(path_);
    ASSERT_TRUE(part.begin(url_, "\"t\"", 4, {{0, 4}})) << "the link itself is replaced";
    EXPECT_EQ(content(folder_ / "victim"), "mine");
}

TEST_F(PartFileTest, NoFolderNoRoomNoRights)
{
    EXPECT_EQ(PartFile::open((folder_ / "none" / "a").string()).error().code, ErrorCode::NotFound);
    fs::create_directory(path_ + ".part");
    EXPECT_FALSE(PartFile::open(path_));
    fs::remove(path_ + ".part");
    auto part = open(path_);
    EXPECT_EQ(part.begin(url_, "", (1ULL << 62), {{0, 1ULL << 62}}).error().code, ErrorCode::Exhausted);
}

TEST_F(PartFileTest, TheLongestNames)
{
    for (const std::size_t length : {242U, 243U, 255U}) {
        const std::string path = (folder_ / std::string(length, 'n')).string();
        {
            auto part = open(path);
            ASSERT_TRUE(part.begin(url_, "\"t\"", 3, {{0, 3}}));
            EXPECT_TRUE(part.isJournalled());
            ASSERT_TRUE(part.write(0, "new"));
            ASSERT_TRUE(part.note({}));
        }
        auto part = open(path);
        EXPECT_EQ(part.resumable(url_, "\"t\"", 3), std::vector<Span>{});
        ASSERT_TRUE(part.begin(url_, "\"t\"", 3, {}));
        ASSERT_TRUE(part.finish(3, std::nullopt, false));
        EXPECT_EQ(content(path), "new");
    }
    EXPECT_EQ(files(), 3U);
}

TEST_F(PartFileTest, DiscardLeavesNothing)
{
    auto part = open(path_);
    ASSERT_TRUE(part.begin(url_, "\"t\"", 10, {{0, 10}}));
    part.discard();
    EXPECT_EQ(files(), 0U);
}

} // namespace
} // namespace spillway::get
