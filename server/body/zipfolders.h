// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/zipsource.h"
#include "server/body/zipwalk.h"

#include <optional>

namespace spillway::body {

/// A folder of a share, or a selection in it, as somebody asks for its archive.
struct ZipFolder
{
    std::int64_t share = 0;      ///< its id in the catalog
    std::int64_t rootNumber = 0; ///< names the root, as in FileCache: one that was replaced has another
    std::shared_ptr<ShareRoot> root;
    std::string path;                   ///< below the share
    std::vector<std::string> selection; ///< below the folder; empty: all
};

/// The archives of all workers: their plans, each made once for all who ask, and the threads that walk
/// folders and compute checksums.
///
///     find ── known, looked at lately, nothing seen ───────────────► plan
///     plan ─┬ watched, nothing seen, the same folder still ────────► plan
///           └ walk on a thread (one for all who ask meanwhile) ──┬─► same tag: the plan that was there
///                                                               └─► a new one, with the checksums of the old
///
/// Thread-safe. A plan whose folders are watched (ZipWatch) is used until something happens in them. Another
/// is used for ten times what its walk took, at most 30 s, before the folder is walked again. Either way a
/// changed file ends its transfer, and the plan. Plans take `memory` in all, those that transfers hold too;
/// the ones unused for longest leave first. While it walks, each thread may hold as much again.
class ZipFolders
{
public:
    struct Options
    {
        std::size_t threads = 4;
        std::size_t queue = 4096;            ///< walks and steps that wait for a thread
        std::size_t memory = 256U << 20;     ///< bytes of plans
        std::size_t plans = 256;             ///< kept
        std::size_t watches = 32;            ///< of plans; each takes one of a user's inotify instances
        std::size_t watchedFolders = 16'384; ///< of all plans together
        ZipWatch::IsRemote isRemote = nullptr;
    };
    /// Errors: those of planZip, and Exhausted where the threads' queue or the memory is full.
    using Done = std::function<void(const Result<ZipPlanPtr>&)>;
    /// Told of each new plan by the thread that made it: it may set checksums that are known already.
    using Made = std::function<void(const ZipFolder&, const ZipPlanPtr&)>;

    ZipFolders(Options options, BlockingPool& files, Preloader& preloader, const Clock& clock);
    ZipFolders(const ZipFolders&) = delete;
    ZipFolders& operator=(const ZipFolders&) = delete;
    ~ZipFolders() { stop(); }
    /// Ends the threads, after the workers and before the pool of files. Once; nothing begins after it.
    void stop();
    /// Before the first use.
    void onMade(Made made) { made_ = std::move(made); }

    /// A plan that is good now, or null.
    [[nodiscard]] ZipPlanPtr find(const ZipFolder& folder);
    /// Calls `done` once with a plan that is good, on a thread of this, or from inside where it is refused.
    void plan(const ZipFolder& folder, Done done);

    /// Whether the archive's byte at `offset` can be made without waiting for a long read.
    [[nodiscard]] static bool isAtHand(const ZipPlan& plan, std::uint64_t offset);
    /// Calls `done` when it can be; see ZipChecksums.
    [[nodiscard]] ZipChecksums::Ticket prepare(const ZipPlanPtr& plan, std::uint64_t offset,
                                               ZipChecksums::Done done);
    [[nodiscard]] std::unique_ptr<net::SegmentSource> send(ZipPlanPtr plan, std::vector<ZipStretch> stretches,
                                                           Post post);

    struct Counters
    {
        std::uint64_t walks = 0;
        std::uint64_t unwalked = 0; ///< plans that were used again without one
        std::uint64_t refused = 0;  ///< plans that found no room, or no thread
        std::size_t plans = 0;      ///< kept now
        std::size_t memory = 0;     ///< bytes of all that live
    };
    [[nodiscard]] Counters counters() const;

private:
    struct Slot
    {
        ZipPlanPtr plan;
        std::shared_ptr<ZipWatch> watch; ///< none: the time alone says how long the plan is good
        FileFacts top;                   ///< of the folder, when it was walked
        Monotonic goodUntil{}, usedAt{};
        bool walking = false;
        std::vector<Done> waiting;
    };
    /// Those that leave under the lock end after it: closing what watches many folders takes a while.
    using Watches = std::vector<std::shared_ptr<ZipWatch>>;
    void work(const std::string& key, const ZipFolder& folder);
    [[nodiscard]] ZipPlanPtr unchanged(const std::string& key, const ZipFolder& folder);
    void walk(const std::string& key, const ZipFolder& folder);
    [[nodiscard]] Result<ZipPlanPtr> keep(Slot& slot, ZipPlanPtr plan, std::chrono::nanoseconds took,
                                          Watches& left);
    void setWatch(Slot& slot, std::shared_ptr<ZipWatch> watch, Watches& left);
    void makeRoom(const Slot& keep, Watches& left);

    const Options options_;
    const Clock& clock_;
    Made made_;
    const std::shared_ptr<std::atomic<std::size_t>> memory_; ///< of all plans that live
    std::optional<BlockingPool> pool_;
    BlockingPool& threads_; ///< the same, also for its own threads while it ends
    ZipChecksums checksums_;
    const ZipSending sending_;

    mutable std::mutex mutex_; ///< guards what follows
    std::map<std::string, Slot> slots_;
    Counters counters_;
};

} // namespace spillway::body
