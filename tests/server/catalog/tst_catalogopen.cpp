// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/catalog/catalogfixture.h"

#include "server/catalog/integrity.h"
#include "server/catalog/migrations.h"

#include <sys/stat.h>

namespace spillway::catalog {

namespace {

/// A database file that has run the first `count` migrations of ours.
void makeVersion(const std::string& path, std::size_t count)
{
    auto session = Session::open(path, {});
    ASSERT_TRUE(session) << session.error().message;
    ASSERT_TRUE((*session)->scalar("PRAGMA journal_mode = WAL"));
    const auto known = std::span(builtInMigrations()).first(count);
    const auto made = migrate(**session, known, 1);
    ASSERT_TRUE(made) << made.error().message;
}

void runSql(const std::string& path, const std::string& sql)
{
    auto session = Session::open(path, {});
    ASSERT_TRUE(session) << session.error().message;
    const auto ran = (*session)->execute(sql);
    ASSERT_TRUE(ran) << ran.error().message;
}

std::vector<std::string> filesIn(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

mode_t modeOf(const std::string& path)
{
    struct stat info = {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
}

class CatalogOpenTest : public testing::Test
{
protected:
    ErrorCode openCode() const
    {
        auto catalog = Catalog::open(folder_.path(), clock_);
        if (catalog)
            return ErrorCode::Internal; // no open error has this code
        message_ = catalog.error().message;
        return catalog.error().code;
    }

    TemporaryFolder folder_;
    SystemClock clock_;
    const std::string db_ = folder_.file("catalog.db");
    mutable std::string message_;
};

} // namespace

TEST(Migrations, AreNumberedWithoutGapsAndHaveChecksums)
{
    const auto& all = builtInMigrations();
    ASSERT_GE(all.size(), 2U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].number, static_cast<int>(i) + 1);
        EXPECT_EQ(all[i].checksum.size(), 64U);
    }
    EXPECT_EQ(all[0].name, "initial");
}

TEST(Migrations, ChecksumIsSha256OfTheFile)
{
    const auto migration = makeMigration("0007_abc.sql", "abc");
    ASSERT_TRUE(migration);
    EXPECT_EQ(migration->number, 7);
    EXPECT_EQ(migration->name, "abc");
    EXPECT_EQ(migration->checksum, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Migrations, RefusesOddFileNames)
{
    for (const char* const name :
         {"", "initial.sql", "0001initial.sql", "0000_x.sql", "0001_.sql", "-1_x.sql", "0001_x.txt"})
        EXPECT_EQ(makeMigration(name, "").error().code, ErrorCode::InvalidArgument) << name;
}

TEST(Migrations, FailedOneLeavesNothingOfItself)
{
    auto session = Session::open(":memory:", {});
    ASSERT_TRUE(session);
    const std::vector<Migration> list = {
        *makeMigration("0001_a.sql", "CREATE TABLE a (x); -- a; comment\nINSERT INTO a VALUES (';');"),
        *makeMigration("0002_b.sql", "CREATE TABLE b (x); CREATE TABLE a (x);"),
    };
    EXPECT_FALSE(migrate(**session, list, 1));
    EXPECT_EQ(*(*session)->scalar("SELECT group_concat(name) FROM sqlite_master WHERE name IN ('a','b')"),
              "a");
    EXPECT_EQ(*(*session)->scalar("SELECT max(number) FROM schema_version"), "1");
    EXPECT_EQ(*(*session)->scalar("SELECT x FROM a"), ";");
}

TEST_F(CatalogOpenTest, FreshFolderGetsPrivateFiles)
{
    auto catalog = Catalog::open(folder_.path(), clock_);
    ASSERT_TRUE(catalog) << catalog.error().message;
    ASSERT_TRUE((*catalog)->write([](Session& s) { return ShareRepository::add(s, someShare()); }).get());
    EXPECT_EQ(modeOf(db_), 0600U);
    EXPECT_EQ(modeOf(db_ + "-wal"), 0600U);
    EXPECT_EQ(modeOf(db_ + "-shm"), 0600U);
    catalog->reset();
    EXPECT_EQ(filesIn(folder_.path()),
              std::vector<std::string>{"catalog.db"}); // a clean stop folds the log in
}

TEST_F(CatalogOpenTest, HalfMadeNewCatalogIsMadeAgain)
{
    writeFile(db_ + ".new", "left by a crash");
    writeFile(db_ + ".new-wal", "left by a crash");
    ASSERT_TRUE(Catalog::open(folder_.path(), clock_));
    EXPECT_EQ(filesIn(folder_.path()), std::vector<std::string>{"catalog.db"});
}

TEST_F(CatalogOpenTest, UpgradesFromEachVersion)
{
    const std::size_t newest = builtInMigrations().size();
    for (std::size_t version = 1; version <= newest; ++version) {
        const TemporaryFolder folder;
        makeVersion(folder.file("catalog.db"), version);
        runSql(folder.file("catalog.db"), "INSERT INTO settings VALUES ('old', 'kept')");
        auto catalog = Catalog::open(folder.path(), clock_);
        ASSERT_TRUE(catalog) << version << ": " << catalog.error().message;
        const auto applied = (*catalog)->read([](Session& s) { return appliedMigrations(s); }).get();
        ASSERT_TRUE(applied);
        EXPECT_EQ(applied->size(), newest);
        const auto kept =
            (*catalog)->read([](Session& s) { return s.scalar("SELECT value FROM settings"); }).get();
        EXPECT_EQ(kept.value_or("lost"), "kept") << version;
    }
}

TEST_F(CatalogOpenTest, NewerSchemaIsLeftUntouched)
{
    makeVersion(db_, builtInMigrations().size());
    runSql(db_, "INSERT INTO schema_version VALUES (9999, 'future', 'x', 1)");
    const std::string before = readFile(db_);
    EXPECT_EQ(openCode(), ErrorCode::TooNew);
    EXPECT_EQ(readFile(db_), before);
    EXPECT_EQ(filesIn(folder_.path()), std::vector<std::string>{"catalog.db"});
}

TEST_F(CatalogOpenTest, ChangedMigrationIsNamed)
{
    makeVersion(db_, builtInMigrations().size());
    runSql(db_, "UPDATE schema_version SET checksum = 'x' WHERE number = 2");
    EXPECT_EQ(openCode(), ErrorCode::Corrupt);
    EXPECT_NE(message_.find("2 (" + builtInMigrations()[1].name + ")"), std::string::npos) << message_;
}

TEST_F(CatalogOpenTest, DamageIsReportedAndLeftByteForByte)
{
    struct Case
    {
        const char* name;
        std::function<void(const std::string&)> damage;
    };
    const auto cutTo = [](std::size_t size) {
        return [size](const std::string& path) { std::filesystem::resize_file(path, size); };
    };
    const Case cases[] = {
        {"empty", cutTo(0)},
        {"one byte", cutTo(1)},
        {"99 bytes", cutTo(99)},
        {"head only", cutTo(100)},
        {"one page", cutTo(4096)},
        {"garbage", [](const std::string& path) { writeFile(path, std::string(20000, '\x5a')); }},
        {"garbage behind the head",
         [](const std::string& path) {
             std::string bytes = readFile(path);
             std::fill(bytes.begin() + 100, bytes.end(), '\x5a');
             writeFile(path, bytes);
         }},
        {"one bad page",
         [](const std::string& path) {
             std::string bytes = readFile(path);
             std::fill(bytes.begin() + 4096, bytes.begin() + 8192, '\x5a');
             writeFile(path, bytes);
         }},
        {"missing table", [](const std::string& path) { runSql(path, "DROP TABLE settings"); }},
        {"missing index", [](const std::string& path) { runSql(path, "DROP INDEX links_by_share"); }},
        {"no versions", [](const std::string& path) { runSql(path, "DROP TABLE schema_version"); }},
        {"empty versions", [](const std::string& path) { runSql(path, "DELETE FROM schema_version"); }},
        {"first version gone",
         [](const std::string& path) { runSql(path, "DELETE FROM schema_version WHERE number = 1"); }},
        {"another program's",
         [](const std::string& path) {
             std::filesystem::remove(path);
             runSql(path, "CREATE TABLE bookmarks (x)");
         }},
    };
    for (const Case& test : cases) {
        std::filesystem::remove(db_);
        makeVersion(db_, builtInMigrations().size());
        test.damage(db_);
        const std::string before = readFile(db_);
        EXPECT_EQ(openCode(), ErrorCode::Corrupt) << test.name << ": " << message_;
        EXPECT_EQ(readFile(db_), before) << test.name;
        EXPECT_EQ(filesIn(folder_.path()), std::vector<std::string>{"catalog.db"}) << test.name;
    }
}

TEST_F(CatalogOpenTest, DamagedFileWithALogKeepsBoth)
{
    makeVersion(db_, builtInMigrations().size());
    std::string log;
    {
        auto session = Session::open(db_, {});
        ASSERT_TRUE((*session)->execute("INSERT INTO settings VALUES ('a', 'b')"));
        log = readFile(db_ + "-wal");
    }
    ASSERT_FALSE(log.empty());
    std::string bytes = readFile(db_);
    std::fill(bytes.begin() + 4096, bytes.end(), '\x5a');
    writeFile(db_, bytes);
    writeFile(db_ + "-wal", log);
    EXPECT_EQ(openCode(), ErrorCode::Corrupt);
    EXPECT_EQ(readFile(db_), bytes);
    EXPECT_EQ(readFile(db_ + "-wal"), log);
    EXPECT_EQ(filesIn(folder_.path()), (std::vector<std::string>{"catalog.db", "catalog.db-wal"}));
}

TEST_F(CatalogOpenTest, LogWithoutItsFileIsNotReplayedIntoANewOne)
{
    writeFile(db_ + "-wal", "a log");
    EXPECT_EQ(openCode(), ErrorCode::Corrupt);
    EXPECT_EQ(filesIn(folder_.path()), std::vector<std::string>{"catalog.db-wal"});
}

TEST_F(CatalogOpenTest, OddFolderNames)
{
    for (const char* const name : {"with space", "per%20cent", "q?x#y", "ünï"}) {
        const std::string path = folder_.file(name);
        std::filesystem::create_directory(path);
        {
            ASSERT_TRUE(Catalog::open(path, clock_)) << name;
        }
        auto again = Catalog::open(path, clock_); // the second takes the path of the check
        EXPECT_TRUE(again) << name << ": " << again.error().message;
    }
}

} // namespace spillway::catalog
