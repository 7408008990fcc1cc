// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/auditchain.h"
#include "server/admin/auditfiles.h"
#include "server/base/clock.h"
#include "server/base/uniquefd.h"
#include "server/config/settings.h"

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

/// The settings audit.file_size and audit.files.
struct AuditBounds
{
    [[nodiscard]] static AuditBounds of(const config::Settings& settings);

    std::uint64_t fileSize = 0; ///< a file that is as large is put aside; 0: never
    std::uint64_t files = 0;    ///< put aside that are kept; 0: all
};

/// Who changed what: DATA/audit.log, a JSON object a line, each chained to the one before (auditchain.h). One
/// process writes it, which holds the data folder's lock.
///
/// A change is two lines: "begin", on the disk before anything is done, and "end" with its outcome, on the
/// disk before it is acknowledged. A begin without an end is a change of which nobody was told whether it was
/// made: the process was killed in between. What only looks (a link's URL is shown) is one line, and so is
/// what was done already when this heard of it (a ban by rule). About 1 KB for a change; a full file is put
/// aside (auditfiles.h) within the bounds, old ones are deleted by the bounds alone.
///
/// Any thread. append() waits for the disk: 0.2 to 10 ms on usual ones. Errors: Exhausted (disk full), Io;
/// nothing of the line is then left in the file.
class AuditLog
{
public:
    /// Makes the key and the files where there are none. A torn last line (never acknowledged) goes. Where
    /// lines are missing at the end the log goes on behind the gap, which verify then shows for ever; where
    /// the key is missing the old log is renamed. Both are in `notes()`. What a kill left of putting a file
    /// aside is finished. PermissionDenied, Corrupt (the key), Io.
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>> open(const std::string& dataFolder,
                                                                const Clock& clock, AuditBounds bounds = {});
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

    /// The number of the new line, which is on the disk. `anchor`: the head in audit.head, too; else it
    /// follows with the next line that is anchored. "at" (milliseconds since 1970) is added.
    [[nodiscard]] Result<std::uint64_t> append(QJsonObject entry, bool anchor = true);

    /// Begin and end of a change are one entry; a page has a few more than `limit` where changes overlapped,
    /// and fewer where a search goes on for long. Corrupt lines are passed over.
    [[nodiscard]] Result<AuditPage> list(const AuditQuery& query) const;

    /// From the next line on.
    void setBounds(AuditBounds bounds);

    [[nodiscard]] const std::string& dataFolder() const { return paths_.folder; }
    /// What open() found wrong, for the process log.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

    /// Changes of one kind of object ("share") are made one after the other, so that what stood before is
    /// what the change met. Kinds are few; more than there is room for share one.
    [[nodiscard]] std::unique_lock<std::mutex> lockKind(std::string_view kind);

private:
    class EndFinder;
    using File = std::shared_ptr<const UniqueFd>; ///< of audit.log; a list holds the one that it began with

    AuditLog(const std::string& dataFolder, const Clock& clock, AuditBounds bounds)
        : paths_(dataFolder), clock_(clock), bounds_(bounds)
    {
    }
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> takeKey();
    [[nodiscard]] Result<void> openLog();
    [[nodiscard]] Result<void> findEnd(const std::optional<AuditHead>& anchored);
    [[nodiscard]] Result<void> write(const std::string& line);
    [[nodiscard]] Result<void> writeHead(bool sync);
    [[nodiscard]] std::string firstLine(std::uint64_t dropped, AuditHead& head) const;
    [[nodiscard]] Result<std::optional<AuditBegin>> beginOf(std::uint64_t number) const;
    [[nodiscard]] Result<void> beginFile();
    [[nodiscard]] Result<void> putAside();
    [[nodiscard]] Result<std::uint64_t> entriesToDrop() const;
    void removeDropped();

    const AuditPaths paths_;
    const Clock& clock_;
    std::unique_ptr<auth::HmacKey> key_;
    UniqueFd headFile_;
    std::vector<std::string> notes_;
    mutable std::mutex mutex_; ///< guards those below
    AuditBounds bounds_;
    File log_;
    std::uint64_t number_ = 1; ///< that audit.log gets when it is put aside
    std::uint64_t dropped_ = 0;
    AuditHead head_;
    std::uint64_t size_ = 0; ///< of audit.log, whole lines only
    std::array<std::mutex, 8> kinds_;
};

} // namespace spillway::admin
