// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/catalog/index/folderwatcher.h"
#include "server/catalog/index/indexdatabase.h"

#include <deque>
#include <map>

namespace spillway::catalog {

/// A share while the indexer runs: its row, and how it is kept fresh.
struct TreeShare
{
    IndexedShare config;
    IndexRows::ShareRow row;
    bool offline = false;
    bool watched = false;   ///< every folder of it has a watch
    bool wholeScan = false; ///< the jobs under way walk all of it
    std::int64_t jobs = 0;  ///< folders still to read
    Monotonic nextPoll;
    bool unsaved = false; ///< the row differs from the database's
};

/// The rows of the index together with what hangs on them: the counts of their share, watches, files to hash,
/// and the transaction. The indexer's thread only. An error (Session's) leaves counts and rows apart: the
/// owner then opens anew.
class IndexTree
{
public:
    IndexTree(Session& session, FolderWatcher& watcher, const Clock& clock, const IndexOptions& options)
        : rows(session), session_(session), watcher_(watcher), clock_(clock), options_(options)
    {
    }

    Result<std::int64_t> add(TreeShare& share, std::int64_t parent, std::string_view name,
                             const FileFacts& facts);
    /// Same kind of entry, new facts.
    Result<void> change(TreeShare& share, const IndexRows::Row& row, const FileFacts& facts);
    /// With all below it; commits in between where that is much.
    Result<void> removeTree(TreeShare& share, const IndexRows::Row& row);
    Result<void> move(const IndexRows::Row& row, std::int64_t newParent, const std::string& newName);
    Result<void> dropHash(TreeShare& share, std::int64_t id);
    Result<void> setHash(TreeShare& share, std::int64_t id, std::uint32_t crc32, std::string_view sha256);

    Result<void> begin(); ///< unless one is open
    Result<void> commit();
    Result<void> commitIfFull();
    [[nodiscard]] bool hasChanges() const { return pending_ > 0; }

    void wantHash(std::int64_t id);

    IndexRows rows;
    std::map<ShareId, TreeShare> shares;
    std::deque<std::int64_t> toHash; ///< changed files; bounded, past which all are looked through
    bool hashAll = true;             ///< look through all files for those without checksums
    bool hashAgain = false;      ///< and once more: something behind the cursor changed and found toHash full
    std::int64_t hashCursor = 0; ///< that walk has seen all ids up to here

private:
    Result<void> removeOne(TreeShare& share, const IndexRows::Row& row);

    Session& session_;
    FolderWatcher& watcher_;
    const Clock& clock_;
    const IndexOptions& options_;
    std::int64_t pending_ = 0; ///< rows changed in the open transaction
    bool open_ = false;
};

} // namespace spillway::catalog
