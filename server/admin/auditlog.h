// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/auditchain.h"
#include "server/base/clock.h"
#include "server/base/uniquefd.h"

#include <QtCore/QJsonArray>
#include <array>
#include <memory>
#include <mutex>

namespace spillway::admin {

struct AuditQuery
{
    std::string search;       ///< part of operation, who, address, or of what was given or answered; any case
    std::string after;        ///< `next` of the page before; empty: the newest
    std::int64_t limit = 100; ///< 1 to 1000
};

struct AuditPage
{
    QJsonArray entries; ///< newest first
    std::string next;   ///< empty: this was the last
};

/// Who changed what: DATA/audit.log, a JSON object a line, each chained to the one before (auditchain.h). One
/// process writes it, which holds the data folder's lock.
///
/// A change is two lines: "begin", on the disk before anything is done, and "end" with its outcome, on the
/// disk before it is acknowledged. A begin without an end is a change of which nobody was told whether it was
/// made: the process was killed in between. What only looks (a link's URL is shown) is one line. The file
/// only grows, by about 1 KB for a change.
///
/// Any thread. append() waits for the disk: 0.2 to 10 ms on usual ones. Errors: Exhausted (disk full), Io;
/// nothing of the line is then left in the file.
class AuditLog
{
public:
    /// Makes the key and the files where there are none. A torn last line (never acknowledged) goes. Where
    /// lines are missing at the end the log goes on behind the gap, which verify then shows for ever; where
    /// the key is missing the old log is moved aside. Both are in `notes()`. PermissionDenied, Corrupt (the
    /// key), Io.
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(const std::string& dataFolder,
                                                                const Clock& clock);
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

    /// The number of the new line, which is on the disk. `anchor`: the head in audit.head, too; else it
    /// follows with the next line that is anchored. "at" (milliseconds since 1970) is added.
    [[nodiscard]] Result<std::uint64_t> append(QJsonObject entry, bool anchor = true);

    /// Begin and end of a change are one entry; a page has a few more than `limit` where changes overlapped,
    /// and fewer where a search goes on for long. Corrupt lines are passed over.
    [[nodiscard]] Result<AuditPage> list(const AuditQuery& query) const;

    [[nodiscard]] const std::string& dataFolder() const { return dataFolder_; }
    /// What open() found wrong, for the process log.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

    /// Changes of one kind of object ("share") are made one after the other, so that what stood before is
    /// what the change met. Kinds are few; more than there is room for share one.
    [[nodiscard]] std::unique_lock<std::mutex> lockKind(std::string_view kind);

private:
    AuditLog(std::string dataFolder, const Clock& clock) : dataFolder_(std::move(dataFolder)), clock_(clock)
    {
    }
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> takeKey();
    [[nodiscard]] Result<void> findEnd(const std::optional<AuditHead>& anchored);
    [[nodiscard]] Result<void> writeHead(bool sync);

    const std::string dataFolder_;
    const Clock& clock_;
    std::unique_ptr<auth::HmacKey> key_;
    UniqueFd log_, headFile_;
    std::vector<std::string> notes_;
    mutable std::mutex mutex_; ///< guards the three below
    AuditHead head_;
    std::uint64_t size_ = 0; ///< of the log, whole lines only
    std::array<std::mutex, 8> kinds_;
};

} // namespace spillway::admin
