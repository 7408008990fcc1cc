// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/journal.h"
#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace spillway::get {

/// A download on its way to a name: NAME.part, its lock, its journal, and the renaming at the end. Offsets
/// and sizes in bytes. One thread, but for fdatasync, which runs on a thread of its own while more is
/// written.
///
/// The lock is flock(2) on NAME.part: a second process gets Busy. What a killed process leaves is found by
/// the next one. Nothing is written to NAME before all of it is there.
class PartFile
{
public:
    /// Opens or makes NAME.part and locks it. Busy: another process has it.
    [[nodiscard]] static Result<PartFile> open(std::string path);
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();

    /// What a journal beside it says is missing of the same file, or none; then begin() starts afresh.
    [[nodiscard]] std::optional<std::vector<Span>> resumable(const Sha256& url, std::string_view validator,
                                                             std::uint64_t size) const;
    /// Sets the size and reserves the room on the disk; Exhausted where it is not there. With a validator a
    /// journal is kept from now on.
    [[nodiscard]] Result<void> begin(const Sha256& url, std::string validator, std::uint64_t size,
                                     const std::vector<Span>& missing);
    /// For a stream whose length nobody knows, and for one that cannot be resumed: empty, without a journal.
    [[nodiscard]] Result<void> beginStream();

    [[nodiscard]] Result<void> write(std::uint64_t offset, std::string_view bytes);
    /// Notes what is missing now. Cheap: one write of 8 KiB to the page cache. Every few seconds it has the
    /// disk catch up as well, in the background.
    [[nodiscard]] Result<void> note(const std::vector<Span>& missing);

    /// Reads back up to buffer.size() bytes from `offset`: how many; Io where there are none.
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, std::span<char> buffer) const;
    /// Cuts it to `size`, sets its time (none: now), gives it its name and removes the journal. AlreadyExists
    /// where `replace` is not set and the name is taken. A download that lasted long enough to be synced on
    /// its way is on the disk before it has its name; for a shorter one that would cost more than it
    /// protects.
    [[nodiscard]] Result<void> finish(std::uint64_t size, std::optional<std::int64_t> unixTime, bool replace);
    /// Removes both files.
    void discard();

    /// What is there can be gone on with by a later run.
    [[nodiscard]] bool isJournalled() const { return static_cast<bool>(journal_); }

private:
    struct Sync; ///< the thread that waits for the disk

    PartFile(std::string path, UniqueFd fd);
    [[nodiscard]] std::string partPath() const { return side_ + ".part"; }
    [[nodiscard]] std::string journalPath() const { return side_ + ".part.journal"; }
    [[nodiscard]] Result<void> writeRecord();

    std::string path_;
    std::string side_; ///< the same, but for a name too long to have an ending
    UniqueFd fd_, journal_;
    JournalRecord record_;
    std::unique_ptr<Sync> sync_;
};

} // namespace spillway::get
