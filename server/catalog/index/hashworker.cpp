// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/hashworker.h"

#include "server/catalog/index/folderreader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace spillway::catalog {

namespace {

constexpr std::int64_t idsAPass = 1000;

} // namespace

bool HashWorker::busy() const
{
    return options_.hash && (current_ || !tree_.toHash.empty() || !fromPass_.empty() || tree_.hashAll);
}

void HashWorker::forget(std::int64_t id)
{
    if (current_ && currentId_ == id)
        current_.reset();
}

Result<std::optional<std::int64_t>> HashWorker::nextId()
{
    if (!tree_.toHash.empty()) {
        const std::int64_t id = tree_.toHash.front();
        tree_.toHash.pop_front();
        return id;
    }
    if (fromPass_.empty() && tree_.hashAll) {
        const std::int64_t maxSize = options_.hashMaxSize.count > 0
                                         ? options_.hashMaxSize.count
                                         : std::numeric_limits<std::int64_t>::max();
        auto ids = tree_.rows.unhashed(tree_.hashCursor, maxSize, idsAPass);
        if (!ids)
            return fail(ids.error());
        fromPass_.assign(ids->begin(), ids->end());
        tree_.hashCursor = ids->empty() ? 0 : ids->back();
        if (ids->empty())
            tree_.hashAll = std::exchange(tree_.hashAgain, false);
    }
    if (fromPass_.empty())
        return std::nullopt;
    const std::int64_t id = fromPass_.front();
    fromPass_.pop_front();
    return id;
}

Result<bool> HashWorker::openNext()
{
    auto id = nextId();
    if (!id)
        return fail(id.error());
    if (!*id)
        return false;
    auto row = tree_.rows.find(**id);
    if (!row)
        return fail(row.error());
    if (row->id == 0 || row->facts.isFolder)
        return false;
    if (options_.hashMaxSize.count > 0 && row->facts.size > options_.hashMaxSize.count)
        return false;
    const auto share = tree_.shares.find(row->share);
    if (share == tree_.shares.end() || share->second.offline)
        return false; // its return begins with a scan, and that with a look through all files
    auto path = tree_.rows.pathOf(**id);
    if (!path)
        return fail(path.error());
    auto root = openRoot(share->second.config.path);
    if (!root)
        return false;
    if (row->parent != 0)
        root = openBelow(root->get(), *path, 0);
    if (!root) {
        share->second.row.counts.errors += root.error().code == ErrorCode::NotFound ? 0 : 1;
        return false;
    }
    auto hasher = FileHasher::open(std::move(*root));
    if (!hasher)
        return false; // replaced by a folder or device since: its event tells
    if (hasher->facts() != row->facts) {
        // Changed, and the event or the poll is still to come. What will be hashed is what is there now.
        if (auto changed = tree_.rows.update(row->id, hasher->facts()); !changed)
            return fail(changed.error());
        share->second.row.counts.bytes += hasher->facts().size - row->facts.size;
        share->second.unsaved = true;
    }
    current_.emplace(std::move(*hasher));
    currentId_ = **id;
    return true;
}

Result<void> HashWorker::step()
{
    if (auto begun = tree_.begin(); !begun)
        return begun;
    if (!current_) {
        auto opened = openNext();
        if (!opened)
            return fail(opened.error());
        if (!*opened)
            return {};
    }
    auto read = current_->step();
    if (read && *read > 0) {
        const Monotonic now = clock_.monotonic();
        if (options_.hashRate.count > 0) {
            const double seconds = static_cast<double>(*read) / static_cast<double>(options_.hashRate.count);
            nextStep_ = std::max(nextStep_, now) + std::chrono::duration_cast<Monotonic::duration>(
                                                       std::chrono::duration<double>(seconds));
        }
        if (!current_->atEnd())
            return {};
    }
    auto sums = read ? current_->finish() : Result<FileHasher::Sums>(fail(read.error()));
    current_.reset();
    auto row = tree_.rows.find(currentId_);
    if (!row)
        return fail(row.error());
    const auto share = row->id != 0 ? tree_.shares.find(row->share) : tree_.shares.end();
    if (share == tree_.shares.end())
        return {};
    if (!sums) {
        // Changed while it was read: whoever changed it tells by an event. Unreadable: not tried again until
        // then.
        share->second.row.counts.errors += sums.error().code == ErrorCode::Conflict ? 0 : 1;
        return {};
    }
    return tree_.setHash(share->second, currentId_, sums->crc32, sums->sha256);
}

} // namespace spillway::catalog
