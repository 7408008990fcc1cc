// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/banbook.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <random>

namespace spillway::policy {

namespace {

using config::IpAddress;

constexpr std::size_t kShards = 64;
constexpr std::size_t kSeenLimit = 32;
constexpr std::size_t kUnsavedLimit = 10'000;
/// How many of the longest unused are looked at for one that is not banned.
constexpr int kEvictionSteps = 16;
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

/// Keyed, so that nobody can choose addresses that meet in one bucket.
struct AddressHash
{
    std::uint64_t seed = 0;
    std::size_t operator()(const IpAddress& address) const noexcept
    {
        std::uint64_t high = 0, low = 0;
        std::memcpy(&high, address.bytes.data(), 8);
        std::memcpy(&low, address.bytes.data() + 8, 8);
        std::uint64_t mixed = (high ^ seed) * 0x9E3779B97F4A7C15U;
        mixed = (mixed ^ (mixed >> 29U) ^ low) * 0xBF58476D1CE4E5B9U;
        return mixed ^ (mixed >> 32U);
    }
};

std::uint64_t randomSeed()
{
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

const char* reasonOf(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Token:
        return "too many wrong tokens";
    case FailureKind::Password:
        return "too many wrong passwords";
    case FailureKind::Signature:
        break;
    }
    return "too many links with a wrong signature";
}

std::chrono::seconds lengthOf(const BanRules& rules, std::int64_t offences)
{
    std::chrono::seconds length = rules.duration;
    for (std::int64_t i = 1; i < offences && length < rules.longest; ++i)
        length *= 2;
    return std::min(length, rules.longest);
}

} // namespace

struct BanBook::Entry
{
    IpAddress key;
    Monotonic windowBegan{};
    std::uint32_t counted = 0;       ///< different failures in the window
    std::uint32_t seenAt = 0;        ///< where the next one goes in `seen`, once that is full
    std::vector<std::uint32_t> seen; ///< a ring of the last ones, folded to 32 bits
    std::int64_t offences = 0;
    std::int64_t createdAt = 0;
    std::int64_t until = 0; ///< of its last ban; 0: it had none
    std::string reason;
    bool active = false; ///< `until` was not seen to be over
};

struct BanBook::Shard
{
    mutable std::mutex mutex; ///< guards all but `active`, which is only written under it
    std::list<Entry> order;   ///< the one that failed last is first
    std::unordered_map<IpAddress, std::list<Entry>::iterator, AddressHash> known;
    std::unordered_map<IpAddress, BanRecord, AddressHash> byHand;
    std::atomic<std::uint32_t> active{0}; ///< bans of both kinds
    std::int64_t nextEnd = kForever;      ///< no ban of this shard ends before
};

BanBook::BanBook(const Clock& clock, std::size_t capacity, Hooks hooks)
    : clock_(clock), hooks_(std::move(hooks)), perShard_(std::max<std::size_t>(capacity / kShards, 1)),
      seed_(randomSeed()), shards_(std::make_unique<Shard[]>(kShards))
{
    for (std::size_t i = 0; i < kShards; ++i) {
        shards_[i].known = decltype(Shard::known)(0, AddressHash{seed_});
        shards_[i].byHand = decltype(Shard::byHand)(0, AddressHash{seed_});
    }
}

BanBook::~BanBook() = default;

IpAddress BanBook::keyOf(const IpAddress& client)
{
    IpAddress key = client;
    if (!key.isV4())
        std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
    return key;
}

std::string BanBook::textOf(const IpAddress& key)
{
    return config::formatIpAddress(key) + (key.isV4() ? "" : "/64");
}

Result<IpAddress> BanBook::parseKey(std::string_view text)
{
    const auto block = config::parseCidr(text);
    if (!block)
        return fail(block.error());
    const bool single = block->prefix == 128;
    if (!single && (block->network.isV4() || block->prefix != 64))
        return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) +
                                                    "\" cannot be banned as a whole: a ban is for one IPv4 "
                                                    "address, or for one IPv6 /64");
    return keyOf(block->network);
}

BanBook::Shard& BanBook::shardOf(const IpAddress& key) const
{
    // The high bits: the low ones pick the bucket inside the shard's maps.
    return shards_[AddressHash{seed_}(key) >> 58U];
}

void BanBook::setRules(BanRules rules)
{
    auto fresh = std::make_shared<const BanRules>(std::move(rules));
    const std::lock_guard lock(rulesMutex_);
    rules_.swap(fresh);
}

std::shared_ptr<const BanRules> BanBook::rules() const
{
    const std::lock_guard lock(rulesMutex_);
    return rules_;
}

bool BanBook::isSafe(const BanRules& rules, const IpAddress& client)
{
    return client.isLoopback() || config::containsAddress(rules.never, client);
}

BanBook::Entry& BanBook::entryFor(Shard& shard, const IpAddress& key)
{
    if (const auto at = shard.known.find(key); at != shard.known.end()) {
        shard.order.splice(shard.order.begin(), shard.order, at->second);
        return *at->second;
    }
    if (shard.order.size() >= perShard_) {
        auto victim = std::prev(shard.order.end());
        auto candidate = victim;
        for (int i = 0; i < kEvictionSteps; ++i) {
            if (!candidate->active) {
                victim = candidate;
                break;
            }
            if (candidate == shard.order.begin())
                break;
            --candidate;
        }
        endBan(shard, *victim);
        shard.known.erase(victim->key);
        shard.order.erase(victim);
        forgotten_.fetch_add(1, std::memory_order_relaxed);
    }
    shard.order.emplace_front().key = key;
    shard.known.emplace(key, shard.order.begin());
    return shard.order.front();
}

void BanBook::beginBan(Shard& shard, Entry& entry, std::int64_t until)
{
    entry.until = until;
    shard.nextEnd = std::min(shard.nextEnd, until);
    if (!std::exchange(entry.active, true)) {
        shard.active.fetch_add(1, std::memory_order_relaxed);
        active_.fetch_add(1, std::memory_order_relaxed);
    }
}

void BanBook::endBan(Shard& shard, Entry& entry)
{
    if (std::exchange(entry.active, false)) {
        shard.active.fetch_sub(1, std::memory_order_relaxed);
        active_.fetch_sub(1, std::memory_order_relaxed);
    }
}

void BanBook::endByHand(Shard& shard, const IpAddress& key)
{
    if (shard.byHand.erase(key) == 0)
        return;
    shard.active.fetch_sub(1, std::memory_order_relaxed);
    active_.fetch_sub(1, std::memory_order_relaxed);
    byHand_.fetch_sub(1, std::memory_order_relaxed);
}

/// True where `what` makes it one too many.
bool BanBook::count(Entry& entry, const BanRules& rules, std::uint64_t what, Monotonic now)
{
    if (entry.counted == 0 || now - entry.windowBegan >= rules.window) {
        entry.windowBegan = now;
        entry.counted = 0;
        entry.seen.clear();
        entry.seenAt = 0;
    }
    const auto folded = static_cast<std::uint32_t>(what ^ (what >> 32U));
    if (std::find(entry.seen.begin(), entry.seen.end(), folded) != entry.seen.end())
        return false;
    if (entry.seen.size() < kSeenLimit) {
        entry.seen.push_back(folded);
    } else {
        entry.seen[entry.seenAt] = folded;
        entry.seenAt = (entry.seenAt + 1) % kSeenLimit;
    }
    return ++entry.counted >= rules.threshold;
}

void BanBook::failed(const std::array<std::uint8_t, 16>& client, FailureKind kind, std::uint64_t what)
{
    failures_[static_cast<std::size_t>(kind)].fetch_add(1, std::memory_order_relaxed);
    const IpAddress address{client};
    const auto rules = this->rules();
    if (rules->threshold == 0 || isSafe(*rules, address))
        return;
    const IpAddress key = keyOf(address);
    const std::int64_t now = unixSeconds(clock_.wall());
    std::optional<BanRecord> made;
    {
        Shard& shard = shardOf(key);
        const std::lock_guard lock(shard.mutex);
        Entry& entry = entryFor(shard, key);
        if (entry.active && now < entry.until)
            return; // the answer to a request that came in before the ban
        if (!count(entry, *rules, what, clock_.monotonic()))
            return;
        entry.counted = 0;
        if (!hooks_.spare || !hooks_.spare(address)) {
            if (entry.until != 0 && now - entry.until > rules->longest.count())
                entry.offences = 0;
            ++entry.offences;
            entry.createdAt = now;
            entry.reason = reasonOf(kind);
            beginBan(shard, entry, now + lengthOf(*rules, entry.offences).count());
            made = BanRecord{key, entry.reason, entry.offences, false, now, entry.until};
        }
    }
    if (!made) {
        if (hooks_.spared)
            hooks_.spared(address);
        return;
    }
    made_.fetch_add(1, std::memory_order_relaxed);
    if (hooks_.banned)
        hooks_.banned(*made);
    note(std::move(*made));
}

std::optional<std::int64_t> BanBook::findBan(const IpAddress& client, std::int64_t now) const
{
    const IpAddress key = keyOf(client);
    const Shard& shard = shardOf(key);
    if (shard.active.load(std::memory_order_relaxed) == 0)
        return std::nullopt;
    std::int64_t until = 0;
    {
        const std::lock_guard lock(shard.mutex);
        if (const auto hand = shard.byHand.find(key); hand != shard.byHand.end()) {
            if (const std::int64_t end = hand->second.until.value_or(kForever); now < end)
                return end;
        }
        if (const auto at = shard.known.find(key); at != shard.known.end() && at->second->active)
            until = at->second->until;
    }
    if (now >= until || isSafe(*rules(), client))
        return std::nullopt;
    return until;
}

Result<void> BanBook::put(const BanRecord& ban)
{
    Shard& shard = shardOf(ban.address);
    const std::int64_t now = unixSeconds(clock_.wall());
    const std::lock_guard lock(shard.mutex);
    const std::int64_t until = ban.until.value_or(kForever);
    if (!ban.byHand) {
        Entry& entry = entryFor(shard, ban.address);
        entry.offences = ban.offences;
        entry.createdAt = ban.createdAt;
        entry.reason = ban.reason;
        entry.until = until;
        if (now < until)
            beginBan(shard, entry, until);
        return {};
    }
    if (now >= until)
        return {};
    if (const auto at = shard.byHand.find(ban.address); at != shard.byHand.end()) {
        at->second = ban;
    } else {
        if (byHand_.load(std::memory_order_relaxed) >= kByHandLimit)
            return fail(ErrorCode::Exhausted, "there are " + std::to_string(kByHandLimit) +
                                                  " bans by hand already; lift some first");
        shard.byHand.emplace(ban.address, ban);
        byHand_.fetch_add(1, std::memory_order_relaxed);
        shard.active.fetch_add(1, std::memory_order_relaxed);
        active_.fetch_add(1, std::memory_order_relaxed);
    }
    shard.nextEnd = std::min(shard.nextEnd, until);
    return {};
}

bool BanBook::lift(const IpAddress& key)
{
    const std::lock_guard flushing(flushMutex_);
    {
        const std::lock_guard lock(newMutex_);
        std::erase_if(new_, [&](const BanRecord& record) { return record.address == key; });
    }
    Shard& shard = shardOf(key);
    const std::int64_t now = unixSeconds(clock_.wall());
    const std::lock_guard lock(shard.mutex);
    bool lifted = shard.byHand.contains(key);
    endByHand(shard, key);
    if (const auto at = shard.known.find(key); at != shard.known.end()) {
        lifted = lifted || (at->second->active && now < at->second->until);
        endBan(shard, *at->second);
        shard.order.erase(at->second);
        shard.known.erase(at);
    }
    return lifted;
}

std::vector<BanRecord> BanBook::list() const
{
    const std::int64_t now = unixSeconds(clock_.wall());
    const auto rules = this->rules();
    std::vector<BanRecord> bans;
    for (std::size_t i = 0; i < kShards; ++i) {
        const Shard& shard = shards_[i];
        const std::lock_guard lock(shard.mutex);
        for (const auto& [key, ban] : shard.byHand)
            if (now < ban.until.value_or(kForever))
                bans.push_back(ban);
        for (const Entry& entry : shard.order)
            if (entry.active && now < entry.until && !shard.byHand.contains(entry.key) &&
                !isSafe(*rules, entry.key))
                bans.push_back(
                    {entry.key, entry.reason, entry.offences, false, entry.createdAt, entry.until});
    }
    std::sort(bans.begin(), bans.end(),
              [](const BanRecord& a, const BanRecord& b) { return a.address < b.address; });
    return bans;
}

/// What is over no longer makes every request of its shard look for it.
void BanBook::endWhatIsOver(std::int64_t now)
{
    for (std::size_t i = 0; i < kShards; ++i) {
        Shard& shard = shards_[i];
        const std::lock_guard lock(shard.mutex);
        if (now < shard.nextEnd)
            continue;
        shard.nextEnd = kForever;
        std::vector<IpAddress> over;
        for (const auto& [key, ban] : shard.byHand) {
            if (const std::int64_t end = ban.until.value_or(kForever); now >= end)
                over.push_back(key);
            else
                shard.nextEnd = std::min(shard.nextEnd, end);
        }
        for (const IpAddress& key : over)
            endByHand(shard, key);
        for (Entry& entry : shard.order) {
            if (entry.active && now >= entry.until)
                endBan(shard, entry);
            else if (entry.active)
                shard.nextEnd = std::min(shard.nextEnd, entry.until);
        }
    }
}

void BanBook::note(BanRecord record)
{
    const std::lock_guard lock(newMutex_);
    if (new_.size() < kUnsavedLimit)
        new_.push_back(std::move(record));
    else
        unsaved_.fetch_add(1, std::memory_order_relaxed);
}

void BanBook::flush(const std::function<void(std::vector<BanRecord>)>& take)
{
    const std::lock_guard flushing(flushMutex_);
    endWhatIsOver(unixSeconds(clock_.wall()));
    std::vector<BanRecord> fresh;
    {
        const std::lock_guard lock(newMutex_);
        fresh.swap(new_);
    }
    if (!fresh.empty())
        take(std::move(fresh));
}

void BanBook::giveBack(std::vector<BanRecord> unsaved)
{
    for (BanRecord& record : unsaved) {
        Shard& shard = shardOf(record.address);
        const std::lock_guard lock(shard.mutex);
        const auto at = shard.known.find(record.address);
        // Under the shard's lock, so that a lift comes either before, and it is not there, or after, and
        // takes it away again.
        if (at != shard.known.end() && at->second->active && at->second->createdAt == record.createdAt)
            note(std::move(record));
    }
}

BanBook::Counters BanBook::counters() const
{
    Counters counters;
    for (std::size_t i = 0; i < failures_.size(); ++i)
        counters.failures[i] = failures_[i].load(std::memory_order_relaxed);
    counters.made = made_.load(std::memory_order_relaxed);
    counters.active = active_.load(std::memory_order_relaxed);
    counters.forgotten = forgotten_.load(std::memory_order_relaxed);
    counters.unsaved = unsaved_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(shards_[i].mutex);
        counters.known += shards_[i].order.size();
    }
    return counters;
}

} // namespace spillway::policy
