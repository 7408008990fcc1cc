// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/base/clock.h"
#include "server/body/zipplan.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace spillway::body {

/// Computes the checksums that archives need, on a pool, a few MiB a step so that none holds a thread for
/// long. Whoever asks for the same work joins it:
///
///     transfer A: want(plan, 7) ─┐
///     transfer B: want(plan, 7) ─┴→ job[plan, 7] ─ step ─ step ─ … ─► plan.setCrc ─► both are told
///     transfer C: wantAll(plan) ──→ job[plan, all]: one after the other, what is not known yet
///
/// Thread-safe. A job ends early when all its tickets are gone and `lasting` has passed since it was last
/// asked for: a client that gave up may come back, and finds what was done meanwhile. A file that is not what
/// the plan says marks the plan as changed.
class ZipChecksums
{
public:
    static constexpr std::chrono::seconds lasting{60};
    static constexpr std::size_t all = ~std::size_t{0};

    /// `good`: known now; else the file has changed, is gone, or cannot be read.
    using Done = std::function<void(bool good)>;
    /// Keeps the work wanted; without it `done` is not called any more, but for a call that is under way.
    using Ticket = std::shared_ptr<const void>;

    ZipChecksums(BlockingPool& pool, const Clock& clock) : pool_(pool), clock_(clock) {}
    ZipChecksums(const ZipChecksums&) = delete;
    ZipChecksums& operator=(const ZipChecksums&) = delete;

    /// The checksum of one entry, or of `all` that are missing. `done` is called once, on a pool's thread, or
    /// from inside this call where the pool is full or about to go (false).
    [[nodiscard]] Ticket want(const ZipPlanPtr& plan, std::size_t entry, Done done);
    /// Before the pool goes: jobs end at their next step, and no other begins. This stays for those who ask.
    void stop();

private:
    struct Job;
    struct Waiter;
    using Key = std::pair<const ZipPlan*, std::size_t>;
    void run(const std::shared_ptr<Job>& job);
    [[nodiscard]] bool goOn(Job& job);
    void finish(Job& job, bool good);

    BlockingPool& pool_;
    const Clock& clock_;
    std::mutex mutex_; ///< guards what follows, and of each job what is said there
    bool stopping_ = false;
    std::map<Key, std::shared_ptr<Job>> jobs_;
};

/// Opens an entry's file as the plan knows it. Conflict where it is another by now; the plan is then marked.
[[nodiscard]] Result<OpenedPath> openZipEntry(const ZipPlan& plan, std::size_t entry);
/// Whether an open file is still the version of the plan; marks the plan where not.
[[nodiscard]] bool isZipEntry(const ZipPlan& plan, std::size_t entry, int fd);

} // namespace spillway::body
