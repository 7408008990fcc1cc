// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipfolders.h"

#include <algorithm>
#include <utility>

namespace spillway::body {

namespace {

constexpr std::chrono::nanoseconds kLongest = std::chrono::seconds(30);
/// Walks take at most a tenth of the time, however often somebody asks.
constexpr int kWalkShare = 10;
/// How soon a watched folder is looked for again: that one above it was renamed is not seen by its watch.
constexpr std::chrono::nanoseconds kLookedFor = std::chrono::seconds(1);
/// A checksum of so many bytes is read while the request waits anyway.
constexpr std::uint64_t kReadAtOnce = 1U << 20;

std::string keyOf(const ZipFolder& folder)
{
    std::string key = std::to_string(folder.rootNumber) + '/' + folder.path;
    std::vector<std::string> names = folder.selection;
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
        key.append(1, '\0').append(name);
    return key;
}

} // namespace

ZipFolders::ZipFolders(Options options, BlockingPool& files, Preloader& preloader, const Clock& clock)
    : options_(options), clock_(clock), memory_(std::make_shared<std::atomic<std::size_t>>(0)),
      pool_(std::in_place, "zip", options.threads, options.queue), threads_(*pool_),
      checksums_(threads_, clock), sending_{files, checksums_, preloader, clock}
{
}

void ZipFolders::stop()
{
    checksums_.stop();
    pool_.reset();
}

ZipPlanPtr ZipFolders::find(const ZipFolder& folder)
{
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(keyOf(folder));
    if (at == slots_.end() || !at->second.plan || at->second.plan->isChanged())
        return nullptr;
    Slot& slot = at->second;
    const Monotonic now = clock_.monotonic();
    slot.usedAt = now;
    return now < slot.goodUntil && (!slot.watch || slot.watch->isQuiet()) ? slot.plan : nullptr;
}

void ZipFolders::plan(const ZipFolder& folder, Done done)
{
    const std::string key = keyOf(folder);
    {
        const std::lock_guard lock(mutex_);
        Slot& slot = slots_[key];
        slot.usedAt = clock_.monotonic();
        if (slot.walking || threads_.submit([this, key, folder] { work(key, folder); })) {
            slot.walking = true;
            slot.waiting.push_back(std::move(done));
            return;
        }
        ++counters_.refused;
        if (!slot.plan)
            slots_.erase(key);
    }
    done(fail(ErrorCode::Exhausted, "Too many folders are packed now."));
}

void ZipFolders::work(const std::string& key, const ZipFolder& folder)
{
    const ZipPlanPtr known = unchanged(key, folder);
    if (!known) {
        walk(key, folder);
        return;
    }
    std::vector<Done> waiting;
    {
        const std::lock_guard lock(mutex_);
        Slot& slot = slots_.find(key)->second;
        ++counters_.unwalked;
        slot.goodUntil = clock_.monotonic() + kLookedFor;
        slot.walking = false;
        waiting.swap(slot.waiting);
    }
    for (const Done& done : waiting)
        done(known);
}

/// The plan that is there, where its folders are watched, nothing has happened in them, and the path leads to
/// the same folder still.
ZipPlanPtr ZipFolders::unchanged(const std::string& key, const ZipFolder& folder)
{
    ZipPlanPtr plan;
    std::shared_ptr<ZipWatch> watch;
    FileFacts top;
    {
        const std::lock_guard lock(mutex_);
        const Slot& slot = slots_.find(key)->second;
        plan = slot.plan;
        watch = slot.watch;
        top = slot.top;
    }
    if (!plan || plan->isChanged() || !watch)
        return nullptr;
    const auto opened = folder.root->open(folder.path);
    const bool same = opened && opened->facts == top;
    return same && watch->isQuiet() ? plan : nullptr;
}

void ZipFolders::walk(const std::string& key, const ZipFolder& folder)
{
    const Monotonic begun = clock_.monotonic();
    const auto watch = std::make_shared<ZipWatch>(options_.isRemote);
    FileFacts top;
    if (auto opened = folder.root->open(folder.path))
        top = opened->facts;
    else
        watch->setBlind();
    auto planned = planZip(folder.root, folder.path, folder.selection, options_.memory, threads_, watch);
    ZipPlanPtr fresh;
    std::vector<Done> waiting;
    Watches left;
    {
        const std::lock_guard lock(mutex_);
        ++counters_.walks;
        const auto at = slots_.find(key);
        Slot& slot = at->second;
        if (planned) {
            const ZipPlanPtr before = slot.plan;
            setWatch(slot, watch->isBlind() ? nullptr : watch, left);
            slot.top = top;
            planned = keep(slot, std::move(*planned), clock_.monotonic() - begun, left);
            if (planned && *planned != before)
                fresh = *planned;
        }
        slot.walking = false;
        waiting.swap(slot.waiting);
        if (!planned) {
            left.push_back(std::move(slot.watch));
            slots_.erase(at);
        }
    }
    if (fresh && made_)
        made_(folder, fresh);
    for (const Done& done : waiting)
        done(planned);
}

/// The plan to use from now on: that of before where nothing has changed, because it knows checksums.
Result<ZipPlanPtr> ZipFolders::keep(Slot& slot, ZipPlanPtr plan, std::chrono::nanoseconds took, Watches& left)
{
    const bool same = slot.plan && !slot.plan->isChanged() && slot.plan->entityTag() == plan->entityTag();
    if (!same) {
        if (slot.plan)
            plan->adopt(*slot.plan);
        memory_->fetch_add(plan->memory());
        const ZipPlan* const bare = plan.get();
        slot.plan = ZipPlanPtr(bare, [plan = std::move(plan), all = memory_](const ZipPlan*) mutable {
            all->fetch_sub(plan->memory());
            plan.reset();
        });
        makeRoom(slot, left);
        if (memory_->load() > options_.memory) {
            ++counters_.refused;
            return fail(ErrorCode::Exhausted, "The archives that are sent now take all their memory.");
        }
    }
    slot.goodUntil = clock_.monotonic() + (slot.watch ? kLookedFor : std::min(took * kWalkShare, kLongest));
    return slot.plan;
}

/// Where there are too many, those of the plans unused for longest go; such a plan is then good for a time.
void ZipFolders::setWatch(Slot& slot, std::shared_ptr<ZipWatch> watch, Watches& left)
{
    left.push_back(std::exchange(slot.watch, std::move(watch)));
    for (;;) {
        Slot* oldest = nullptr;
        std::size_t count = 0, folders = 0;
        for (auto& [key, other] : slots_) {
            if (!other.watch)
                continue;
            ++count;
            folders += other.watch->folders();
            if (!oldest || other.usedAt < oldest->usedAt)
                oldest = &other;
        }
        if (!oldest || (count <= options_.watches && folders <= options_.watchedFolders))
            return;
        left.push_back(std::exchange(oldest->watch, nullptr));
    }
}

/// Lets go of the plans unused for longest. What transfers hold lives on, and counts.
void ZipFolders::makeRoom(const Slot& keep, Watches& left)
{
    while (slots_.size() > options_.plans || memory_->load() > options_.memory) {
        auto oldest = slots_.end();
        for (auto at = slots_.begin(); at != slots_.end(); ++at)
            if (&at->second != &keep && !at->second.walking &&
                (oldest == slots_.end() || at->second.usedAt < oldest->second.usedAt))
                oldest = at;
        if (oldest == slots_.end())
            return;
        left.push_back(std::move(oldest->second.watch));
        slots_.erase(oldest);
    }
}

bool ZipFolders::isAtHand(const ZipPlan& plan, std::uint64_t offset)
{
    const ZipPiece piece = plan.pieceAt(offset);
    const auto missing = plan.missing(piece);
    return !missing || (piece.kind == ZipPiece::Kind::Local && plan.size(*missing) <= kReadAtOnce);
}

ZipChecksums::Ticket ZipFolders::prepare(const ZipPlanPtr& plan, std::uint64_t offset,
                                         ZipChecksums::Done done)
{
    const ZipPiece piece = plan->pieceAt(offset);
    const bool directory = piece.kind == ZipPiece::Kind::Directory;
    return checksums_.want(plan, directory ? ZipChecksums::all : piece.index, std::move(done));
}

std::unique_ptr<net::SegmentSource> ZipFolders::send(ZipPlanPtr plan, std::vector<ZipStretch> stretches,
                                                     Post post)
{
    return std::make_unique<ZipSource>(std::move(plan), std::move(stretches), sending_, std::move(post));
}

ZipFolders::Counters ZipFolders::counters() const
{
    const std::lock_guard lock(mutex_);
    Counters counters = counters_;
    counters.plans = slots_.size();
    counters.memory = memory_->load();
    return counters;
}

} // namespace spillway::body
