// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/policy/admission.h"
#include "server/policy/boundedtable.h"
#include "server/policy/limitnode.h"
#include "server/policy/limitset.h"

#include <mutex>

namespace spillway::policy {

/// The state behind the limits of a whole process: server → share → token → link → IP, a node for each
/// subject that is limited and was seen lately. (Connections keep their own nodes, which their worker
/// configures.)
///
/// Any thread. A node that is found again within the tables' bound has kept its state, whatever else came
/// between (boundedtable.h). apply() changes live nodes before it returns; a node that is being made at that
/// moment gets the new limits, too.
class LimitTree
{
public:
    /// `subjects`: the most addresses, links and tokens kept in mind, of each.
    LimitTree(std::size_t subjects, const Clock& clock);

    void apply(std::shared_ptr<const LimitSet> limits);
    [[nodiscard]] std::shared_ptr<const LimitSet> limits() const;

    /// The node of one subject; null where neither its own row nor its level's default limits anything, as
    /// `known` has it: the caller's snapshot, so that the common case takes no lock.
    [[nodiscard]] std::shared_ptr<LimitNode> find(const LimitSet& known, LimitLevel level,
                                                  const SubjectKey& key);

    /// The same for a link whose record, or whose URL, has limits of its own as well; 0: none.
    [[nodiscard]] std::shared_ptr<LimitNode> findLink(const LimitSet& known, const SubjectKey& key,
                                                      BytesPerSecond rate, std::int64_t downloads);
    /// What runs and waits at this moment where downloads or connections are limited: at one subject, or with
    /// `key` null over all of a level. Nothing where no node was made yet.
    struct Line
    {
        std::int64_t running = 0, waiting = 0;
    };
    [[nodiscard]] Line line(LimitLevel level, const SubjectKey* key) const;
    [[nodiscard]] std::shared_ptr<LimitNode> makeConnectionNode()
    {
        return std::make_shared<LimitNode>(LimitLevel::Connection, control_);
    }

    /// A request was refused at this level.
    void countRefused(LimitLevel level) { refused_[indexOf(level)].fetch_add(1, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t refused(LimitLevel level) const
    {
        return refused_[indexOf(level)].load(std::memory_order_relaxed);
    }
    /// Downloads that go out, limited or not.
    void countRunning(std::int64_t by) { running_.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t running() const { return running_.load(std::memory_order_relaxed); }
    [[nodiscard]] const QueueFigures& queue() const { return control_.queue; }
    /// How long downloads wait in line at the moment; 0 where none does.
    [[nodiscard]] std::chrono::milliseconds queueWait() const
    {
        const bool empty = control_.queue.waiting.load(std::memory_order_relaxed) <= 0;
        return std::chrono::milliseconds(empty ? 0 : control_.queue.lastWait.load(std::memory_order_relaxed));
    }
    [[nodiscard]] std::size_t clients() const { return tables_[indexOf(LimitLevel::Ip)].size(); }
    [[nodiscard]] std::uint64_t evictions() const { return tables_[indexOf(LimitLevel::Ip)].evictions(); }
    /// Times that somebody in use had to make room, over all tables.
    [[nodiscard]] std::uint64_t boundHits() const;

private:
    using Table = BoundedTable<LimitNode>;
    [[nodiscard]] std::shared_ptr<LimitNode> make(LimitLevel level, const SubjectKey& key);

    LimitControl control_; ///< first: the nodes refer to it

    mutable std::mutex mutex_; ///< guards limits_; may be taken under a table's lock, never the reverse
    std::shared_ptr<const LimitSet> limits_ = std::make_shared<const LimitSet>();
    const std::shared_ptr<LimitNode> server_ = std::make_shared<LimitNode>(LimitLevel::Server, control_);
    std::array<Table, kLimitLevels> tables_; ///< those of Server and Connection stay empty
    std::array<std::atomic<std::uint64_t>, kLimitLevels> refused_{};
    std::atomic<std::int64_t> running_{0};
};

} // namespace spillway::policy
