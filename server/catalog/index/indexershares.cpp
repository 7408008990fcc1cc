// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Indexer that brings shares in and out, and starts and ends their scans.
#include "server/catalog/index/indexer.h"

#include <sys/stat.h>

namespace spillway::catalog {

Result<void> Indexer::addShare(const IndexedShare& config)
{
    IndexTree& tree = open_->tree;
    if (const auto known = tree.shares.find(config.id); known != tree.shares.end()) {
        if (known->second.config.path != config.path)
            known->second.row.inode = 0; // another folder on purpose, not a disk that went
        known->second.config = config;
        return startScan(known->second);
    }
    auto rows = tree.rows.shares();
    if (!rows)
        return fail(rows.error());
    TreeShare share;
    share.row.share = config.id;
    for (IndexRows::ShareRow& row : *rows) {
        if (row.share == config.id)
            share.row = std::move(row);
    }
    if (share.row.path != config.path)
        share.row.inode = 0;
    share.config = config;
    share.row.path = config.path;
    share.row.counts.share = config.id;
    share.unsaved = true;
    return startScan(tree.shares.emplace(config.id, std::move(share)).first->second);
}

Result<void> Indexer::removeShare(ShareId id)
{
    IndexTree& tree = open_->tree;
    open_->scanner.drop(id);
    const auto known = tree.shares.find(id);
    if (known == tree.shares.end())
        return {};
    if (auto begun = tree.begin(); !begun)
        return begun;
    auto root = tree.rows.child(0, std::to_string(id));
    if (!root)
        return fail(root.error());
    if (root->id != 0) {
        if (auto removed = tree.removeTree(known->second, *root); !removed)
            return removed;
    }
    if (auto begun = tree.begin(); !begun)
        return begun;
    if (auto removed = tree.rows.removeShare(id); !removed)
        return removed;
    tree.shares.erase(known);
    return tree.commit();
}

Result<void> Indexer::keepOnly(const std::set<ShareId>& shares)
{
    auto rows = open_->tree.rows.shares();
    if (!rows)
        return fail(rows.error());
    for (IndexRows::ShareRow& row : *rows) {
        const ShareId id = row.share;
        if (shares.contains(id) || open_->tree.shares.contains(id))
            continue;
        TreeShare gone;
        gone.row = std::move(row);
        open_->tree.shares.emplace(id, std::move(gone));
        if (auto removed = removeShare(id); !removed)
            return removed;
    }
    return {};
}

void Indexer::setOffline(TreeShare& share)
{
    open_->scanner.drop(share.config.id);
    share.offline = true;
}

Result<void> Indexer::startScan(TreeShare& share)
{
    IndexTree& tree = open_->tree;
    open_->scanner.drop(share.config.id);
    share.nextPoll = clock_.monotonic() + options_.pollInterval;
    auto root = openRoot(share.config.path);
    if (!root) {
        setOffline(share);
        return {};
    }
    auto facts = factsOf(root->get());
    if (!facts || !*facts) {
        setOffline(share);
        return {};
    }
    const bool watchable = (*facts)->isFolder && !options_.forcePoll && !isRemoteFileSystem(root->get());
    if ((*facts)->isFolder) {
        // A disk that was unmounted leaves an empty folder, another one by its inode. Its index is kept for
        // its return.
        auto reader = FolderReader::open(std::move(*root));
        const auto first = reader ? reader->next() : Result<std::string_view>(fail(reader.error()));
        const bool replaced = share.row.inode != 0 && share.row.inode != (*facts)->inode;
        if (!first || (replaced && first->empty() && share.row.counts.files > 0)) {
            setOffline(share);
            return {};
        }
    }
    share.offline = false;
    share.row.inode = (*facts)->inode;

    auto row = tree.rows.child(0, std::to_string(share.config.id));
    if (!row)
        return fail(row.error());
    if (row->id != 0 && row->facts.isFolder != (*facts)->isFolder) {
        if (auto removed = tree.removeTree(share, *row); !removed)
            return removed;
        row->id = 0;
    }
    const bool fresh = row->id == 0;
    if (fresh) {
        auto id = tree.add(share, 0, std::to_string(share.config.id), **facts);
        if (!id)
            return fail(id.error());
        share.row.root = *id;
    } else if (row->facts != **facts) {
        if (auto changed = tree.change(share, *row, **facts); !changed)
            return changed;
    }
    share.unsaved = true;
    share.row.counts.scanSeen = 0;
    share.watched = watchable;
    if (!(*facts)->isFolder)
        return endScan(share);
    share.wholeScan = true;
    open_->scanner.add({share.config.id, share.row.root, {}, fresh, true});
    return {};
}

Result<void> Indexer::endScan(TreeShare& share)
{
    if (share.wholeScan || share.watched || share.row.counts.scannedAt == std::nullopt)
        share.row.counts.scannedAt = unixSeconds(clock_.wall());
    if (share.wholeScan)
        open_->tree.hashAll = true; // also what could not be read when it was last tried
    share.wholeScan = false;
    share.unsaved = true;
    share.nextPoll = clock_.monotonic() + options_.pollInterval;
    return open_->tree.commit();
}

Result<void> Indexer::checkShares()
{
    const Monotonic now = clock_.monotonic();
    for (auto& [id, share] : open_->tree.shares) {
        const bool due = !share.watched && !share.offline && share.jobs == 0 && now >= share.nextPoll;
        if (due) {
            if (auto started = startScan(share); !started)
                return started;
        }
    }
    if (now < nextRootCheck_)
        return {};
    nextRootCheck_ = now + options_.rootCheckInterval;
    for (auto& [id, share] : open_->tree.shares) {
        struct stat info = {};
        const bool there = ::stat(share.config.path.c_str(), &info) == 0;
        const bool same = there && static_cast<std::int64_t>(info.st_ino) == share.row.inode;
        if (share.offline ? !there : same)
            continue;
        if (auto started = startScan(share); !started) // or stays offline, or goes offline
            return started;
    }
    return {};
}

} // namespace spillway::catalog
