// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/fileindexfixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::catalog {

using Paths = std::vector<std::string>;

TEST_F(FileIndexTest, ScansAndHashes)
{
    makeFolder("a/b");
    put("top.txt", "abc");
    put("a/b/deep.bin", std::string(1'000'000, '\x07'));
    put("empty", "");
    startAndScan();
    const auto top = look("top.txt");
    ASSERT_TRUE(top);
    EXPECT_EQ(top->facts.size, 3);
    EXPECT_FALSE(top->facts.isFolder);
    struct stat info = {};
    ASSERT_EQ(::stat(at("top.txt").c_str(), &info), 0);
    EXPECT_EQ(top->facts.mtimeNs, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec);
    EXPECT_EQ(top->facts.inode, static_cast<std::int64_t>(info.st_ino));
    EXPECT_EQ(top->crc32, 0x352441C2U); // of "abc"
    EXPECT_EQ(top->sha256.substr(0, 4), "\xba\x78\x16\xbf");
    EXPECT_EQ(top->sha256.size(), 32U);
    EXPECT_EQ(look("empty")->crc32, 0U);
    EXPECT_TRUE(look("a/b/deep.bin")->crc32);
    EXPECT_TRUE(look("a/b")->facts.isFolder);
    EXPECT_EQ(look("")->facts.isFolder, true);
    EXPECT_FALSE(look("a/c"));
    EXPECT_FALSE(look("top.txt/x"));
    EXPECT_FALSE(look("top.txt", 2));
    EXPECT_EQ(status().files, 3);
    EXPECT_EQ(status().folders, 2);
    EXPECT_EQ(status().bytes, 1'000'003);
    EXPECT_EQ(status().filesHashed, 3);
    EXPECT_EQ(status().errors, 0);
    EXPECT_TRUE(status().watched);
    EXPECT_TRUE(status().scannedAt);
}

TEST_F(FileIndexTest, OddNames)
{
    const std::string names[] = {"new\nline",    "\xff\xfe raw", std::string(255, 'n'),
                                 "quote\"'%_\\", " blank ",      "\xe5\xad\x97\xe5\xb9\x95.srt",
                                 "-rf",          "tab\there",    "CaseFold ÄÖÜ",
                                 "a;b--c"};
    for (const std::string& name : names)
        put(name, name);
    startAndScan();
    for (const std::string& name : names) {
        const auto entry = look(name);
        ASSERT_TRUE(entry) << name;
        EXPECT_EQ(entry->facts.size, static_cast<std::int64_t>(name.size()));
        EXPECT_EQ(entry->path, name);
    }
    EXPECT_EQ(find("raw"), Paths{"\xff\xfe raw"});
    EXPECT_EQ(find("字幕.srt"), Paths{"字幕.srt"});
    EXPECT_EQ(find("casefold äöü"), Paths{"CaseFold ÄÖÜ"});
    EXPECT_EQ(find("\"'%_\\"), Paths{"quote\"'%_\\"});
    EXPECT_EQ(find("nnnnnnnnnn"), Paths{std::string(255, 'n')});
}

TEST_F(FileIndexTest, LinksDevicesAndDotFilesAreLeftOut)
{
    makeFolder("real");
    makeFolder(".hidden");
    put("real/file", "x");
    put(".hidden/file", "x");
    put(".dot", "x");
    writeFile(outside_.file("secret"), "x");
    ASSERT_EQ(::symlink(outside_.file("secret").c_str(), at("link").c_str()), 0);
    ASSERT_EQ(::symlink("..", at("real/loop").c_str()), 0);
    ASSERT_EQ(::symlink(outside_.path().c_str(), at("folderlink").c_str()), 0);
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    startAndScan();
    EXPECT_EQ(status().files, 1);
    EXPECT_EQ(status().folders, 1);
    for (const char* const path :
         {"link", "real/loop", "folderlink", "pipe", ".dot", ".hidden", ".hidden/file"})
        EXPECT_FALSE(look(path)) << path;

    index_->addShare({1, root_, true}); // the same share, dot files now shown
    EXPECT_TRUE(waitThere(".hidden/file"));
    EXPECT_TRUE(waitThere(".dot"));
    index_->addShare({1, root_, false});
    EXPECT_TRUE(waitGone(".hidden/file"));
    EXPECT_TRUE(waitGone(".dot"));
    ASSERT_TRUE(waitState(IndexState::Idle));
    EXPECT_EQ(status().files, 1);
}

TEST_F(FileIndexTest, DeepNesting)
{
    // 60 folders of 100 letters: longer than PATH_MAX, so made step by step.
    std::string path;
    int folder = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 60; ++i) {
        const std::string name(100, static_cast<char>('a' + i % 26));
        ASSERT_EQ(::mkdirat(folder, name.c_str(), 0755), 0);
        const int next = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY);
        ASSERT_GE(next, 0);
        ::close(folder);
        folder = next;
        path += name + "/";
    }
    const int file = ::openat(folder, "bottom", O_CREAT | O_WRONLY, 0644);
    ASSERT_EQ(::write(file, "abc", 3), 3);
    ::close(file);
    ::close(folder);
    startAndScan();
    EXPECT_EQ(status().folders, 60);
    const auto bottom = look(path + "bottom");
    ASSERT_TRUE(bottom);
    EXPECT_EQ(bottom->crc32, 0x352441C2U);
    EXPECT_EQ(find("bottom"), Paths{path + "bottom"});
}

TEST_F(FileIndexTest, SearchPagesAndFilters)
{
    for (int i = 0; i < 30; ++i)
        put("holiday " + std::to_string(i) + ".jpg", "x");
    put("notes.txt", "x");
    makeFolder("Holiday folder");
    startAndScan();
    EXPECT_EQ(find("holiday").size(), 31U);
    EXPECT_EQ(find("HOLIDAY jpg").size(), 30U);
    EXPECT_EQ(find("jpg holiday 29"), Paths{"holiday 29.jpg"});
    EXPECT_EQ(find("9"),
              (Paths{"holiday 19.jpg", "holiday 29.jpg", "holiday 9.jpg"})); // shorter than a trigram
    EXPECT_EQ(find("9 19").size(), 1U);
    EXPECT_EQ(find("jpgholiday").size(), 0U);
    EXPECT_EQ(find("holiday", 1).size(), 31U);
    EXPECT_EQ(find("holiday", 2).size(), 0U);
    for (const std::int64_t limit : {1, 10, 30, 31, 32}) {
        Paths all;
        IndexSearch search{.text = "holiday", .limit = limit};
        for (;;) {
            const auto page = index_->search(search);
            ASSERT_TRUE(page);
            if (page->empty())
                break;
            EXPECT_LE(page->size(), static_cast<std::size_t>(limit));
            for (const IndexEntry& entry : *page)
                all.push_back(entry.path);
            search.after = page->back().id;
        }
        std::sort(all.begin(), all.end());
        EXPECT_EQ(all.size(), 31U) << limit;
        EXPECT_EQ(std::unique(all.begin(), all.end()), all.end()) << limit;
    }
    for (const IndexSearch& bad :
         {IndexSearch{.text = ""}, IndexSearch{.text = " \t"}, IndexSearch{.text = "x", .limit = 0},
          IndexSearch{.text = "x", .limit = 1001}})
        EXPECT_EQ(index_->search(bad).error().code, ErrorCode::InvalidArgument);
}

TEST_F(FileIndexTest, SecondStartKeepsHashesAndFindsWhatChangedMeanwhile)
{
    makeFolder("gone/deeper");
    makeFolder("kept");
    put("same", "same");
    put("changed", "old");
    put("gone/deeper/file", "x");
    put("kind", "file");
    startAndScan();
    const auto hashedAt = look("same")->hashedAt;
    ASSERT_GT(hashedAt, 0);
    const auto sameId = look("same")->id;
    index_.reset();

    std::filesystem::remove_all(at("gone"));
    std::filesystem::remove(at("kind"));
    makeFolder("kind");
    put("kind/below", "x");
    put("changed", "newer");
    put("kept/new", "abc");
    startAndScan();
    EXPECT_EQ(look("same")->id, sameId);
    EXPECT_EQ(look("same")->hashedAt, hashedAt);
    EXPECT_EQ(look("changed")->facts.size, 5);
    EXPECT_FALSE(look("gone"));
    EXPECT_FALSE(look("gone/deeper/file"));
    EXPECT_TRUE(look("kind")->facts.isFolder);
    EXPECT_TRUE(look("kind/below"));
    EXPECT_EQ(look("kept/new")->crc32, 0x352441C2U);
    EXPECT_EQ(status().files, 4);
    EXPECT_EQ(status().folders, 2);
    EXPECT_EQ(status().filesHashed, 4);
    EXPECT_TRUE(find("deeper").empty());
}

TEST_F(FileIndexTest, ManyFilesInManyBatches)
{
    for (int i = 0; i < 3500; ++i) {
        if (i % 500 == 0)
            makeFolder("d" + std::to_string(i / 500));
        put("d" + std::to_string(i / 500) + "/f" + std::to_string(i), "");
    }
    startAndScan();
    EXPECT_EQ(status().files, 3500);
    EXPECT_EQ(status().filesHashed, 3500);
    EXPECT_EQ(find("f3499").size(), 1U);
    index_->removeShare(1);
    ASSERT_TRUE(index_->waitFor([](const auto& all) { return all.empty(); }, deadline));
    EXPECT_FALSE(look("d0/f0"));
    EXPECT_TRUE(find("f3499").empty());
}

TEST_F(FileIndexTest, SharesThatWentWhileNoIndexRanAreForgotten)
{
    const std::string other = outside_.file("other");
    std::filesystem::create_directory(other);
    writeFile(other + "/other-file", "x");
    makeFolder("deep");
    put("deep/own-file", "x");
    start();
    index_->addShare({2, other, false});
    ASSERT_TRUE(index_->waitFor(
        [](const auto& all) {
            return all.size() == 2 && all[0].state == IndexState::Idle && all[1].state == IndexState::Idle;
        },
        deadline));
    ASSERT_EQ(find("file").size(), 2U);
    index_.reset();

    index_ = std::make_unique<FileIndex>(data_.path(), options_, clock_);
    index_->addShare({2, other, false});
    index_->keepOnly({2});
    ASSERT_TRUE(waitState(IndexState::Idle));
    ASSERT_TRUE(index_->waitFor([&](const auto&) { return find("file") == Paths{"other-file"}; }, deadline));
    EXPECT_FALSE(look("deep/own-file", 1));
    EXPECT_TRUE(look("other-file", 2));
    EXPECT_EQ(status().files, 1);
}

TEST_F(FileIndexTest, TwoSharesAndASingleFile)
{
    put("in first", "x");
    std::filesystem::create_directory(outside_.file("two"));
    writeFile(outside_.file("two/in second"), "x");
    writeFile(outside_.file("lone.iso"), "abc");
    start();
    index_->addShare({2, outside_.file("two"), false});
    index_->addShare({3, outside_.file("lone.iso"), false});
    ASSERT_TRUE(index_->waitFor(
        [](const auto& all) {
            return all.size() == 3 && std::all_of(all.begin(), all.end(), [](const IndexStatus& s) {
                       return s.state == IndexState::Idle;
                   });
        },
        deadline));
    EXPECT_EQ(find("in first", 1), Paths{"in first"});
    EXPECT_EQ(find("in "), (Paths{"in first", "in second"}));
    EXPECT_EQ(find("in second", 1), Paths{});
    const auto lone = look("", 3);
    ASSERT_TRUE(lone);
    EXPECT_EQ(lone->facts.size, 3);
    EXPECT_EQ(lone->crc32, 0x352441C2U);
}

TEST_F(FileIndexTest, UnreadableFolderIsCountedAndItsRowsAreKept)
{
    makeFolder("closed");
    put("closed/inside", "x");
    put("open", "x");
    startAndScan();
    ASSERT_TRUE(look("closed/inside"));
    index_.reset();

    // Root reads everything, so it runs this as somebody else (all threads: glibc's seteuid).
    const bool wasRoot = ::geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (wasRoot) {
        for (const std::string& folder : {data_.path(), outside_.path(), root_, at("closed")})
            ASSERT_EQ(::chown(folder.c_str(), nobody, nobody), 0);
        ASSERT_EQ(::chown(data_.file("index.db").c_str(), nobody, nobody), 0);
        ASSERT_EQ(::seteuid(nobody), 0);
    }
    ASSERT_EQ(::chmod(at("closed").c_str(), 0), 0);
    put("new", "x");
    startAndScan();
    EXPECT_TRUE(look("closed/inside")) << "what could not be read is not gone";
    EXPECT_GE(status().errors, 1);
    EXPECT_TRUE(look("new"));
    EXPECT_EQ(::chmod(at("closed").c_str(), 0755), 0);
    index_.reset();
    if (wasRoot) {
        EXPECT_EQ(::seteuid(0), 0);
    }
}

TEST_F(FileIndexTest, PausedDoesNotScan)
{
    put("file", "x");
    index_ = std::make_unique<FileIndex>(data_.path(), options_, clock_);
    index_->pause(true);
    index_->addShare({1, root_, false});
    ASSERT_TRUE(waitState(IndexState::Paused));
    EXPECT_FALSE(look("file"));
    index_->pause(false);
    EXPECT_TRUE(waitHashed("file"));
}

TEST_F(FileIndexTest, SizeLimitOfHashing)
{
    options_.hashMaxSize = Bytes{10};
    put("nine", std::string(9, 'x'));
    put("ten", std::string(10, 'x'));
    put("eleven", std::string(11, 'x'));
    startAndScan();
    EXPECT_TRUE(look("nine")->crc32);
    EXPECT_TRUE(look("ten")->crc32);
    EXPECT_FALSE(look("eleven")->crc32);
    index_.reset();
    options_.hash = false;
    put("later", "x");
    startAndScan();
    EXPECT_TRUE(look("later"));
    EXPECT_FALSE(look("later")->crc32);
    EXPECT_TRUE(look("nine")->crc32);
}

TEST_F(FileIndexTest, HashRateIsKept)
{
    options_.hashRate = BytesPerSecond{1}; // the second file has to wait for hours
    put("a", std::string(10'000, 'x'));
    put("b", std::string(10'000, 'x'));
    start();
    ASSERT_TRUE(index_->waitFor([](const auto& all) { return all.size() == 1 && all[0].filesHashed == 1; },
                                deadline));
    EXPECT_EQ(status().state, IndexState::Hashing);
    put("new", "x"); // and events are followed all the same
    EXPECT_TRUE(waitThere("new"));
    EXPECT_EQ(status().filesHashed, 1);
}

TEST_F(FileIndexTest, DamagedDatabaseIsMovedAsideAndBuiltAnew)
{
    put("file", "abc");
    startAndScan();
    index_.reset();
    const std::string path = data_.file("index.db");
    const std::string whole = readFile(path);
    const std::function<void()> damages[] = {
        [&] { writeFile(path, "garbage"); },
        [&] { writeFile(path, std::string(50'000, 'x')); },
        [&] { writeFile(path, whole.substr(0, 5000)); },
        [&] {
            auto session = Session::open(path, {});
            ASSERT_TRUE((*session)->execute("PRAGMA user_version = 999"));
        },
        [&] {
            auto session = Session::open(path, {});
            ASSERT_TRUE((*session)->execute("DROP TABLE hashes"));
        },
    };
    int round = 0;
    for (const auto& damage : damages) {
        std::filesystem::remove(path + ".damaged");
        damage();
        startAndScan();
        EXPECT_EQ(look("file")->crc32, 0x352441C2U) << round;
        EXPECT_EQ(index_->counters().rebuilds, 1U) << round;
        EXPECT_TRUE(std::filesystem::exists(path + ".damaged")) << round;
        index_.reset();
        ++round;
    }
}

TEST_F(FileIndexTest, DamageFoundByAReaderRebuilds)
{
    for (int i = 0; i < 2000; ++i)
        put("a rather long name to fill pages with " + std::to_string(i), "");
    options_.hash = false;
    startAndScan();
    index_.reset();
    std::string bytes = readFile(data_.file("index.db"));
    // All but the head, the schema and a few inner pages: small enough a hole that opening does not fall into
    // it.
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 3),
              bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), '\x5a');
    writeFile(data_.file("index.db"), bytes);
    start();
    EXPECT_TRUE(index_->waitFor(
        [&](const auto&) {
            const auto found = index_->search({.text = "rather long", .limit = 1000});
            return found && found->size() == 1000U && index_->counters().rebuilds == 1U;
        },
        deadline));
    EXPECT_TRUE(waitThere("a rather long name to fill pages with 1999"));
}

} // namespace spillway::catalog
