// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/indextree.h"

namespace spillway::catalog {

namespace {

constexpr std::size_t maxToHash = 10'000;

void count(TreeShare& share, const IndexRows::Row& row, std::int64_t sign)
{
    if (row.facts.isFolder && row.parent != 0)
        share.row.counts.folders += sign;
    if (!row.facts.isFolder) {
        share.row.counts.files += sign;
        share.row.counts.bytes += sign * row.facts.size;
    }
    share.unsaved = true;
}

} // namespace

Result<std::int64_t> IndexTree::add(TreeShare& share, std::int64_t parent, std::string_view name,
                                    const FileFacts& facts)
{
    if (auto begun = begin(); !begun)
        return fail(begun.error());
    const IndexRows::Row row{0, parent, share.config.id, std::string(name), facts};
    auto id = rows.insert(row);
    if (!id)
        return id;
    ++pending_;
    count(share, row, 1);
    if (!facts.isFolder)
        wantHash(*id);
    return id;
}

Result<void> IndexTree::change(TreeShare& share, const IndexRows::Row& row, const FileFacts& facts)
{
    if (auto begun = begin(); !begun)
        return begun;
    if (auto updated = rows.update(row.id, facts); !updated)
        return updated;
    ++pending_;
    count(share, row, -1);
    count(share, {row.id, row.parent, row.share, {}, facts}, 1);
    if (facts.isFolder)
        return {};
    wantHash(row.id);
    return dropHash(share, row.id);
}

Result<void> IndexTree::removeOne(TreeShare& share, const IndexRows::Row& row)
{
    auto hashed = rows.remove(row);
    if (!hashed)
        return fail(hashed.error());
    ++pending_;
    count(share, row, -1);
    if (*hashed)
        --share.row.counts.filesHashed;
    if (row.facts.isFolder)
        watcher_.forget(row.id);
    if (auto committed = commitIfFull(); !committed)
        return committed;
    return begin();
}

Result<void> IndexTree::removeTree(TreeShare& share, const IndexRows::Row& row)
{
    if (auto begun = begin(); !begun)
        return begun;
    // Folders top down, then emptied bottom up: what a crash leaves still hangs on its root and is found by
    // the next scan.
    std::vector<IndexRows::Row> folders;
    if (row.facts.isFolder)
        folders.push_back(row);
    for (std::size_t i = 0; i < folders.size(); ++i) {
        auto children = rows.children(folders[i].id);
        if (!children)
            return fail(children.error());
        for (IndexRows::Row& child : *children) {
            if (child.facts.isFolder)
                folders.push_back(std::move(child));
            else if (auto removed = removeOne(share, child); !removed)
                return removed;
        }
    }
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
        if (auto removed = removeOne(share, *folder); !removed)
            return removed;
    }
    if (!row.facts.isFolder)
        return removeOne(share, row);
    return {};
}

Result<void> IndexTree::move(const IndexRows::Row& row, std::int64_t newParent, const std::string& newName)
{
    if (auto begun = begin(); !begun)
        return begun;
    ++pending_;
    return rows.move(row, newParent, newName);
}

Result<void> IndexTree::dropHash(TreeShare& share, std::int64_t id)
{
    if (auto begun = begin(); !begun)
        return begun;
    auto dropped = rows.dropHash(id);
    if (!dropped)
        return fail(dropped.error());
    if (*dropped) {
        ++pending_;
        --share.row.counts.filesHashed;
        share.unsaved = true;
    }
    return {};
}

Result<void> IndexTree::setHash(TreeShare& share, std::int64_t id, std::uint32_t crc32,
                                std::string_view sha256)
{
    if (auto dropped = dropHash(share, id); !dropped)
        return dropped;
    if (auto set = rows.setHash(id, crc32, sha256, unixSeconds(clock_.wall())); !set)
        return set;
    ++pending_;
    ++share.row.counts.filesHashed;
    share.unsaved = true;
    return {};
}

Result<void> IndexTree::begin()
{
    if (open_)
        return {};
    auto begun = session_.prepare("BEGIN IMMEDIATE").run();
    if (!begun)
        return fail(begun.error());
    open_ = true;
    return {};
}

Result<void> IndexTree::commit()
{
    for (auto& [id, share] : shares) {
        if (!share.unsaved)
            continue;
        if (auto begun = begin(); !begun)
            return begun;
        if (auto saved = rows.saveShare(share.row); !saved)
            return saved;
        share.unsaved = false;
    }
    if (!open_)
        return {};
    auto committed = session_.prepare("COMMIT").run();
    if (!committed)
        return fail(committed.error());
    open_ = false;
    pending_ = 0;
    return {};
}

Result<void> IndexTree::commitIfFull()
{
    if (pending_ < options_.batchRows)
        return {};
    return commit();
}

void IndexTree::wantHash(std::int64_t id)
{
    if (!options_.hash || (hashAll && id > hashCursor))
        return;
    if (toHash.size() < maxToHash) {
        toHash.push_back(id);
        return;
    }
    toHash.clear();
    (hashAll ? hashAgain : hashAll) = true;
}

} // namespace spillway::catalog
