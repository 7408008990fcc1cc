// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filefacts.h"
#include "server/body/pathresolver.h"
#include "server/body/zipformat.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace spillway::body {

/// A part of the archive that is made in one go: a record or more, or a file's bytes.
struct ZipPiece
{
    enum class Kind : std::uint8_t
    {
        Local,
        Content, ///< of entry `index`; the only one that is not made here
        Descriptor,
        Directory, ///< some central records: those of block `index`
        End
    };
    Kind kind = Kind::End;
    std::size_t index = 0;
    std::uint64_t at = 0;     ///< where it begins in the archive
    std::uint64_t length = 0; ///< > 0
};

/// What a plan keeps of a file or folder.
struct ZipFacts
{
    std::uint64_t size = 0;    ///< of a file
    std::int64_t modified = 0; ///< seconds since 1970
    std::uint64_t version = 0; ///< of a file: versionOf
    std::int64_t changed = 0;  ///< of a file: its ctime, nanoseconds
    std::uint16_t mode = 0;    ///< rights
    bool isFolder = false;
};
[[nodiscard]] ZipFacts zipFactsOf(const FileFacts& facts);

/// What a folder's archive consists of, byte for byte but for the files' own bytes: a pure function of the
/// names, sizes, times and modes that were found, so that any range of it can be sent, today or in a week.
///
///     entries_  ──► names_ (one text)          offset of each local header: piece by binary search
///        │      └─► crcs_  (what is known)     ZIP64 or not, descriptor or not: zipformat.h
///        └ blocks_: where every 64th central record begins
///
/// Immutable and shared by all transfers, but for the checksums, which become known on the way and may be
/// set by any thread: a checksum is as certain as the version of its file, so it does not matter who found
/// it. `memory()` is about 60 bytes an entry and its path. The entity tag is strong: it covers all versions.
class ZipPlan
{
public:
    [[nodiscard]] std::size_t count() const noexcept { return entries_.size(); }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_; } ///< of the archive, bytes
    [[nodiscard]] std::uint64_t directoryAt() const noexcept { return directoryAt_; }
    [[nodiscard]] const std::string& entityTag() const noexcept { return entityTag_; } ///< with its quotes
    [[nodiscard]] std::size_t memory() const noexcept { return memory_; }              ///< bytes
    [[nodiscard]] std::size_t leftOut() const noexcept { return leftOut_; } ///< entries that cannot be read

    [[nodiscard]] ZipRecord record(std::size_t entry) const;
    [[nodiscard]] std::uint64_t size(std::size_t entry) const { return entries_[entry].size; }
    [[nodiscard]] std::uint64_t version(std::size_t entry) const { return entries_[entry].version; }
    [[nodiscard]] ShareRoot& root() const noexcept { return *root_; }
    [[nodiscard]] std::string pathInShare(std::size_t entry) const;
    /// Files only, by their path in the archive. Made anew at each call.
    [[nodiscard]] std::unordered_map<std::string_view, std::size_t> filesByPath() const;

    /// `offset` < length().
    [[nodiscard]] ZipPiece pieceAt(std::uint64_t offset) const;
    /// Appends a piece that is not Content; missing() is none.
    void append(std::string& out, const ZipPiece& piece) const;
    /// The first entry whose checksum the piece needs and nobody knows yet.
    [[nodiscard]] std::optional<std::size_t> missing(const ZipPiece& piece) const;
    /// The same of all entries from `first` on.
    [[nodiscard]] std::optional<std::size_t> missingFrom(std::size_t first) const;

    [[nodiscard]] std::optional<std::uint32_t> crc(std::size_t entry) const;
    void setCrc(std::size_t entry, std::uint32_t crc) const;
    /// A checksum from elsewhere: of a file with this size, mtime and inode, as it was at `at` (seconds since
    /// 1970). Taken where that is still the file.
    struct Known
    {
        std::uint64_t size = 0;
        std::int64_t mtimeNs = 0;
        std::uint64_t inode = 0;
        std::int64_t at = 0;
        std::uint32_t crc = 0;
    };
    void learn(std::size_t entry, const Known& known) const;
    /// Takes over what an older plan of the same folder knows of files that are the same.
    void adopt(const ZipPlan& older) const;

    /// A file was found changed or gone: nothing that is begun with this plan can be finished.
    void markChanged() const noexcept { changed_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isChanged() const noexcept { return changed_.load(std::memory_order_relaxed); }

    static constexpr std::size_t kBlock = 64; ///< central records in a piece

private:
    friend class ZipPlanBuilder;
    struct Entry
    {
        std::uint64_t offset = 0; ///< of its local header
        std::uint64_t size = 0;
        std::int64_t modified = 0; ///< seconds since 1970
        std::uint64_t version = 0; ///< of a file: versionOf
        std::int64_t changed = 0;  ///< its ctime, nanoseconds
        std::uint32_t nameAt = 0;
        std::uint16_t nameLength = 0;
        std::uint16_t bits = 0; ///< mode, and the two below
    };
    static constexpr std::uint16_t kFolder = 1 << 9, kUtf8 = 1 << 10;
    static constexpr std::uint64_t kKnown = std::uint64_t{1} << 32;

    ZipPlan() = default;
    [[nodiscard]] ZipEnd end() const;

    std::shared_ptr<ShareRoot> root_;
    std::string folder_; ///< below the share
    std::string names_;
    std::vector<Entry> entries_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> crcs_; ///< with kKnown
    std::vector<std::uint64_t> blocks_;
    std::uint64_t directoryAt_ = 0, directoryLength_ = 0, length_ = 0;
    std::size_t leftOut_ = 0, memory_ = 0;
    std::string comment_, entityTag_;
    mutable std::atomic<bool> changed_{false};
};

using ZipPlanPtr = std::shared_ptr<const ZipPlan>;

/// Collects a plan's entries, in the order of the archive.
class ZipPlanBuilder
{
public:
    /// `folder` is below the share; `mostBytes` bounds the plan's memory.
    ZipPlanBuilder(std::shared_ptr<ShareRoot> root, std::string folder, std::size_t mostBytes);

    /// A file or folder; `path` is below the folder, without a slash at its end. False where the plan would
    /// be larger than it may.
    [[nodiscard]] bool add(std::string_view path, const ZipFacts& facts);
    [[nodiscard]] bool add(std::string_view path, const FileFacts& facts)
    {
        return add(path, zipFactsOf(facts));
    }
    /// So many more will come, whose paths take so many bytes.
    void reserve(std::size_t entries, std::size_t pathBytes);
    /// Something is there that cannot be in the archive; the archive's comment tells how many.
    void leaveOut() { ++plan_->leftOut_; }
    [[nodiscard]] ZipPlanPtr finish();

private:
    void layOut();
    [[nodiscard]] std::string tag() const;

    std::shared_ptr<ZipPlan> plan_;
    const std::size_t mostBytes_;
};

} // namespace spillway::body
