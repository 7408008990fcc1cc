// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/config/cidr.h"
#include "server/policy/failuresink.h"

#include <array>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace spillway::policy {

/// How bans come about. What may change while the server runs.
struct BanRules
{
    std::uint32_t threshold = 20; ///< different failures; 0: nobody is banned by rule
    std::chrono::seconds window{600};
    std::chrono::seconds duration{600}; ///< of the first ban; each further one twice as long
    std::chrono::seconds longest{86'400};
    std::vector<config::Cidr> never; ///< beside loopback: bans.never and the trusted proxies
};

/// One ban. Times are unix seconds.
struct BanRecord
{
    config::IpAddress address; ///< as BanBook::keyOf makes it
    std::string reason;
    std::int64_t offences = 1;
    bool byHand = false;
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> until; ///< none: for ever
};

/// Who failed too often, and who is banned.
///
///     64 shards by address, each:   mutex | known:  address → failures, ban by rule; least recently failed
///     out
///                                         | byHand: address → ban by hand; never out
///
/// Any thread. isBanned() is for every request: one load where nobody of the address's shard is banned, else
/// a short lock. An IPv6 client is its /64. Failures count within a window that begins with the first of
/// them; one that was seen before in the window (of the last 32) does not count again. An offender's next ban
/// is twice as long, up to the longest; who kept quiet for the longest ban's time begins anew. Loopback and
/// rules.never are never banned by rule, nor is an address that `spare` names (a proxy that nobody trusted
/// yet): that is only told. At most `capacity` addresses are known; beyond, the one that failed longest ago
/// and is not banned goes, and its going is counted.
class BanBook final : public FailureSink
{
public:
    static constexpr std::size_t kByHandLimit = 10'000;

    struct Hooks
    {
        std::function<bool(const config::IpAddress&)> spare;  ///< asked before a ban by rule; may be empty
        std::function<void(const BanRecord&)> banned;         ///< told of a ban by rule; may be empty
        std::function<void(const config::IpAddress&)> spared; ///< told instead, where `spare` said yes
    };

    BanBook(const Clock& clock, std::size_t capacity, Hooks hooks);
    ~BanBook() override;

    void setRules(BanRules rules);
    [[nodiscard]] std::shared_ptr<const BanRules> rules() const;

    /// IPv4 as it is, IPv6 as its /64.
    [[nodiscard]] static config::IpAddress keyOf(const config::IpAddress& client);
    /// "192.0.2.1", or "2001:db8:1:2::/64".
    [[nodiscard]] static std::string textOf(const config::IpAddress& key);
    /// The reverse; any address of a /64 names it. InvalidArgument for other blocks.
    [[nodiscard]] static Result<config::IpAddress> parseKey(std::string_view text);

    void failed(const std::array<std::uint8_t, 16>& client, FailureKind kind, std::uint64_t what) override;

    /// The end of its ban (unix seconds; the largest number: for ever), or nothing. `now`: unix seconds.
    [[nodiscard]] std::optional<std::int64_t> isBanned(const std::array<std::uint8_t, 16>& client,
                                                       std::int64_t now) const
    {
        if (active_.load(std::memory_order_relaxed) == 0) [[likely]]
            return std::nullopt;
        return findBan(config::IpAddress{client}, now);
    }

    /// By hand, or as kept from an earlier run: replaces a ban of its kind. A kept one by rule that has ended
    /// is remembered as an offence. Exhausted beyond kByHandLimit.
    [[nodiscard]] Result<void> put(const BanRecord& ban);
    /// False where nothing was banned. Its failures and offences are forgiven.
    bool lift(const config::IpAddress& key);
    /// Those in force, by address.
    [[nodiscard]] std::vector<BanRecord> list() const;

    /// Once a second or so. Hands the bans by rule that were made since the last call to `take`. No lift()
    /// happens meanwhile, so what `take` puts on a queue stands before the removal that follows a lift.
    void flush(const std::function<void(std::vector<BanRecord>)>& take);
    /// Those that could not be kept come again with the next flush, where they still hold.
    void giveBack(std::vector<BanRecord> unsaved);

    struct Counters
    {
        std::array<std::uint64_t, 3> failures{}; ///< by FailureKind, also repeated and forgiven ones
        std::uint64_t made = 0;                  ///< by rule
        std::uint64_t active = 0;
        std::uint64_t forgotten = 0; ///< addresses that had to go for want of room
        std::uint64_t unsaved = 0;   ///< bans that were not handed out, because too many waited
        std::uint64_t known = 0;
    };
    [[nodiscard]] Counters counters() const;

private:
    struct Shard;
    struct Entry;
    [[nodiscard]] static bool isSafe(const BanRules& rules, const config::IpAddress& client);
    [[nodiscard]] static bool count(Entry& entry, const BanRules& rules, std::uint64_t what, Monotonic now);
    [[nodiscard]] Shard& shardOf(const config::IpAddress& key) const;
    [[nodiscard]] std::optional<std::int64_t> findBan(const config::IpAddress& client,
                                                      std::int64_t now) const;
    /// These four with the shard's lock held.
    [[nodiscard]] Entry& entryFor(Shard& shard, const config::IpAddress& key);
    void beginBan(Shard& shard, Entry& entry, std::int64_t until);
    void endBan(Shard& shard, Entry& entry);
    void endByHand(Shard& shard, const config::IpAddress& key);
    void endWhatIsOver(std::int64_t now);
    void note(BanRecord record);

    const Clock& clock_;
    const Hooks hooks_;
    const std::size_t perShard_;
    const std::uint64_t seed_;
    std::unique_ptr<Shard[]> shards_;
    mutable std::mutex rulesMutex_; ///< guards rules_
    std::shared_ptr<const BanRules> rules_ = std::make_shared<const BanRules>();
    std::mutex flushMutex_; ///< held while bans are handed out, and by lift()
    std::mutex newMutex_;   ///< guards new_
    std::vector<BanRecord> new_;
    std::array<std::atomic<std::uint64_t>, 3> failures_{};
    std::atomic<std::uint64_t> made_{0}, forgotten_{0}, unsaved_{0};
    std::atomic<std::size_t> active_{0}, byHand_{0};
};

} // namespace spillway::policy
