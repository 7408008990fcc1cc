// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    explicit LimitTree(std::size_t subjects);

    void apply(std::shared_ptr<const LimitSet> limits);
    [[nodiscard]] std::shared_ptr<const LimitSet> limits() const;

    /// The node of one subject; null where neither its own row nor its level's default limits anything, as
    /// `known` has it: the caller's snapshot, so that the common case takes no lock.
    [[nodiscard]] std::shared_ptr<LimitNode> find(const LimitSet& known, LimitLevel level,
                                                  const SubjectKey& key);

    /// A request was refused at this level.
    void countRefused(LimitLevel level) { refused_[indexOf(level)].fetch_add(1, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t refused(LimitLevel level) const
    {
        return refused_[indexOf(level)].load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t clients() const { return tables_[indexOf(LimitLevel::Ip)].size(); }
    [[nodiscard]] std::uint64_t evictions() const { return tables_[indexOf(LimitLevel::Ip)].evictions(); }
    /// Times that somebody in use had to make room, over all tables.
    [[nodiscard]] std::uint64_t boundHits() const;

private:
    using Table = BoundedTable<LimitNode>;

    mutable std::mutex mutex_; ///< guards limits_; may be taken under a table's lock, never the reverse
    std::shared_ptr<const LimitSet> limits_ = std::make_shared<const LimitSet>();
    const std::shared_ptr<LimitNode> server_ = std::make_shared<LimitNode>(LimitLevel::Server);
    std::array<Table, kLimitLevels> tables_; ///< those of Server and Connection stay empty
    std::array<std::atomic<std::uint64_t>, kLimitLevels> refused_{};
};

} // namespace spillway::policy
