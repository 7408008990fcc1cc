// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/recipients.h"

#include <pthread.h>

namespace spillway::download {

using catalog::ReceiptRepository;
using Taken = ReceiptRepository::Taken;

namespace {

constexpr std::size_t kShards = 16;
/// Recipients that share a transaction.
constexpr std::size_t kSavedAtOnce = 256;
/// How many at the end of the list are looked at for one who may leave.
constexpr std::size_t kEvictionLooks = 16;

std::string keyOf(const Recipients::Question& question)
{
    std::string key;
    key.reserve(question.link.size() + 1 + question.name.size());
    key.append(question.link).append(1, '\n').append(question.name);
    return key;
}

Recipients::Verdict verdictOf(const Error& error)
{
    return error.code == ErrorCode::NotFound ? Recipients::Verdict::Revoked
                                             : Recipients::Verdict::Unavailable;
}

} // namespace

struct Recipients::Table
{
    struct Entry
    {
        RecipientPtr recipient;
        bool pending = false; ///< a transaction decides
        std::vector<Done> waiters;
        std::list<const std::string*>::iterator place;
    };

    struct alignas(64) Shard
    {
        std::mutex mutex; ///< guards all of it
        std::unordered_map<std::string, Entry> entries;
        std::list<const std::string*> recent; ///< their keys, the last used first

        Entry* find(const std::string& key)
        {
            const auto at = entries.find(key);
            if (at == entries.end())
                return nullptr;
            recent.splice(recent.begin(), recent, at->second.place);
            return &at->second;
        }
        /// The entry of that key, made where there is none; null where all are busy and it is full.
        Entry* findOrAdd(const std::string& key, std::size_t most)
        {
            if (Entry* known = find(key))
                return known;
            if (entries.size() >= most && !evict())
                return nullptr;
            const auto at = entries.try_emplace(key).first;
            recent.push_front(&at->first);
            at->second.place = recent.begin();
            return &at->second;
        }
        void erase(const std::string& key)
        {
            if (const auto at = entries.find(key); at != entries.end()) {
                recent.erase(at->second.place);
                entries.erase(at);
            }
        }
        bool evict()
        {
            std::size_t looks = 0;
            for (auto at = recent.rbegin(); at != recent.rend() && looks < kEvictionLooks; ++at, ++looks) {
                const Entry& entry = entries.find(**at)->second;
                if (!entry.pending && !entry.recipient->isBusy()) {
                    const std::string key = **at;
                    erase(key);
                    return true;
                }
            }
            return false;
        }
    };

    explicit Table(const Options& options)
        : perShard(std::max<std::size_t>(1, options.maxRecipients / kShards)),
          bounds(std::make_shared<ReceiptBounds>()), idleSeconds(options.life.idle.count()),
          doneSeconds(options.life.done.count())
    {
        bounds->maxFiles = options.maxFiles;
    }

    Shard& shardOf(const std::string& key)
    {
        const std::uint64_t mixed = std::hash<std::string>()(key) * 0x9E3779B97F4A7C15U;
        return shards[mixed >> 60];
    }
    [[nodiscard]] policy::RecipientLife life() const
    {
        return {std::chrono::seconds(idleSeconds.load(std::memory_order_relaxed)),
                std::chrono::seconds(doneSeconds.load(std::memory_order_relaxed))};
    }
    RecipientPtr make(const Question& question) const
    {
        return std::make_shared<Recipient>(question.link, question.name, question.isFolder, question.now,
                                           bounds);
    }
    void queue(const RecipientPtr& recipient)
    {
        if (!recipient->markDirty())
            return;
        bool first = false;
        {
            const std::lock_guard lock(queueMutex);
            first = queued.empty();
            queued.push_back(recipient);
        }
        if (first)
            wake.notify_one();
    }
    void finish(const std::string& key, const RecipientPtr& recipient, const Result<Taken>& taken);

    const std::size_t perShard;
    const std::shared_ptr<ReceiptBounds> bounds;
    std::atomic<std::int64_t> idleSeconds, doneSeconds;
    std::array<Shard, kShards> shards;
    std::mutex queueMutex; ///< guards the two below
    std::vector<RecipientPtr> queued;
    bool stopping = false;
    std::condition_variable wake;
    std::atomic<std::uint64_t> counted{0}, refused{0}, saveFailures{0};
};

/// A transaction has decided on a recipient of a link with a maximum.
void Recipients::Table::finish(const std::string& key, const RecipientPtr& recipient,
                               const Result<Taken>& taken)
{
    Answer answer;
    if (!taken) {
        answer.verdict = verdictOf(taken.error());
    } else if (taken->how == Taken::How::UsedUp) {
        answer.verdict = Verdict::UsedUp;
    } else if (taken->how == Taken::How::Revoked) {
        answer.verdict = Verdict::Revoked;
    } else {
        answer.verdict = Verdict::Admitted;
        answer.isNew = taken->how == Taken::How::Counted;
        if (answer.isNew)
            counted.fetch_add(1, std::memory_order_relaxed);
        recipient->adopt(taken->receipt);
        answer.recipient = recipient;
    }
    std::vector<Done> waiters;
    Shard& shard = shardOf(key);
    {
        const std::lock_guard lock(shard.mutex);
        if (Entry* entry = shard.find(key); entry && entry->recipient == recipient) {
            waiters.swap(entry->waiters);
            entry->pending = false;
            // One who was let through before the link had a maximum stays.
            if (answer.verdict != Verdict::Admitted && !recipient->isBusy())
                shard.erase(key);
        }
    }
    for (const Done& done : waiters)
        done(answer);
}

Recipients::Recipients(catalog::Catalog& catalog, const Clock& clock, Options options)
    : catalog_(catalog), clock_(clock), saveEvery_(options.saveEvery),
      table_(std::make_shared<Table>(options)), thread_([this] { run(); })
{
}

Recipients::~Recipients()
{
    {
        const std::lock_guard lock(table_->queueMutex);
        table_->stopping = true;
    }
    table_->wake.notify_all();
    thread_.join();
    (void)save();
}

void Recipients::setLife(const policy::RecipientLife& life)
{
    table_->idleSeconds.store(life.idle.count(), std::memory_order_relaxed);
    table_->doneSeconds.store(life.done.count(), std::memory_order_relaxed);
}

policy::RecipientLife Recipients::life() const
{
    return table_->life();
}

RecipientPtr Recipients::known(const Question& question, bool counted)
{
    const std::string key = keyOf(question);
    Table::Shard& shard = table_->shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const Table::Entry* entry = shard.find(key);
    if (!entry || !entry->recipient->lasts(table_->life(), question.now))
        return nullptr;
    // Before its transaction has ended a recipient is nobody's but the one's who waits for it.
    if (entry->pending || (counted && !entry->recipient->isSaved()))
        return nullptr;
    return entry->recipient;
}

Recipients::Answer Recipients::admit(const Question& question)
{
    const std::string key = keyOf(question);
    Table::Shard& shard = table_->shardOf(key);
    Answer answer{Verdict::Admitted, nullptr, true};
    {
        const std::lock_guard lock(shard.mutex);
        Table::Entry* entry = shard.findOrAdd(key, table_->perShard);
        if (!entry) {
            table_->refused.fetch_add(1, std::memory_order_relaxed);
            return {Verdict::Admitted, nullptr, false};
        }
        if (entry->recipient && (entry->pending || entry->recipient->lasts(table_->life(), question.now)))
            return {Verdict::Admitted, entry->recipient, false};
        entry->recipient = answer.recipient = table_->make(question);
    }
    table_->queue(answer.recipient);
    return answer;
}

void Recipients::admitDurably(const Question& question, Done done)
{
    const std::string key = keyOf(question);
    Table::Shard& shard = table_->shardOf(key);
    const policy::RecipientLife life = table_->life();
    RecipientPtr recipient;
    bool before = false; // let through before the link had a maximum, and not counted yet
    {
        std::unique_lock lock(shard.mutex);
        Table::Entry* entry = shard.findOrAdd(key, table_->perShard);
        if (!entry) {
            lock.unlock();
            table_->refused.fetch_add(1, std::memory_order_relaxed);
            done({});
            return;
        }
        if (entry->pending) {
            entry->waiters.push_back(std::move(done));
            return;
        }
        const bool lasts = entry->recipient && entry->recipient->lasts(life, question.now);
        if (lasts && entry->recipient->isSaved()) {
            const Answer answer{Verdict::Admitted, entry->recipient, false};
            lock.unlock();
            done(answer);
            return;
        }
        before = lasts;
        if (!lasts)
            entry->recipient = table_->make(question);
        recipient = entry->recipient;
        entry->pending = true;
        entry->waiters.push_back(std::move(done));
    }
    catalog_.writeAsync(
        [recipient, life, now = question.now, before](catalog::Session& session) {
            return ReceiptRepository::take(session, recipient->link(), recipient->name(), now, life, before);
        },
        [table = table_, key, recipient](const Result<Taken>& taken) {
            table->finish(key, recipient, taken);
        });
}

void Recipients::find(const Question& question, Done done)
{
    if (auto recipient = known(question, true)) {
        done({Verdict::Admitted, std::move(recipient), false});
        return;
    }
    catalog_.readAsync(
        [question, life = table_->life()](catalog::Session& session) {
            return ReceiptRepository::lasting(session, question.link, question.name, question.now, life);
        },
        [done = std::move(done)](const Result<std::optional<catalog::Receipt>>& found) {
            if (!found)
                done({verdictOf(found.error()), nullptr, false});
            else
                done({*found ? Verdict::Admitted : Verdict::UsedUp, nullptr, false});
        });
}

void Recipients::changed(const RecipientPtr& recipient)
{
    table_->queue(recipient);
}

void Recipients::run()
{
    ::pthread_setname_np(::pthread_self(), "receipts");
    Monotonic touchedAt = clock_.monotonic();
    std::unique_lock lock(table_->queueMutex);
    while (!table_->stopping) {
        const bool something =
            table_->wake.wait_for(lock, std::chrono::seconds(Recipient::kTouchEvery),
                                  [this] { return table_->stopping || !table_->queued.empty(); });
        table_->wake.wait_for(lock, saveEvery_, [this] { return table_->stopping; });
        lock.unlock();
        if (!something || clock_.monotonic() - touchedAt >= std::chrono::seconds(Recipient::kTouchEvery)) {
            touchRunning();
            touchedAt = clock_.monotonic();
        }
        (void)save();
        lock.lock();
    }
}

/// A transfer longer than the idle time is activity all along, also for who looks after a crash.
void Recipients::touchRunning()
{
    const std::int64_t now = unixSeconds(clock_.wall());
    for (Table::Shard& shard : table_->shards) {
        std::vector<RecipientPtr> running;
        {
            const std::lock_guard lock(shard.mutex);
            for (auto& [key, entry] : shard.entries)
                if (entry.recipient->hasTransfers() && entry.recipient->touch(now))
                    running.push_back(entry.recipient);
        }
        for (const RecipientPtr& recipient : running)
            table_->queue(recipient);
    }
}

Result<void> Recipients::save()
{
    const std::lock_guard one(saving_);
    std::vector<RecipientPtr> all;
    {
        const std::lock_guard lock(table_->queueMutex);
        all.swap(table_->queued);
    }
    Result<void> result;
    for (std::size_t at = 0; at < all.size(); at += kSavedAtOnce) {
        const auto some = std::span(all).subspan(at, std::min(kSavedAtOnce, all.size() - at));
        if (auto saved = saveSome(some); !saved) {
            table_->saveFailures.fetch_add(1, std::memory_order_relaxed);
            if (result)
                result = fail(saved.error());
        }
    }
    return result;
}

Result<void> Recipients::saveSome(std::span<const RecipientPtr> some)
{
    struct Saving
    {
        RecipientPtr recipient;
        ReceiptRepository::Change change;
        ReceiptRepository::Saved saved;
        bool counted = false, gone = false;
    };
    auto all = std::make_shared<std::vector<Saving>>();
    for (const RecipientPtr& recipient : some)
        all->push_back({recipient, recipient->takeChange(), {}, false, false});
    const auto result = catalog_
                            .write([all, life = table_->life()](catalog::Session& session) -> Result<bool> {
                                for (Saving& one : *all) {
                                    const Recipient& who = *one.recipient;
                                    if (one.change.id == 0) {
                                        auto taken = ReceiptRepository::take(session, who.link(), who.name(),
                                                                             who.startedAt(), life, true);
                                        if (!taken && taken.error().code != ErrorCode::NotFound)
                                            return fail(taken.error());
                                        one.gone = !taken;
                                        if (one.gone)
                                            continue;
                                        one.counted = taken->how == Taken::How::Counted;
                                        one.change.id = taken->receipt.id;
                                    }
                                    auto saved = ReceiptRepository::save(session, one.change);
                                    if (!saved && saved.error().code != ErrorCode::NotFound)
                                        return fail(saved.error());
                                    one.gone = !saved; // with its link
                                    if (saved)
                                        one.saved = std::move(*saved);
                                }
                                return true;
                            })
                            .get();
    for (Saving& one : *all) {
        if (!result) {
            one.recipient->changeFailed(one.change);
            table_->queue(one.recipient);
        } else if (!one.gone) {
            one.recipient->changeSaved(one.change, one.saved);
            if (one.counted)
                table_->counted.fetch_add(1, std::memory_order_relaxed);
        }
    }
    if (!result)
        return fail(result.error());
    return {};
}

Recipients::Counters Recipients::counters() const
{
    Counters counters;
    counters.counted = table_->counted.load(std::memory_order_relaxed);
    counters.refused = table_->refused.load(std::memory_order_relaxed);
    counters.saveFailures = table_->saveFailures.load(std::memory_order_relaxed);
    counters.filesDropped = table_->bounds->filesDropped.load(std::memory_order_relaxed);
    counters.piecesDropped = table_->bounds->piecesDropped.load(std::memory_order_relaxed);
    for (Table::Shard& shard : table_->shards) {
        const std::lock_guard lock(shard.mutex);
        counters.recipients += shard.entries.size();
    }
    return counters;
}

} // namespace spillway::download
