// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/receiptrepository.h"
#include "server/policy/rangeunion.h"
#include "server/policy/recipientlife.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace spillway::download {

/// One file of a link, as it is now.
struct LinkFile
{
    std::string path; ///< below the link; empty for a link to one file
    std::string entityTag;
    std::uint64_t size = 0;

    /// A number for these very bytes of this file. A hash: two files may have the same one, once in 2^64.
    [[nodiscard]] static std::uint64_t tag(std::string_view path, std::string_view entityTag);
    [[nodiscard]] std::uint64_t tag() const { return tag(path, entityTag); }
};

/// How many files of all recipients are in memory, and how often that was too many. Any thread.
struct ReceiptBounds
{
    std::size_t maxFiles = 262'144; ///< with transfers under way or not saved yet
    std::atomic<std::size_t> files{0};
    std::atomic<std::uint64_t> filesDropped{0};  ///< not in a receipt: the bound was hit
    std::atomic<std::uint64_t> piecesDropped{0}; ///< a file had more pieces than a union holds
};

/// One recipient of one link: what he has of it, as far as it is not in the catalog yet.
///
/// Shared by all workers and the thread that saves it; what a request asks (lasts, covers, touch) is atomic,
/// the files are under a mutex. Times are seconds since 1970. What was saved leaves memory: the catalog joins
/// what comes later with it.
class Recipient
{
public:
    Recipient(std::string link, std::string name, bool isFolder, std::int64_t now,
              std::shared_ptr<ReceiptBounds> bounds);
    ~Recipient();
    Recipient(const Recipient&) = delete;
    Recipient& operator=(const Recipient&) = delete;

    [[nodiscard]] const std::string& link() const noexcept { return link_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool isFolder() const noexcept { return isFolder_; }
    [[nodiscard]] std::int64_t startedAt() const noexcept { return startedAt_; }

    /// Still the same download. While a transfer goes on it is, however long that takes.
    [[nodiscard]] bool lasts(const policy::RecipientLife& life, std::int64_t now) const noexcept;
    /// He is in the catalog: counted for good.
    [[nodiscard]] bool isSaved() const noexcept { return row_.load(std::memory_order_acquire) != 0; }
    /// He has all of this file, as far as is known here: nothing more can be learnt about it.
    [[nodiscard]] bool covers(std::uint64_t tag) const noexcept;
    /// A request of his. True where that is to be saved: at most every kTouchEvery.
    [[nodiscard]] bool touch(std::int64_t now) noexcept;
    static constexpr std::int64_t kTouchEvery = 20; ///< seconds; the shortest idle time is a minute

    /// A transfer of a file begins. False where it cannot be followed (ReceiptBounds).
    [[nodiscard]] bool begin(const LinkFile& file, std::int64_t now);
    /// It is over, and these bytes of the file have arrived. Only after a begin() that was true.
    void end(const LinkFile& file, std::span<const policy::RangeUnion::Piece> arrived, std::int64_t now);

    [[nodiscard]] bool hasTransfers() const noexcept
    {
        return transfers_.load(std::memory_order_relaxed) > 0;
    }
    /// Transfers go on, or something is not saved.
    [[nodiscard]] bool isBusy() const noexcept;

    // For Recipients, which saves.
    void adopt(const catalog::Receipt& receipt);
    /// True where it was not marked before: the caller queues it.
    [[nodiscard]] bool markDirty() noexcept { return !dirty_.exchange(true); }
    /// What is to be saved. `id` is 0 where he is not in the catalog yet.
    [[nodiscard]] catalog::ReceiptRepository::Change takeChange();
    void changeSaved(const catalog::ReceiptRepository::Change& change,
                     const catalog::ReceiptRepository::Saved& saved);
    void changeFailed(const catalog::ReceiptRepository::Change& change);

private:
    struct File
    {
        std::string entityTag;
        std::uint64_t size = 0;
        policy::RangeUnion arrived; ///< since it was last saved
        std::uint32_t transfers = 0;
        bool changed = false;
    };
    using Files = std::map<std::string, File, std::less<>>;
    void finish(const std::string& path, const File& file, std::int64_t now);
    void forget(Files::iterator at);

    const std::string link_, name_;
    const bool isFolder_;
    const std::int64_t startedAt_;
    const std::shared_ptr<ReceiptBounds> bounds_;
    std::atomic<std::int64_t> row_{0};
    std::atomic<std::int64_t> lastAt_, savedAt_{0};
    std::atomic<std::int64_t> finishedAt_{0}; ///< 0: not
    std::atomic<std::uint32_t> transfers_{0};
    std::atomic<bool> dirty_{false};
    /// Tags of files he has, each in the place that its tag says: the latest of those that share one.
    const std::size_t places_;
    const std::unique_ptr<std::atomic<std::uint64_t>[]> complete_;
    mutable std::mutex mutex_; ///< guards files_
    Files files_;
};

using RecipientPtr = std::shared_ptr<Recipient>;

} // namespace spillway::download
