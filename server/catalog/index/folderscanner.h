// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/folderreader.h"
#include "server/catalog/index/indextree.h"

#include <set>

namespace spillway::catalog {

/// Brings the rows of folders in line with the disk, a thousand names a step, deepest folders first.
///
/// A folder's rows are removed only after all of its names were read, so an unreadable or vanishing disk
/// removes nothing. Each folder is watched before it is read: what changes after that is told by an event.
/// The indexer's thread only.
class FolderScanner
{
public:
    FolderScanner(IndexTree& tree, FolderWatcher& watcher, IndexCounters& counters,
                  const IndexOptions& options)
        : tree_(tree), watcher_(watcher), counters_(counters), options_(options)
    {
    }

    struct Job
    {
        ShareId share = 0;
        std::int64_t folder = 0;
        std::string path;       ///< below the share
        bool fresh = false;     ///< its row was just made: nothing to compare with
        bool recursive = false; ///< else only new folders in it are walked
    };
    void add(Job job);
    void drop(ShareId share); ///< its jobs
    [[nodiscard]] bool busy() const { return current_ || !jobs_.empty(); }
    /// The share whose last job ended with this step, if one did.
    Result<std::optional<ShareId>> step();

    /// Brings one name of an open folder in line. `modified`: a file's checksums are void whatever its times
    /// say.
    Result<void> syncName(TreeShare& share, const Job& folder, int folderFd, const std::string& name,
                          bool modified);

private:
    struct Reading
    {
        Job job;
        FolderReader reader;
        std::vector<std::int64_t> seen; ///< ids; empty where fresh
        std::vector<Job> subfolders;
    };
    struct Synced
    {
        std::int64_t id = 0; ///< 0: not there, or not indexed
        bool isFolder = false;
        bool fresh = false;
    };

    bool open(TreeShare& share, Job job);
    Result<void> readSome(TreeShare& share);
    Result<void> removeUnseen(TreeShare& share);
    Result<Synced> sync(TreeShare& share, const Job& folder, int folderFd, const std::string& name,
                        bool modified);

    IndexTree& tree_;
    FolderWatcher& watcher_;
    IndexCounters& counters_;
    const IndexOptions& options_;
    std::vector<Job> jobs_; ///< a stack
    std::optional<Reading> current_;
    bool atEnd_ = false;
};

} // namespace spillway::catalog
