// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cidr.h"
#include "server/policy/limit.h"
#include "server/policy/subjectkey.h"

#include <unordered_map>
#include <vector>

namespace spillway::policy {

/// All limits that are set, as one immutable snapshot: each level's default, and what single shares, tokens,
/// links and addresses have instead of it, field by field. Built by one thread, then read by any.
class LimitSet
{
public:
    /// The level's default; for the server its only limit.
    void setDefault(LimitLevel level, const LimitFields& fields);
    /// Of one share, token or link.
    void setObject(LimitLevel level, const SubjectKey& key, const LimitFields& fields);
    /// Of every address in a block, each for itself; where blocks overlap, the smaller one counts.
    void setBlock(const config::Cidr& block, const LimitFields& fields);

    /// What holds for one subject. `key` of LimitLevel::Ip is the client's address; that of Server and
    /// Connection is not looked at.
    [[nodiscard]] LimitFields fieldsFor(LimitLevel level, const SubjectKey& key) const;
    /// Nothing is set at this level: fieldsFor() is empty for everybody.
    [[nodiscard]] bool untouched(LimitLevel level) const { return !touched_[indexOf(level)]; }
    [[nodiscard]] bool empty() const { return touched_ == std::array<bool, kLimitLevels>{}; }

private:
    using Objects = std::unordered_map<SubjectKey, LimitFields, SubjectKey::Hash>;
    std::array<LimitFields, kLimitLevels> defaults_;
    std::array<Objects, kLimitLevels> objects_;
    std::vector<std::pair<config::Cidr, LimitFields>> blocks_; ///< the smallest first
    std::array<bool, kLimitLevels> touched_{};
};

} // namespace spillway::policy
