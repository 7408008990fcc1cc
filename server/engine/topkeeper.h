// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/engine/topdownloads.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace spillway::observe {
class Log;
}

namespace spillway::engine {

/// The TopDownloads of a running server and their file, DATA/top.bin, beside the charts' history and as that:
/// they go on after a restart. The file has at most the 64 first of each list of each step.
///
///     "spillway-top-1\n" │ for each span: u32 steps, each: i64 begin_ms, 3 lists, each: u32 count,
///     count × (key, u64 bytes, u64 downloads) │ SHA-256 of all that           all big-endian; key: u32,
///     bytes
///
/// load() and fold() on the main thread; give() and sum() on any, without waiting for long; save() on any
/// that may wait for the disk.
class TopKeeper
{
public:
    TopKeeper(std::string path, const Clock& clock, observe::Log& log);

    /// What an earlier run left. A file that is damaged is a warning in the log, and the lists begin anew.
    void load();
    /// What one worker saw since it gave before; null: nothing.
    void give(std::unique_ptr<observe::DownloadTally> tally);
    /// Puts what was given into the lists. Once a second.
    void fold();
    /// A failure is a warning in the log, once until it works again.
    void save();

    [[nodiscard]] observe::DownloadTally sum(contract::HistorySpan span) const;

private:
    [[nodiscard]] std::int64_t nowMs() const;
    [[nodiscard]] QByteArray bytes() const;
    [[nodiscard]] Result<void> read();

    const std::string path_;
    const Clock& clock_;
    observe::Log& log_;
    std::mutex inboxMutex_; ///< held for a moment only; guards the next
    std::vector<std::unique_ptr<observe::DownloadTally>> inbox_;
    mutable std::mutex mutex_; ///< guards top_
    TopDownloads top_;
    std::mutex saving_; ///< one writer of the file at a time; guards the next
    bool failed_ = false;
};

} // namespace spillway::engine
