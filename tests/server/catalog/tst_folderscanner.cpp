// SPDX-License-Identifier: GPL-3.0-or-later
// What happens between two steps of a scan: the indexer applies events there, to the folder that is being
// read.
#include "server/catalog/index/folderscanner.h"
#include "tests/server/catalog/catalogfixture.h"

#include <fcntl.h>

namespace spillway::catalog {
namespace {

/// More names than a step takes, so that the folder's list is half read after one.
constexpr int kFiles = 1600;

struct FolderScannerTest : testing::Test
{
    FolderScannerTest()
    {
        for (int i = 0; i < kFiles; ++i)
            writeFile(files.file("f" + std::to_string(i)), "");
        auto opened = openIndexDatabase(data.file("index.db"));
        EXPECT_TRUE(opened);
        session = std::move(opened->session);
        tree.emplace(*session, watcher, clock, options);
        scanner.emplace(*tree, watcher, counters, options);
        share = &tree->shares[1];
        share->config = {1, files.path(), false};
        auto root = openRoot(files.path());
        auto id = tree->add(*share, 0, "1", **factsOf(root->get()));
        EXPECT_TRUE(id);
        folder = {1, *id, {}, true, true};
    }
    void scan(bool fresh)
    {
        folder.fresh = fresh;
        scanner->add(folder);
    }
    void finish()
    {
        for (int steps = 0; scanner->busy(); ++steps) {
            ASSERT_LT(steps, 100);
            ASSERT_TRUE(scanner->step());
        }
    }
    /// As the indexer does it for an event.
    void event(const std::string& name)
    {
        const auto root = openRoot(files.path());
        FolderScanner::Job job = folder;
        job.fresh = false;
        ASSERT_TRUE(scanner->syncName(*share, job, root->get(), name, false));
    }
    [[nodiscard]] bool has(const std::string& name)
    {
        const auto row = tree->rows.child(folder.folder, name);
        return row && row->id != 0;
    }

    TemporaryFolder data, files;
    SystemClock clock;
    IndexOptions options;
    IndexCounters counters;
    FolderWatcher watcher{0};
    std::unique_ptr<Session> session;
    std::optional<IndexTree> tree;
    std::optional<FolderScanner> scanner;
    TreeShare* share = nullptr;
    FolderScanner::Job folder;
};

TEST_F(FolderScannerTest, WhatComesWhileAFolderIsReadStays)
{
    scan(true);
    finish();
    ASSERT_EQ(share->row.counts.files, kFiles);
    scan(false);
    ASSERT_TRUE(scanner->step());
    for (int i = 0; i < 200; ++i) { // some of them behind what was read, where the list does not show them
        writeFile(files.file("late" + std::to_string(i)), "");
        event("late" + std::to_string(i));
    }
    finish();
    for (int i = 0; i < 200; ++i)
        EXPECT_TRUE(has("late" + std::to_string(i))) << i;
    EXPECT_EQ(share->row.counts.files, kFiles + 200);
}

TEST_F(FolderScannerTest, WhatGoesWhileAFolderIsReadGoes)
{
    scan(true);
    finish();
    scan(false);
    ASSERT_TRUE(scanner->step());
    for (int i = 0; i < kFiles; i += 2)
        std::filesystem::remove(files.file("f" + std::to_string(i)));
    for (int i = 0; i < kFiles; i += 4)
        event("f" + std::to_string(i));
    finish();
    // Those without an event were seen, or found gone at the end; the events of the seen ones are still to
    // come.
    for (int i = 2; i < kFiles; i += 4)
        event("f" + std::to_string(i));
    EXPECT_EQ(share->row.counts.files, kFiles / 2);
}

TEST_F(FolderScannerTest, AnEventMayTellOfANameBeforeANewFoldersListDoes)
{
    scan(true);
    ASSERT_TRUE(scanner->step());
    for (int i = 0; i < kFiles; ++i)
        event("f" + std::to_string(i));
    finish();
    EXPECT_EQ(share->row.counts.files, kFiles) << "each name once";
}

/// Its descriptor still reads, but its rows are gone and must not come back without a parent.
TEST_F(FolderScannerTest, AFolderThatIsMovedAwayWhileItIsReadIsLetGo)
{
    scan(true);
    ASSERT_TRUE(scanner->step());
    const auto root = tree->rows.child(0, "1");
    ASSERT_TRUE(root && root->id != 0);
    ASSERT_TRUE(tree->removeTree(*share, *root));
    finish();
    EXPECT_EQ(share->row.counts.files, 0);
    EXPECT_EQ(share->jobs, 0);
    EXPECT_EQ(*session->scalar("SELECT count(*) FROM entries"), "0");
}

} // namespace
} // namespace spillway::catalog
