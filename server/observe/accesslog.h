// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/base/uniquefd.h"
#include "server/observe/accessformat.h"
#include "server/observe/accessring.h"
#include "server/observe/napper.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace spillway::observe {

struct AccessLogOptions
{
    std::string path;
    AccessFormat format = AccessFormat::Combined;
    std::size_t workers = 1;
    std::size_t ringBytes = 1U << 20U; ///< for each worker; a full ring drops, and counts, the record
    Redactor redactor = &redactTarget;
};

/// The access log: workers push records into rings of their own, one writer thread formats and writes them.
///
/// A worker pays for a copy into its ring (under 100 ns) and, a few times a second at most, for waking the
/// writer. The writer gathers what came in for up to 200 ms and writes up to 256 KiB at once; with no traffic
/// it sleeps without a timer. Lines of one worker are in order, lines of several may be off by those 200 ms.
/// A write that fails is counted, its lines are lost, and the file is opened anew at most once a second until
/// one succeeds; no worker ever waits for it. The file is made with mode 0600 and appended to. Not promised:
/// lines on disk when the machine loses power.
class AccessLog
{
public:
    /// Fails where the file cannot be opened.
    [[nodiscard]] static Result<std::unique_ptr<AccessLog>> open(AccessLogOptions options,
                                                                 const Clock& clock);
    /// Writes what the rings hold, then ends the writer. The workers must have ended or stopped pushing.
    ~AccessLog();
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    /// Worker `worker`'s thread (0 … workers-1). Never waits, never fails.
    void push(std::size_t worker, const AccessRecord& record) noexcept
    {
        const std::uint32_t every = sampleEvery_.load(std::memory_order_relaxed);
        Lane& lane = *lanes_[worker];
        if (every > 1 && ++lane.sampleCount % every != 0) {
            lane.sampledOut.store(lane.sampledOut.load(std::memory_order_relaxed) + 1,
                                  std::memory_order_relaxed);
            return;
        }
        (void)lane.ring.push(record); // a full ring counts its drops
        napper_.notify(lane.ring.halfFull());
    }

    /// Any thread, also a signal handler: the writer closes the file and opens the path again, for log
    /// rotation. Where that fails, it goes on with the old file and tries again.
    void reopen() noexcept;
    /// Any thread. 1: every request; n: one of n (what mode `saving` does).
    void setSampling(std::uint32_t oneOf) noexcept { sampleEvery_.store(oneOf, std::memory_order_relaxed); }
    /// Any thread. Returns when everything pushed before the call has been written or given up.
    void flush();

    [[nodiscard]] std::uint64_t dropped() const noexcept;    ///< lines lost: full rings and failed writes
    [[nodiscard]] std::uint64_t sampledOut() const noexcept; ///< lines left out by setSampling
    [[nodiscard]] std::uint64_t written() const noexcept { return written_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t writeErrors() const noexcept
    {
        return writeErrors_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t openErrors() const noexcept
    {
        return openErrors_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_.load(std::memory_order_relaxed); }

private:
    struct Lane
    {
        explicit Lane(std::size_t bytes) : ring(bytes) {}
        AccessRing ring;
        std::uint32_t sampleCount = 0;            ///< its worker's
        std::atomic<std::uint64_t> sampledOut{0}; ///< written by its worker
    };

    AccessLog(AccessLogOptions options, const Clock& clock, UniqueFd file);
    void run();
    [[nodiscard]] bool drain();
    void writeBatch();
    void openAgain();
    [[nodiscard]] bool anyRecords() const noexcept;

    const AccessLogOptions options_;
    const Clock& clock_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    Napper napper_;

    std::atomic<std::uint32_t> sampleEvery_{1};
    std::atomic<bool> reopenWanted_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> flushAsked_{0};
    std::atomic<std::uint64_t> flushDone_{0};
    std::atomic<std::uint64_t> written_{0}, writeErrors_{0}, openErrors_{0}, writes_{0}, lost_{0};

    // The writer thread's own.
    UniqueFd file_;
    AccessFormatter formatter_;
    std::string batch_;
    std::uint64_t batchLines_ = 0;
    bool midLine_ = false;     ///< the file ends inside a line that a failed write cut
    bool openPending_ = false; ///< asked for, or because a write failed
    Monotonic nextOpen_{};

    std::thread writer_; ///< last: everything it uses is there before it starts
};

} // namespace spillway::observe
