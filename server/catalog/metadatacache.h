// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/catalog/metadatastore.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace spillway::catalog {

struct MetadataCacheOptions
{
    std::chrono::milliseconds ttl{300'000};
    std::chrono::milliseconds negativeTtl{10'000}; ///< of "there is no such record"
    std::size_t maxEntries = 65'536;
    std::size_t maxNegative = 8'192; ///< bounded apart, so that guessed ids push out no real record
    std::function<void()> onStale{}; ///< called for each stale record served; may be empty
};

/// Counts since the start, each relaxed: they may be a moment apart from one another.
struct MetadataCacheCounters
{
    std::uint64_t hits = 0;
    std::uint64_t negativeHits = 0; ///< "there is none" answered from memory
    std::uint64_t misses = 0;       ///< get() that had to wait for a load
    std::uint64_t loads = 0;        ///< loads started; less than misses where several waited for one
    std::uint64_t loadFailures = 0;
    std::uint64_t staleServed = 0;
    std::uint64_t evictions = 0; ///< the bounds' hits
    std::uint64_t entries = 0;   ///< now, negative ones too
};

/// The metadata cache in process: a record is loaded when first asked for, kept for its TTL, dropped when it
/// changes.
///
///   16 shards by hash, each:  mutex | table: CLOCK of records | table: CLOCK of "none" | loads under way, by
///   key
///
/// One load per key at a time; who asks meanwhile waits for it by callback. erase() also cuts the load under
/// way off the map: it still answers those who asked before the erase, but what it brings is not kept (it may
/// have read the old row), and who asks after the erase starts a load of his own. An expired record stays
/// until it is replaced or evicted, for callers that allow a stale one when the source fails; an erased
/// record is gone at once. Any thread. No lock is held while a callback or the source runs. Destroy it at any
/// time: loads under way then answer their callers and keep nothing; source and clock must outlive the loads.
template<class Key, class Value, class Hash = std::hash<Key>>
class MetadataCache final : public MetadataStore<Key, Value>
{
    using Store = MetadataStore<Key, Value>;

public:
    using typename Store::Callback;
    using typename Store::GetOptions;
    using typename Store::ValuePtr;

    MetadataCache(MetadataSource<Key, Value>& source, const Clock& clock, MetadataCacheOptions options)
        : source_(source), clock_(clock), shared_(std::make_shared<Shared>(options))
    {
    }

    /// The fast path of get(): a fresh record, or a fresh "there is none" as nullptr; nothing where it would
    /// take a load.
    [[nodiscard]] std::optional<ValuePtr> peek(const Key& key)
    {
        Shard& shard = shared_->shardOf(key);
        const Monotonic now = clock_.monotonic();
        const std::lock_guard lock(shard.mutex);
        return shared_->fresh(shard, key, now);
    }

    void get(const Key& key, GetOptions options, Callback done) override
    {
        Shard& shard = shared_->shardOf(key);
        const Monotonic now = clock_.monotonic();
        std::optional<ValuePtr> known;
        std::shared_ptr<Flight> mine;
        {
            const std::lock_guard lock(shard.mutex);
            known = shared_->fresh(shard, key, now);
            if (!known) {
                shared_->count(shared_->misses);
                auto& flight = shard.flights[key];
                if (!flight)
                    mine = flight = std::make_shared<Flight>();
                flight->waiters.push_back({options.allowStale, std::move(done)});
            }
        }
        if (known)
            done(std::move(*known));
        else if (mine)
            start(key, std::move(mine));
    }

    void put(const Key& key, ValuePtr value) override
    {
        Shard& shard = shared_->shardOf(key);
        const std::lock_guard lock(shard.mutex);
        shard.flights.erase(key);
        shared_->store(shard, key, std::move(value), clock_.monotonic());
    }

    void erase(const Key& key) override
    {
        Shard& shard = shared_->shardOf(key);
        const std::lock_guard lock(shard.mutex);
        shard.flights.erase(key);
        shard.records.erase(key);
        shard.negatives.erase(key);
    }

    void clear() override
    {
        for (Shard& shard : shared_->shards) {
            const std::lock_guard lock(shard.mutex);
            shard.flights.clear();
            shard.records.clear();
            shard.negatives.clear();
        }
    }

    [[nodiscard]] MetadataCacheCounters counters() const
    {
        const auto read = [](const std::atomic<std::uint64_t>& n) {
            return n.load(std::memory_order_relaxed);
        };
        MetadataCacheCounters counters{read(shared_->hits),         read(shared_->negativeHits),
                                       read(shared_->misses),       read(shared_->loads),
                                       read(shared_->loadFailures), read(shared_->staleServed),
                                       read(shared_->evictions),    0};
        for (Shard& shard : shared_->shards) {
            const std::lock_guard lock(shard.mutex);
            counters.entries += shard.records.size() + shard.negatives.size();
        }
        return counters;
    }

private:
    struct Entry
    {
        Key key;
        ValuePtr value;
        Monotonic expires;
        bool touched = false;
    };

    /// A bounded table with the CLOCK rule: a full one gives the first slot under the hand that was not
    /// touched since the hand last came by. A hit only sets a flag, so it moves nothing.
    class ClockTable
    {
    public:
        explicit ClockTable(std::size_t capacity) : capacity_(capacity) {}

        Entry* find(const Key& key)
        {
            const auto at = index_.find(key);
            return at == index_.end() ? nullptr : &slots_[at->second];
        }

        /// True where another entry had to go.
        bool set(const Key& key, ValuePtr value, Monotonic expires)
        {
            if (Entry* const entry = find(key)) {
                entry->value = std::move(value);
                entry->expires = expires;
                return false;
            }
            if (slots_.size() < capacity_) {
                index_.emplace(key, slots_.size());
                slots_.push_back({key, std::move(value), expires, false});
                return false;
            }
            while (std::exchange(slots_[hand_].touched, false))
                hand_ = (hand_ + 1) % slots_.size();
            index_.erase(slots_[hand_].key);
            index_.emplace(key, hand_);
            slots_[hand_] = {key, std::move(value), expires, false};
            hand_ = (hand_ + 1) % slots_.size();
            return true;
        }

        void erase(const Key& key)
        {
            const auto at = index_.find(key);
            if (at == index_.end())
                return;
            const std::size_t hole = at->second;
            index_.erase(at);
            if (hole + 1 != slots_.size()) {
                slots_[hole] = std::move(slots_.back());
                index_[slots_[hole].key] = hole;
            }
            slots_.pop_back();
            hand_ = hand_ < slots_.size() ? hand_ : 0;
        }

        void clear()
        {
            index_.clear();
            slots_.clear();
            hand_ = 0;
        }

        [[nodiscard]] std::size_t size() const { return slots_.size(); }

    private:
        std::size_t capacity_;
        std::unordered_map<Key, std::size_t, Hash> index_;
        std::vector<Entry> slots_;
        std::size_t hand_ = 0;
    };

    struct Waiter
    {
        bool allowStale = false;
        Callback done;
    };

    /// A load under way. Its waiters are guarded by the shard's mutex while it is in the shard's map; once
    /// out of it, only the load's end reads them.
    struct Flight
    {
        std::vector<Waiter> waiters;
    };

    static constexpr std::size_t shardCount = 16;

    struct alignas(64) Shard
    {
        Shard(std::size_t maxRecords, std::size_t maxNegatives) : records(maxRecords), negatives(maxNegatives)
        {
        }

        std::mutex mutex; ///< guards all of it
        ClockTable records;
        ClockTable negatives;
        std::unordered_map<Key, std::shared_ptr<Flight>, Hash> flights;
    };

    /// What loads under way hold on to when the cache is gone.
    struct Shared
    {
        explicit Shared(const MetadataCacheOptions& o) : options(o)
        {
            const auto perShard = [](std::size_t n) {
                return std::max<std::size_t>(1, (n + shardCount - 1) / shardCount);
            };
            for (std::size_t i = 0; i < shardCount; ++i)
                shards.emplace_back(perShard(o.maxEntries), perShard(o.maxNegative));
        }

        Shard& shardOf(const Key& key)
        {
            // The low bits pick the bucket inside the shard's maps, so the shard comes from the high ones.
            const std::uint64_t mixed = static_cast<std::uint64_t>(Hash()(key)) * 0x9E3779B97F4A7C15U;
            return shards[mixed >> 60];
        }

        void count(std::atomic<std::uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

        std::optional<ValuePtr> fresh(Shard& shard, const Key& key, Monotonic now)
        {
            if (Entry* const entry = shard.records.find(key); entry != nullptr && entry->expires > now) {
                entry->touched = true;
                count(hits);
                return entry->value;
            }
            if (Entry* const none = shard.negatives.find(key); none != nullptr && none->expires > now) {
                none->touched = true;
                count(negativeHits);
                return ValuePtr();
            }
            return std::nullopt;
        }

        void store(Shard& shard, const Key& key, ValuePtr value, Monotonic now)
        {
            ClockTable& other = value ? shard.negatives : shard.records;
            other.erase(key);
            const bool evicted = value ? shard.records.set(key, std::move(value), now + options.ttl)
                                       : shard.negatives.set(key, nullptr, now + options.negativeTtl);
            if (evicted)
                count(evictions);
        }

        const MetadataCacheOptions options;
        std::deque<Shard> shards; ///< a deque, because a mutex does not move
        std::atomic<std::uint64_t> hits{0}, negativeHits{0}, misses{0}, loads{0}, loadFailures{0},
            staleServed{0}, evictions{0};
    };

    void start(const Key& key, std::shared_ptr<Flight> flight)
    {
        shared_->count(shared_->loads);
        source_.load(key, [weak = std::weak_ptr<Shared>(shared_), &clock = clock_, key,
                           flight](Result<ValuePtr> loaded) {
            finish(weak.lock(), clock, key, *flight, std::move(loaded));
        });
    }

    static void finish(const std::shared_ptr<Shared>& shared, const Clock& clock, const Key& key,
                       Flight& flight, Result<ValuePtr> loaded)
    {
        std::vector<Waiter> waiters;
        ValuePtr stale;
        if (shared) {
            Shard& shard = shared->shardOf(key);
            const std::lock_guard lock(shard.mutex);
            const auto known = shard.flights.find(key);
            const bool current = known != shard.flights.end() && known->second.get() == &flight;
            if (current && loaded)
                shared->store(shard, key, *loaded, clock.monotonic());
            if (current)
                shard.flights.erase(known);
            if (!loaded) {
                shared->count(shared->loadFailures);
                if (Entry* const old = shard.records.find(key))
                    stale = old->value;
            }
            waiters.swap(flight.waiters);
        } else {
            waiters.swap(flight.waiters);
        }
        for (Waiter& waiter : waiters) {
            if (!loaded && waiter.allowStale && stale) {
                shared->count(shared->staleServed);
                if (shared->options.onStale)
                    shared->options.onStale();
                waiter.done(stale);
            } else {
                waiter.done(loaded);
            }
        }
    }

    MetadataSource<Key, Value>& source_;
    const Clock& clock_;
    const std::shared_ptr<Shared> shared_;
};

} // namespace spillway::catalog
