// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/uniquefd.h"
#include "server/catalog/index/folderscanner.h"
#include "server/catalog/index/hashworker.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <variant>

namespace spillway::catalog {

/// Where the indexer's thread and everybody else meet: commands in, status out.
class IndexerControl
{
public:
    struct Add
    {
        IndexedShare share;
    };
    struct Remove
    {
        ShareId share = 0;
    };
    struct KeepOnly
    {
        std::set<ShareId> shares;
    };
    struct Rescan
    {
        ShareId share = 0;
    };
    struct Rebuild ///< somebody read damage
    {
    };
    using Command = std::variant<Add, Remove, KeepOnly, Rescan, Rebuild>;

    IndexerControl();
    void post(Command command);
    void pause(bool on);
    void stop();
    [[nodiscard]] std::vector<IndexStatus> status() const;
    [[nodiscard]] IndexCounters counters() const;
    [[nodiscard]] std::string problem() const;
    bool waitFor(const std::function<bool(const std::vector<IndexStatus>&)>& good,
                 std::chrono::milliseconds atMost) const;

    // For the indexer.
    [[nodiscard]] std::vector<Command> take();
    [[nodiscard]] int wakeFd() const { return wake_.get(); }
    [[nodiscard]] bool stopping() const { return stopping_.load(); }
    [[nodiscard]] bool paused() const { return paused_.load(); }
    void publish(std::vector<IndexStatus> status, const IndexCounters& counters, std::string problem);

private:
    void wake();

    UniqueFd wake_; ///< eventfd
    std::atomic<bool> stopping_{false};
    std::atomic<bool> paused_{false};
    mutable std::mutex mutex_; ///< guards the four below
    mutable std::condition_variable published_;
    std::vector<Command> commands_;
    std::vector<IndexStatus> status_;
    IndexCounters counters_;
    std::string problem_;
};

/// The thread that keeps the index: a loop of small steps, so that commands, events and the end never wait
/// long.
///
///   commands -> events (applied once they settle) -> a step of scanning, else of hashing, else sleep
///
/// A database that turns out damaged is moved aside and built anew; any other database error (disk full)
/// drops what was not committed and starts over after half a minute. `beforeOpen` and `afterOpen` tell the
/// owner of the readers when the file changes under them. Low priority for CPU and disk.
class Indexer
{
public:
    struct Hooks
    {
        std::function<void()> beforeOpen;
        std::function<void()> afterOpen;
    };
    Indexer(std::string path, const IndexOptions& options, const Clock& clock, IndexerControl& control,
            Hooks hooks)
        : path_(std::move(path)), options_(options), clock_(clock), control_(control),
          hooks_(std::move(hooks))
    {
    }

    void run(); ///< until control.stop()

private:
    /// All that lives as long as one opened database.
    struct Open
    {
        Open(std::unique_ptr<Session> s, const IndexOptions& options, const Clock& clock,
             IndexCounters& counters)
            : session(std::move(s)), watcher(options.maxWatches), tree(*session, watcher, clock, options),
              scanner(tree, watcher, counters, options), hasher(tree, clock, options)
        {
        }
        std::unique_ptr<Session> session;
        FolderWatcher watcher;
        IndexTree tree;
        FolderScanner scanner;
        HashWorker hasher;
    };
    struct Dirty
    {
        std::map<std::string, bool> names; ///< true: modified
        bool whole = false;                ///< too many names: read the folder
    };
    struct Move
    {
        std::int64_t fromFolder = 0;
        std::string fromName;
        std::int64_t toFolder = 0;
        std::string toName;
    };

    Result<void> openDatabase(bool damaged);
    Result<void> loop();
    Result<void> runCommands();
    Result<void> addShare(const IndexedShare& share);
    Result<void> removeShare(ShareId share);
    Result<void> keepOnly(const std::set<ShareId>& shares);
    Result<void> startScan(TreeShare& share);
    Result<void> endScan(TreeShare& share);
    void setOffline(TreeShare& share);
    Result<void> checkShares();
    Result<void> takeEvents();
    Result<void> applyEvents();
    Result<void> applyMove(const Move& move);
    Result<void> applyFolder(std::int64_t folder, const Dirty& dirty);
    Result<void> work();
    void publish();
    void sleep(Monotonic until);
    [[nodiscard]] Monotonic nextWake() const;

    const std::string path_;
    const IndexOptions options_;
    const Clock& clock_;
    IndexerControl& control_;
    const Hooks hooks_;
    IndexCounters counters_;
    std::string problem_;
    std::map<ShareId, IndexedShare> wanted_; ///< survives a database that is opened anew
    std::unique_ptr<Open> open_;
    std::map<std::int64_t, Dirty> dirty_; ///< by folder
    std::size_t dirtyNames_ = 0;
    std::vector<Move> moves_;
    std::optional<Monotonic> settled_; ///< when what is dirty is looked at
    Monotonic nextRootCheck_;
    Monotonic lastCommit_;
};

} // namespace spillway::catalog
