// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/indexer.h"
#include "server/catalog/index/indexqueries.h"
#include "server/catalog/sqlreaders.h"

namespace spillway::catalog {

/// The index of all shares' files, in DIR/index.db: for search, listings and checksums. The file system stays
/// the truth.
///
/// Its own thread scans, watches (inotify, or a poll where that cannot see) and hashes; two more threads
/// read. Any thread may call; search() and lookup() wait for a reader, so workers use the Async forms, whose
/// `done` runs exactly once, on a reader's thread, or on the caller's where it was refused. What changes on
/// disk shows after IndexOptions::settle; a changed file's checksums are dropped with it. Symlinks are not
/// followed or indexed, devices and FIFOs neither, and dot files only where the share shows them. Errors of
/// reads: InvalidArgument, Exhausted (queue full), Unavailable (the database is being opened or built anew),
/// Io. Not promised: that a file's row is newer than its last change; compare IndexEntry::facts before
/// trusting a checksum. Needs a QCoreApplication.
class FileIndex
{
public:
    FileIndex(const std::string& dataDir, const IndexOptions& options, const Clock& clock);
    ~FileIndex(); ///< writes what was found so far
    FileIndex(const FileIndex&) = delete;
    FileIndex& operator=(const FileIndex&) = delete;

    void addShare(const IndexedShare& share); ///< again with the same id: new path or dot-file rule
    void removeShare(ShareId share);
    /// Removes the shares of an earlier run that are neither among these nor added since: those that went
    /// while there was no index.
    void keepOnly(std::set<ShareId> shares);
    void rescan(ShareId share);
    void pause(bool on); ///< scanning and hashing; events are still followed

    Result<std::vector<IndexEntry>> search(const IndexSearch& search);
    Result<std::optional<IndexEntry>> lookup(ShareId share, const std::string& path);
    void searchAsync(IndexSearch search, std::function<void(Result<std::vector<IndexEntry>>)> done);
    void lookupAsync(ShareId share, std::string path,
                     std::function<void(Result<std::optional<IndexEntry>>)> done);
    /// visitChecksums on a reader's thread; where it is refused nothing is called.
    void visitChecksumsAsync(ShareId share, std::string folder, std::function<void(const IndexEntry&)> each);

    [[nodiscard]] std::vector<IndexStatus> status() const { return control_.status(); }
    [[nodiscard]] IndexCounters counters() const;
    /// Why the database could not be written, in words; empty where all is well.
    [[nodiscard]] std::string problem() const { return control_.problem(); }
    /// Asks `good` at each change of status until it says yes; false where it never did. For command lines
    /// and tests.
    bool waitFor(const std::function<bool(const std::vector<IndexStatus>&)>& good,
                 std::chrono::milliseconds atMost) const
    {
        return control_.waitFor(good, atMost);
    }

private:
    template<class T>
    void post(std::function<Result<T>(Session&)> read, std::function<void(Result<T>)> done);

    const std::string path_;
    IndexerControl control_;
    mutable std::mutex mutex_;            ///< guards the two below
    std::unique_ptr<SqlReaders> readers_; ///< none while the database is opened
    std::uint64_t refusedBefore_ = 0;     ///< by readers that are gone
    Indexer indexer_;
    std::thread thread_;
};

} // namespace spillway::catalog
