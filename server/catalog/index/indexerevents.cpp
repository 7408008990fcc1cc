// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Indexer that turns inotify's events into changed rows. Events only say where to look: what a
// name is now is asked of the file system, so their order and number do not matter. Renames are the
// exception: a moved row keeps its checksums and all that is below it.
#include "server/catalog/index/indexer.h"

#include <fcntl.h>

namespace spillway::catalog {

namespace {

constexpr std::size_t maxNamesOfAFolder = 1000; ///< more: read the folder
constexpr std::size_t maxDirtyNames = 100'000;  ///< more: scan all again

} // namespace

Result<void> Indexer::takeEvents()
{
    std::map<std::uint32_t, std::pair<std::int64_t, std::string>>
        movedFrom; // a pair comes in one read, or not at all
    bool lost = false;
    for (FolderEvent& event : open_->watcher.read()) {
        if (event.kind == FolderEvent::Kind::Overflow || dirtyNames_ >= maxDirtyNames) {
            lost = true;
            break;
        }
        if (!settled_)
            settled_ = clock_.monotonic() + options_.settle;
        if (event.kind == FolderEvent::Kind::FolderGone) {
            for (const auto& [id, share] : open_->tree.shares) {
                if (share.row.root == event.folder)
                    nextRootCheck_ = clock_.monotonic(); // others are told of by their parent
            }
            continue;
        }
        Dirty& dirty = dirty_[event.folder];
        bool modified = event.kind == FolderEvent::Kind::Modified;
        if (event.kind == FolderEvent::Kind::MovedTo) {
            if (const auto from = movedFrom.find(event.cookie); from != movedFrom.end()) {
                const auto& [folder, name] = from->second;
                const auto before = dirty_.find(folder);
                if (before != dirty_.end()) {
                    const auto known = before->second.names.find(name);
                    modified = known != before->second.names.end() && known->second;
                }
                moves_.push_back({folder, name, event.folder, event.name});
            }
        }
        const auto [at, isNew] = dirty.names.try_emplace(event.name, modified);
        at->second = at->second || modified;
        dirtyNames_ += isNew ? 1 : 0;
        if (event.kind == FolderEvent::Kind::MovedFrom)
            movedFrom[event.cookie] = {event.folder, std::move(event.name)};
        dirty.whole = dirty.whole || dirty.names.size() > maxNamesOfAFolder;
    }
    if (!lost)
        return {};
    ++counters_.eventOverflows;
    dirty_.clear();
    dirtyNames_ = 0;
    moves_.clear();
    settled_.reset();
    for (auto& [id, share] : open_->tree.shares) {
        if (auto started = startScan(share); !started)
            return started;
    }
    return {};
}

Result<void> Indexer::applyEvents()
{
    const auto moves = std::exchange(moves_, {});
    const auto dirty = std::exchange(dirty_, {});
    dirtyNames_ = 0;
    settled_.reset();
    for (const Move& move : moves) {
        if (auto moved = applyMove(move); !moved)
            return moved;
    }
    for (const auto& [folder, names] : dirty) {
        if (auto applied = applyFolder(folder, names); !applied)
            return applied;
    }
    return open_->tree.commit();
}

Result<void> Indexer::applyMove(const Move& move)
{
    IndexTree& tree = open_->tree;
    auto row = tree.rows.child(move.fromFolder, move.fromName);
    auto folder = tree.rows.find(move.toFolder);
    auto target = tree.rows.child(move.toFolder, move.toName);
    if (!row || !folder || !target)
        return fail(!row ? row.error() : !folder ? folder.error() : target.error());
    if (row->id == 0 || folder->id == 0 || row->share != folder->share)
        return {}; // unknown here, or into another share: gone there and new here
    // A row whose event is still to come may make this a loop; then the names are looked at one by one
    // instead.
    for (std::int64_t above = move.toFolder; above != 0;) {
        if (above == row->id)
            return {};
        auto parent = tree.rows.find(above);
        if (!parent)
            return fail(parent.error());
        above = parent->parent;
    }
    const auto share = tree.shares.find(row->share);
    if (share == tree.shares.end())
        return {};
    if (target->id != 0 && target->id != row->id) {
        if (auto removed = tree.removeTree(share->second, *target); !removed)
            return removed;
    }
    if (auto moved = tree.move(*row, move.toFolder, move.toName); !moved)
        return moved;
    if (share->second.jobs > 0 && row->facts.isFolder)
        return startScan(share->second); // jobs under way hold the old path
    return {};
}

Result<void> Indexer::applyFolder(std::int64_t id, const Dirty& dirty)
{
    IndexTree& tree = open_->tree;
    auto row = tree.rows.find(id);
    if (!row)
        return fail(row.error());
    if (row->id == 0)
        return {};
    const auto share = tree.shares.find(row->share);
    if (share == tree.shares.end() || share->second.offline)
        return {};
    auto path = tree.rows.pathOf(id);
    if (!path)
        return path.error().code == ErrorCode::NotFound ? Result<void>() : fail(path.error());
    FolderScanner::Job folder{share->first, id, std::move(*path), false, false};
    if (dirty.whole) {
        open_->scanner.add(std::move(folder));
        return {};
    }
    auto root = openRoot(share->second.config.path);
    if (!root) {
        setOffline(share->second);
        return {};
    }
    auto fd = openBelow(root->get(), folder.path, O_DIRECTORY);
    if (!fd)
        return {}; // gone meanwhile; its parent has an event too
    for (const auto& [name, modified] : dirty.names) {
        if (auto synced = open_->scanner.syncName(share->second, folder, fd->get(), name, modified); !synced)
            return synced;
    }
    return {};
}

} // namespace spillway::catalog
