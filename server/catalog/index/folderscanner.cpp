// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/folderscanner.h"

#include <algorithm>
#include <fcntl.h>

namespace spillway::catalog {

namespace {

constexpr int namesAStep = 1000;
/// A longer path is left out and counted as an error; each of its folders costs a step of openat.
constexpr std::size_t maxPathLength = 32 << 10;

std::string below(const std::string& folder, std::string_view name)
{
    std::string path = folder;
    if (!path.empty())
        path += '/';
    path += name;
    return path;
}

} // namespace

void FolderScanner::add(Job job)
{
    const auto share = tree_.shares.find(job.share);
    if (share == tree_.shares.end())
        return;
    ++share->second.jobs;
    jobs_.push_back(std::move(job));
}

void FolderScanner::drop(ShareId share)
{
    std::erase_if(jobs_, [share](const Job& job) { return job.share == share; });
    if (current_ && current_->job.share == share)
        current_.reset();
    if (const auto known = tree_.shares.find(share); known != tree_.shares.end()) {
        known->second.jobs = 0;
        known->second.wholeScan = false;
    }
}

bool FolderScanner::open(TreeShare& share, Job job)
{
    auto root = openRoot(share.config.path);
    if (!root)
        return false;
    auto folder = openBelow(root->get(), job.path, O_DIRECTORY);
    if (!folder) {
        // Gone since its parent was read: the parent's event, or the next scan, tells.
        share.row.counts.errors += folder.error().code == ErrorCode::NotFound ? 0 : 1;
        return false;
    }
    if (share.watched) {
        if (auto watched = watcher_.watch(folder->get(), job.folder); !watched) {
            share.watched = false; // the whole share is polled from now on; the watches it has still help
            ++counters_.watchLimitHits;
        }
    }
    auto reader = FolderReader::open(std::move(*folder));
    if (!reader) {
        ++share.row.counts.errors;
        return false;
    }
    current_.emplace(Reading{std::move(job), std::move(*reader), {}, {}});
    atEnd_ = false;
    return true;
}

Result<std::optional<ShareId>> FolderScanner::step()
{
    if (!current_) {
        if (jobs_.empty())
            return std::nullopt;
        Job job = std::move(jobs_.back());
        jobs_.pop_back();
        TreeShare& share = tree_.shares.at(job.share);
        const ShareId id = job.share;
        if (!open(share, std::move(job)))
            return --share.jobs == 0 ? std::optional(id) : std::nullopt;
    }
    const ShareId id = current_->job.share;
    TreeShare& share = tree_.shares.at(id);
    auto row = tree_.rows.find(current_->job.folder);
    if (!row)
        return fail(row.error());
    if (row->id == 0) { // moved away or replaced since the last step: its names have no place any more
        current_.reset();
        return --share.jobs == 0 ? std::optional(id) : std::nullopt;
    }
    if (auto read = readSome(share); !read)
        return fail(read.error());
    if (!atEnd_)
        return std::nullopt;
    if (!current_->job.fresh) {
        if (auto removed = removeUnseen(share); !removed)
            return fail(removed.error());
    }
    std::vector<Job> subfolders = std::move(current_->subfolders);
    current_.reset();
    for (Job& job : subfolders)
        add(std::move(job));
    return --share.jobs == 0 ? std::optional(id) : std::nullopt;
}

Result<void> FolderScanner::readSome(TreeShare& share)
{
    Reading& now = *current_;
    for (int i = 0; i < namesAStep; ++i) {
        const auto name = now.reader.next();
        if (!name) {
            // Not the end of the list: nothing may be taken for gone.
            ++share.row.counts.errors;
            now.job.fresh = true;
            atEnd_ = true;
            return {};
        }
        if (name->empty()) {
            atEnd_ = true;
            return {};
        }
        ++share.row.counts.scanSeen;
        const std::string text(*name);
        auto synced = sync(share, now.job, now.reader.fd(), text, false);
        if (!synced)
            return fail(synced.error());
        if (synced->id == 0)
            continue;
        if (!now.job.fresh)
            now.seen.push_back(synced->id);
        if (synced->isFolder && (now.job.recursive || synced->fresh))
            now.subfolders.push_back(
                {share.config.id, synced->id, below(now.job.path, text), synced->fresh, true});
    }
    return {};
}

Result<void> FolderScanner::removeUnseen(TreeShare& share)
{
    auto ids = tree_.rows.childIds(current_->job.folder);
    if (!ids)
        return fail(ids.error());
    std::vector<std::int64_t>& seen = current_->seen;
    std::sort(seen.begin(), seen.end());
    for (const std::int64_t id : *ids) {
        if (std::binary_search(seen.begin(), seen.end(), id))
            continue;
        auto row = tree_.rows.find(id);
        if (!row)
            return fail(row.error());
        // Unseen is not yet gone: a name that came while the folder was read may not be in what was read, and
        // its event is used up.
        if (row->id == 0)
            continue;
        if (auto synced = syncName(share, current_->job, current_->reader.fd(), row->name, false); !synced)
            return synced;
    }
    return {};
}

Result<FolderScanner::Synced> FolderScanner::sync(TreeShare& share, const Job& folder, int folderFd,
                                                  const std::string& name, bool modified)
{
    std::optional<FileFacts> facts;
    const bool hidden = name.front() == '.' && !share.config.showDotFiles;
    const bool tooLong = folder.path.size() + 1 + name.size() > maxPathLength;
    if (!hidden && !tooLong) {
        auto looked = factsOf(folderFd, name);
        if (looked)
            facts = *looked;
        else if (looked.error().code != ErrorCode::NotFound)
            ++share.row.counts.errors;
    }
    share.row.counts.errors += tooLong ? 1 : 0;

    IndexRows::Row row;
    if (!folder.fresh) {
        auto known = tree_.rows.child(folder.folder, name);
        if (!known)
            return fail(known.error());
        row = std::move(*known);
    }
    if (row.id != 0 && (!facts || row.facts.isFolder != facts->isFolder)) {
        if (auto removed = tree_.removeTree(share, row); !removed)
            return fail(removed.error());
        row.id = 0;
    }
    if (!facts)
        return Synced{};
    if (row.id == 0) {
        auto id = tree_.add(share, folder.folder, name, *facts);
        if (!id && folder.fresh && id.error().code == ErrorCode::AlreadyExists) {
            // An event has told of it meanwhile, or the folder's list has it twice.
            Job known = folder;
            known.fresh = false;
            return sync(share, known, folderFd, name, modified);
        }
        if (!id)
            return fail(id.error());
        if (auto committed = tree_.commitIfFull(); !committed)
            return fail(committed.error());
        return Synced{*id, facts->isFolder, true};
    }
    if (row.facts != *facts || (modified && !facts->isFolder)) {
        if (auto changed = tree_.change(share, row, *facts); !changed)
            return fail(changed.error());
    }
    return Synced{row.id, facts->isFolder, false};
}

Result<void> FolderScanner::syncName(TreeShare& share, const Job& folder, int folderFd,
                                     const std::string& name, bool modified)
{
    auto synced = sync(share, folder, folderFd, name, modified);
    if (!synced)
        return fail(synced.error());
    if (synced->isFolder && synced->fresh)
        add({share.config.id, synced->id, below(folder.path, name), true, true});
    return {};
}

} // namespace spillway::catalog
