// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/policy/subjectkey.h"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

// Each shard is a segmented CLOCK over two lists:
//
//     new ──► probation ──(used again, or held by somebody)──► settled ──┐
//                │  ▲                                            │  ▲    │ used again or held: another round
//                ▼  └───────────(not used since)─────────────────┘  └────┘
//             evicted
//
// Probation is drained first as long as it has a tenth of the shard. So a flood of keys that come once pushes
// out only each other, and what is asked for again and again stays.
namespace spillway::policy {

/// Objects by key, at most `limit` of them (rounded up to the number of shards): who asks for the same key
/// gets the same object, as long as it is in the table. Any thread; a lock for 1/16 of the keys, held for a
/// look-up. Where every object of a shard is in use by somebody else, the one that was asked for longest ago
/// goes nevertheless, which counts as a hit of the bound: then its holders and newcomers no longer share one.
template<class Value>
class BoundedTable
{
public:
    static constexpr std::size_t kShards = 16;

    explicit BoundedTable(std::size_t limit) : perShard_((limit + kShards - 1) / kShards) {}

    /// The object of `key`; `make()` gives a std::shared_ptr<Value> where there is none. It runs under the
    /// shard's lock, so that forEach() sees what it made.
    template<class Make>
    [[nodiscard]] std::shared_ptr<Value> get(const SubjectKey& key, Make&& make)
    {
        const std::size_t hash = SubjectKey::Hash{}(key);
        Shard& shard = shards_[hash % kShards];
        std::lock_guard lock(shard.mutex);
        if (const auto found = shard.byKey.find(key); found != shard.byKey.end()) {
            found->second->used = true;
            return found->second->value;
        }
        if (shard.byKey.size() >= perShard_)
            evict(shard);
        shard.probation.push_back({key, make(), false});
        shard.byKey.emplace(key, std::prev(shard.probation.end()));
        return shard.probation.back().value;
    }
    /// Null where there is none; does not count as use.
    [[nodiscard]] std::shared_ptr<Value> peek(const SubjectKey& key) const
    {
        const Shard& shard = shards_[SubjectKey::Hash{}(key) % kShards];
        std::lock_guard lock(shard.mutex);
        const auto found = shard.byKey.find(key);
        return found == shard.byKey.end() ? nullptr : found->second->value;
    }
    /// visit(key, value) for each; under the shards' locks, one after the other.
    template<class F>
    void forEach(F&& visit) const
    {
        for (const Shard& shard : shards_) {
            std::lock_guard lock(shard.mutex);
            for (const auto& [key, entry] : shard.byKey)
                visit(key, *entry->value);
        }
    }

    [[nodiscard]] std::size_t size() const
    {
        std::size_t total = 0;
        for (const Shard& shard : shards_) {
            std::lock_guard lock(shard.mutex);
            total += shard.byKey.size();
        }
        return total;
    }
    [[nodiscard]] std::uint64_t evictions() const { return evictions_.load(std::memory_order_relaxed); }
    /// Of them, those in use.
    [[nodiscard]] std::uint64_t boundHits() const { return boundHits_.load(std::memory_order_relaxed); }

private:
    struct Entry
    {
        SubjectKey key;
        std::shared_ptr<Value> value;
        bool used = false; ///< since it came in, or since the hand last passed
    };
    using List = std::list<Entry>;
    struct alignas(64) Shard
    {
        mutable std::mutex mutex; ///< guards the rest
        List probation, settled;
        std::unordered_map<SubjectKey, typename List::iterator, SubjectKey::Hash> byKey;
    };

    void evict(Shard& shard)
    {
        // Twice around finds one that nobody uses, if there is one.
        for (std::size_t steps = 2 * shard.byKey.size() + 1; steps > 0; --steps) {
            const bool fromProbation = shard.settled.empty() || shard.probation.size() > perShard_ / 10;
            List& from = fromProbation && !shard.probation.empty() ? shard.probation : shard.settled;
            const auto oldest = from.begin();
            const bool busy = oldest->used || oldest->value.use_count() > 1;
            if (!busy && &from == &shard.probation) {
                remove(shard, from);
                return;
            }
            oldest->used = false;
            List& to = busy ? shard.settled : shard.probation;
            to.splice(to.end(), from, oldest);
        }
        boundHits_.fetch_add(1, std::memory_order_relaxed);
        remove(shard, shard.settled.empty() ? shard.probation : shard.settled);
    }
    void remove(Shard& shard, List& from)
    {
        shard.byKey.erase(from.front().key);
        from.pop_front();
        evictions_.fetch_add(1, std::memory_order_relaxed);
    }

    const std::size_t perShard_;
    std::array<Shard, kShards> shards_;
    std::atomic<std::uint64_t> evictions_{0}, boundHits_{0};
};

} // namespace spillway::policy
