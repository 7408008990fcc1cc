// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/engine/history.h"

#include <QtCore/QByteArray>
#include <mutex>
#include <string>

namespace spillway::observe {
class Log;
}

namespace spillway::engine {

/// The History of a running server and its file, DATA/history.bin, so that charts go on after a restart, with
/// a gap where nothing ran.
///
///     "spillway-history-1\n" │ for each span: u32 count, count × (i64 at_ms, 12 × f64) │ SHA-256 of all that
///                              all big-endian
///
/// load() and add() on the main thread; save() on any that may wait for the disk; page() on any.
class HistoryKeeper
{
public:
    HistoryKeeper(std::string path, const Clock& clock, observe::Log& log);

    /// What an earlier run left. A file that is damaged is a warning in the log, and the history begins anew.
    void load();
    void add(const HistoryReading& reading);
    /// True once a minute: then it is time to save().
    [[nodiscard]] bool saveDue();
    /// A failure is a warning in the log, once until it works again.
    void save();

    [[nodiscard]] contract::HistoryPage page(contract::HistorySpan span, std::int64_t afterMs) const;

private:
    [[nodiscard]] QByteArray bytes() const;
    [[nodiscard]] Result<void> read();

    const std::string path_;
    const Clock& clock_;
    observe::Log& log_;
    mutable std::mutex mutex_; ///< guards history_
    History history_;
    Monotonic savedAt_{}; ///< main thread
    std::mutex saving_;   ///< one writer of the file at a time; guards the next
    bool failed_ = false;
};

} // namespace spillway::engine
