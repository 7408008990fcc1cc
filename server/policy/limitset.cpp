// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/limitset.h"

namespace spillway::policy {

void LimitSet::setDefault(LimitLevel level, const LimitFields& fields)
{
    defaults_[indexOf(level)] = fields;
    touched_[indexOf(level)] |= !fields.empty();
}

void LimitSet::setObject(LimitLevel level, const SubjectKey& key, const LimitFields& fields)
{
    objects_[indexOf(level)][key] = fields;
    touched_[indexOf(level)] |= !fields.empty();
}

void LimitSet::setBlock(const config::Cidr& block, const LimitFields& fields)
{
    const auto smaller =
        std::upper_bound(blocks_.begin(), blocks_.end(), block.prefix,
                         [](std::uint8_t prefix, const auto& entry) { return prefix > entry.first.prefix; });
    blocks_.insert(smaller, {block, fields});
    touched_[indexOf(LimitLevel::Ip)] |= !fields.empty();
}

LimitFields LimitSet::fieldsFor(LimitLevel level, const SubjectKey& key) const
{
    const LimitFields& base = defaults_[indexOf(level)];
    if (level == LimitLevel::Ip) {
        LimitFields fields;
        for (const auto& [block, own] : blocks_)
            if (block.contains({key.bytes}))
                fields = fields.over(own);
        return fields.over(base);
    }
    const Objects& objects = objects_[indexOf(level)];
    if (const auto found = objects.find(key); found != objects.end())
        return found->second.over(base);
    return base;
}

} // namespace spillway::policy
