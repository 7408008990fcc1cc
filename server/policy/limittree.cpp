// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/limittree.h"

namespace spillway::policy {

LimitTree::LimitTree(std::size_t subjects, const Clock& clock)
    : control_(clock), tables_{Table(1),        Table(subjects), Table(subjects),
                               Table(subjects), Table(subjects), Table(1)}
{
}

std::shared_ptr<const LimitSet> LimitTree::limits() const
{
    std::lock_guard lock(mutex_);
    return limits_;
}

void LimitTree::apply(std::shared_ptr<const LimitSet> limits)
{
    {
        std::lock_guard lock(mutex_);
        limits_ = limits;
    }
    // Who makes a node takes the limits under its table's lock: either the new ones, or it is met below.
    server_->configure(limits->fieldsFor(LimitLevel::Server, {}));
    for (std::size_t i = 0; i < kLimitLevels; ++i)
        tables_[i].forEach(
            [&limits, level = static_cast<LimitLevel>(i)](const SubjectKey& key, LimitNode& node) {
                node.configure(limits->fieldsFor(level, key));
            });
}

std::shared_ptr<LimitNode> LimitTree::find(const LimitSet& known, LimitLevel level, const SubjectKey& key)
{
    if (known.untouched(level) || known.fieldsFor(level, key).empty())
        return nullptr;
    if (level == LimitLevel::Server)
        return server_;
    return tables_[indexOf(level)].get(key, [&] { return make(level, key); });
}

std::shared_ptr<LimitNode> LimitTree::findLink(const LimitSet& known, const SubjectKey& key,
                                               BytesPerSecond rate, std::int64_t downloads)
{
    auto node = rate.count > 0 || downloads > 0
                    ? tables_[indexOf(LimitLevel::Link)].get(key, [&] { return make(LimitLevel::Link, key); })
                    : find(known, LimitLevel::Link, key);
    if (node)
        node->setOwn(rate, downloads);
    return node;
}

LimitTree::Line LimitTree::line(LimitLevel level, const SubjectKey* key) const
{
    Line sum;
    const auto add = [&sum](const LimitNode& node) {
        if (const SlotQueue* slots = node.slots()) {
            sum.running += slots->running();
            sum.waiting += static_cast<std::int64_t>(slots->waiting());
        }
    };
    if (level == LimitLevel::Server)
        add(*server_);
    else if (!key)
        tables_[indexOf(level)].forEach([&add](const SubjectKey&, const LimitNode& node) { add(node); });
    else if (const auto node = tables_[indexOf(level)].peek(*key))
        add(*node);
    return sum;
}

std::shared_ptr<LimitNode> LimitTree::make(LimitLevel level, const SubjectKey& key)
{
    auto node = std::make_shared<LimitNode>(level, control_);
    node->configure(limits()->fieldsFor(level, key));
    return node;
}

std::uint64_t LimitTree::boundHits() const
{
    std::uint64_t total = 0;
    for (const Table& table : tables_)
        total += table.boundHits();
    return total;
}

} // namespace spillway::policy
