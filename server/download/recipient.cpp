// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/recipient.h"

#include <algorithm>
#include <functional>

namespace spillway::download {

namespace {

/// Of a folder, some files are asked for again and again; 512 bytes for them. A link to one file has one.
constexpr std::size_t kFolderPlaces = 64;

} // namespace

std::uint64_t LinkFile::tag(std::string_view path, std::string_view entityTag)
{
    const std::hash<std::string_view> hash;
    const std::uint64_t tag = hash(path) * 0x9E3779B97F4A7C15U ^ hash(entityTag);
    return tag != 0 ? tag : 1; // 0 is an empty place in Recipient::complete_
}

Recipient::Recipient(std::string link, std::string name, bool isFolder, std::int64_t now,
                     std::shared_ptr<ReceiptBounds> bounds)
    : link_(std::move(link)), name_(std::move(name)), isFolder_(isFolder), startedAt_(now),
      bounds_(std::move(bounds)), lastAt_(now), places_(isFolder ? kFolderPlaces : 1),
      complete_(std::make_unique<std::atomic<std::uint64_t>[]>(places_))
{
}

Recipient::~Recipient()
{
    bounds_->files.fetch_sub(files_.size(), std::memory_order_relaxed);
}

bool Recipient::lasts(const policy::RecipientLife& life, std::int64_t now) const noexcept
{
    if (hasTransfers())
        return true;
    const std::int64_t finished = finishedAt_.load(std::memory_order_relaxed);
    return life.lasts(lastAt_.load(std::memory_order_relaxed),
                      finished != 0 ? std::optional(finished) : std::nullopt, now);
}

bool Recipient::covers(std::uint64_t tag) const noexcept
{
    return complete_[tag % places_].load(std::memory_order_relaxed) == tag;
}

bool Recipient::touch(std::int64_t now) noexcept
{
    if (now <= lastAt_.load(std::memory_order_relaxed))
        return false;
    lastAt_.store(now, std::memory_order_relaxed);
    return now - savedAt_.load(std::memory_order_relaxed) >= kTouchEvery;
}

bool Recipient::begin(const LinkFile& file, std::int64_t now)
{
    lastAt_.store(std::max(now, lastAt_.load(std::memory_order_relaxed)), std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    auto at = files_.find(file.path);
    if (at == files_.end()) {
        if (bounds_->files.fetch_add(1, std::memory_order_relaxed) >= bounds_->maxFiles) {
            bounds_->files.fetch_sub(1, std::memory_order_relaxed);
            bounds_->filesDropped.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        at = files_.try_emplace(file.path).first;
    }
    File& known = at->second;
    if (known.entityTag != file.entityTag || known.size != file.size) {
        const bool first = known.entityTag.empty();
        known.entityTag = file.entityTag;
        known.size = file.size;
        known.arrived = {};
        // Another file than the one he has; where that one is in the catalog only, saving finds out.
        if (!first && !isFolder_)
            finishedAt_.store(0, std::memory_order_relaxed);
    }
    known.changed = true;
    ++known.transfers;
    transfers_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void Recipient::end(const LinkFile& file, std::span<const policy::RangeUnion::Piece> arrived,
                    std::int64_t now)
{
    lastAt_.store(std::max(now, lastAt_.load(std::memory_order_relaxed)), std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    transfers_.fetch_sub(1, std::memory_order_relaxed);
    const auto at = files_.find(file.path);
    if (at == files_.end())
        return;
    File& known = at->second;
    --known.transfers;
    known.changed = true;
    if (known.entityTag != file.entityTag || known.size != file.size)
        return; // the file has changed since this transfer began
    for (const policy::RangeUnion::Piece& piece : arrived)
        if (!known.arrived.add(piece.begin, piece.end))
            bounds_->piecesDropped.fetch_add(1, std::memory_order_relaxed);
    if (known.arrived.coversAll(known.size))
        finish(file.path, known, now);
}

void Recipient::finish(const std::string& path, const File& file, std::int64_t now)
{
    const std::uint64_t tag = LinkFile::tag(path, file.entityTag);
    complete_[tag % places_].store(tag, std::memory_order_relaxed);
    std::int64_t none = 0;
    if (!isFolder_)
        finishedAt_.compare_exchange_strong(none, now, std::memory_order_relaxed);
}

bool Recipient::isBusy() const noexcept
{
    return hasTransfers() || dirty_.load(std::memory_order_relaxed);
}

void Recipient::adopt(const catalog::Receipt& receipt)
{
    if (receipt.finishedAt)
        finishedAt_.store(*receipt.finishedAt, std::memory_order_relaxed);
    savedAt_.store(receipt.lastAt, std::memory_order_relaxed);
    row_.store(receipt.id, std::memory_order_release);
}

catalog::ReceiptRepository::Change Recipient::takeChange()
{
    dirty_.store(false);
    catalog::ReceiptRepository::Change change;
    change.id = row_.load(std::memory_order_acquire);
    change.isFolder = isFolder_;
    const std::lock_guard lock(mutex_);
    change.lastAt = lastAt_.load(std::memory_order_relaxed);
    for (auto& [path, file] : files_)
        if (std::exchange(file.changed, false))
            change.files.push_back(
                {path, file.entityTag, static_cast<std::int64_t>(file.size), file.arrived});
    return change;
}

void Recipient::changeSaved(const catalog::ReceiptRepository::Change& change,
                            const catalog::ReceiptRepository::Saved& saved)
{
    row_.store(change.id, std::memory_order_release);
    savedAt_.store(change.lastAt, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    bool changedSince = false;
    for (std::size_t i = 0; i < change.files.size(); ++i) {
        const auto at = files_.find(change.files[i].path);
        if (at == files_.end())
            continue;
        File& file = at->second;
        if (file.changed) {
            changedSince = true;
            continue; // what came meanwhile is saved next, together with this
        }
        if (saved.complete[i])
            finish(change.files[i].path, file, change.lastAt);
        if (file.transfers == 0)
            forget(at);
        else
            file.arrived = {};
    }
    if (!isFolder_ && !changedSince)
        finishedAt_.store(saved.finishedAt.value_or(0), std::memory_order_relaxed);
}

void Recipient::changeFailed(const catalog::ReceiptRepository::Change& change)
{
    const std::lock_guard lock(mutex_);
    for (const catalog::ReceiptFile& saved : change.files)
        if (const auto at = files_.find(saved.path); at != files_.end())
            at->second.changed = true;
}

void Recipient::forget(Files::iterator at)
{
    files_.erase(at);
    bounds_->files.fetch_sub(1, std::memory_order_relaxed);
}

} // namespace spillway::download
