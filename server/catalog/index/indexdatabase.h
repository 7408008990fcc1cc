// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/indextypes.h"
#include "server/catalog/session.h"

#include <memory>
#include <string>
#include <vector>

// DIR/index.db. It can be made again from the disk at any time, so it is NORMAL-synchronous, and a damaged or
// foreign one is moved aside ("index.db.damaged") instead of being an error.
//
//   shares   one row a share: its counts, and the entry that is its root
//   entries  id | parent, share, name, type, size, mtime, inode     unique (parent, name); a root has parent
//   0 hashes   id | crc32, sha256, hashed_at     apart from entries: a row that grows later would split its
//   page names    FTS5 trigrams of the names, contentless and without positions: about a third of the size
//   with them;
//            what a trigram search finds is checked against the name itself
namespace spillway::catalog {

struct OpenedIndex
{
    std::unique_ptr<Session> session;
    bool rebuilt = false; ///< a damaged one was moved aside
};

/// Opens for writing, makes it where it is not there. Errors only where a new one cannot be made either.
Result<OpenedIndex> openIndexDatabase(const std::string& path);

/// Moves a damaged database aside; the next open makes a new one. Nobody may have it open.
Result<void> setIndexAside(const std::string& path);

/// The indexer's own statements over one session; inside the caller's transaction. Errors are Session's.
class IndexRows
{
public:
    struct Row
    {
        std::int64_t id = 0;
        std::int64_t parent = 0;
        ShareId share = 0;
        std::string name;
        FileFacts facts;
    };
    struct ShareRow
    {
        ShareId share = 0;
        std::string path;
        std::int64_t root = 0;  ///< its entry
        std::int64_t inode = 0; ///< of the folder when last scanned; 0: not known
        IndexStatus counts;
    };

    explicit IndexRows(Session& session) : session_(session) {}

    Result<std::int64_t> insert(const Row& row); ///< its id; row.id is ignored
    /// New facts; the checksums go.
    Result<void> update(std::int64_t id, const FileFacts& facts);
    Result<void> move(const Row& row, std::int64_t newParent, const std::string& newName);
    /// The row alone: its children are the caller's business.
    Result<bool> remove(const Row& row); ///< true: it had checksums

    Result<Row> find(std::int64_t id);                             ///< its id is 0 where there is none
    Result<Row> child(std::int64_t parent, std::string_view name); ///< the same
    Result<std::vector<Row>> children(std::int64_t parent);
    /// Just what "which are gone" needs: a million rows of these are 8 MB.
    Result<std::vector<std::int64_t>> childIds(std::int64_t parent);
    Result<std::string> pathOf(std::int64_t id); ///< below its share; NotFound where a parent is missing

    Result<bool> dropHash(std::int64_t id); ///< false: had none
    Result<void> setHash(std::int64_t id, std::uint32_t crc32, std::string_view sha256, std::int64_t now);
    /// Files after this id without checksums and not above the size, in order of id.
    Result<std::vector<std::int64_t>> unhashed(std::int64_t afterId, std::int64_t maxSize,
                                               std::int64_t limit);

    Result<std::vector<ShareRow>> shares();
    Result<void> saveShare(const ShareRow& share);
    Result<void> removeShare(ShareId share);

private:
    Session& session_;
};

} // namespace spillway::catalog
