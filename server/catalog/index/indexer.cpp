// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/indexer.h"

#include "server/base/threadpriority.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace spillway::catalog {

namespace {

constexpr std::chrono::seconds retryAfterFailure{30};
constexpr std::chrono::seconds commitAtLeastEvery{1};
constexpr int kNiceness = 10;

} // namespace

void Indexer::run()
{
    giveWay(kNiceness); // never in a hurry: the disk and the processors serve downloads first
    bool damaged = false;
    while (!control_.stopping()) {
        auto result = openDatabase(damaged);
        damaged = false;
        if (result)
            result = loop();
        if (result)
            break; // asked to stop
        problem_ = result.error().message;
        damaged = result.error().code == ErrorCode::Corrupt;
        publish();
        if (damaged)
            continue;
        for (const Monotonic until = clock_.monotonic() + retryAfterFailure;
             !control_.stopping() && clock_.monotonic() < until;)
            sleep(until);
    }
    if (open_)
        (void)open_->tree.commit(); // what fails here is found again by the next scan
    hooks_.beforeOpen();
    open_.reset();
}

Result<void> Indexer::openDatabase(bool damaged)
{
    hooks_.beforeOpen();
    open_.reset();
    dirty_.clear();
    dirtyNames_ = 0;
    moves_.clear();
    settled_.reset();
    if (damaged) {
        if (auto aside = setIndexAside(path_); !aside)
            return aside;
    }
    auto opened = openIndexDatabase(path_);
    if (!opened)
        return fail(opened.error());
    counters_.rebuilds += damaged || opened->rebuilt ? 1 : 0;
    open_ = std::make_unique<Open>(std::move(opened->session), options_, clock_, counters_);
    hooks_.afterOpen();
    for (const auto& [id, share] : wanted_) {
        if (auto added = addShare(share); !added)
            return added;
    }
    nextRootCheck_ = clock_.monotonic() + options_.rootCheckInterval;
    return {};
}

Result<void> Indexer::loop()
{
    while (!control_.stopping()) {
        if (auto ran = runCommands(); !ran)
            return ran;
        if (auto checked = checkShares(); !checked)
            return checked;
        if (auto taken = takeEvents(); !taken)
            return taken;
        if (settled_ && clock_.monotonic() >= *settled_) {
            if (auto applied = applyEvents(); !applied)
                return applied;
        }
        if (auto worked = work(); !worked)
            return worked;
        publish();
        const Monotonic until = nextWake();
        if (until > clock_.monotonic())
            sleep(until);
    }
    return {};
}

Result<void> Indexer::work()
{
    Open& open = *open_;
    const bool paused = control_.paused();
    if (!paused && open.scanner.busy()) {
        auto ended = open.scanner.step();
        if (!ended)
            return fail(ended.error());
        if (*ended) {
            if (auto closed = endScan(open.tree.shares.at(**ended)); !closed)
                return closed;
        }
    } else if (!paused && open.hasher.busy() && open.hasher.nextStep() <= clock_.monotonic()) {
        if (auto hashed = open.hasher.step(); !hashed)
            return hashed;
    }
    if (auto committed = open.tree.commitIfFull(); !committed)
        return committed;
    // A commit shows others what was found. Not after each step: thousands of small ones would cost more than
    // the work.
    const Monotonic now = clock_.monotonic();
    if (paused || (!open.scanner.busy() && !open.hasher.busy()) || now - lastCommit_ >= commitAtLeastEvery) {
        lastCommit_ = now;
        return open.tree.commit();
    }
    return {};
}

Result<void> Indexer::runCommands()
{
    for (const IndexerControl::Command& command : control_.take()) {
        Result<void> ran;
        if (const auto* const add = std::get_if<IndexerControl::Add>(&command)) {
            wanted_[add->share.id] = add->share;
            ran = addShare(add->share);
        } else if (const auto* const remove = std::get_if<IndexerControl::Remove>(&command)) {
            wanted_.erase(remove->share);
            ran = removeShare(remove->share);
        } else if (const auto* const keep = std::get_if<IndexerControl::KeepOnly>(&command)) {
            ran = keepOnly(keep->shares);
        } else if (const auto* const rescan = std::get_if<IndexerControl::Rescan>(&command)) {
            if (const auto share = open_->tree.shares.find(rescan->share); share != open_->tree.shares.end())
                ran = startScan(share->second);
        } else {
            // One reader may tell of damage that was mended since; look before the index is thrown away.
            const auto check = open_->session->scalar("PRAGMA quick_check(1)");
            if (!check || *check != "ok")
                ran = fail(ErrorCode::Corrupt, "the index is damaged and is built anew");
        }
        if (!ran)
            return ran;
    }
    return {};
}

Monotonic Indexer::nextWake() const
{
    const Monotonic now = clock_.monotonic();
    Monotonic wake = nextRootCheck_;
    if (settled_)
        wake = std::min(wake, *settled_);
    for (const auto& [id, share] : open_->tree.shares) {
        if (!share.watched && !share.offline && share.jobs == 0)
            wake = std::min(wake, share.nextPoll);
    }
    if (control_.paused())
        return wake;
    if (open_->scanner.busy())
        return now;
    return open_->hasher.busy() ? std::min(wake, open_->hasher.nextStep()) : wake;
}

void Indexer::sleep(Monotonic until)
{
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - clock_.monotonic());
    pollfd fds[2] = {{control_.wakeFd(), POLLIN, 0}, {open_ ? open_->watcher.fd() : -1, POLLIN, 0}};
    (void)::poll(fds, 2, static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 60'000)));
    if (!open_) { // commands wait until there is a database; only the end and the time count
        std::uint64_t ignored = 0;
        (void)::read(control_.wakeFd(), &ignored, sizeof ignored);
    }
}

void Indexer::publish()
{
    std::vector<IndexStatus> all;
    if (open_) {
        for (const auto& [id, share] : open_->tree.shares) {
            IndexStatus status = share.row.counts;
            status.share = id;
            status.watched = share.watched;
            if (share.offline)
                status.state = IndexState::Offline;
            else if (control_.paused())
                status.state = IndexState::Paused;
            else if (share.jobs > 0)
                status.state = IndexState::Scanning;
            else
                status.state = open_->hasher.busy() ? IndexState::Hashing : IndexState::Idle;
            // What waits to be looked at or written is not "idle" to anybody who asks for it.
            if (status.state == IndexState::Idle && (settled_ || open_->tree.hasChanges()))
                status.state = IndexState::Scanning;
            all.push_back(std::move(status));
        }
    }
    control_.publish(std::move(all), counters_, problem_);
}

} // namespace spillway::catalog
