// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/transfergroupsmodel.h"

#include "ui/models/format.h"

#include <tuple>

namespace spillway::ui {

void TransferGroupsModel::setGroups(const LiveUse::Sums& sums, const QHash<QString, QString>& names,
                                    const QString& filter)
{
    ++round_;
    Rows fresh;
    for (const auto& [id, sum] : sums) {
        const auto named = names.constFind(id);
        const QString& name = named == names.constEnd() ? id : *named;
        if (!filter.isEmpty() && !name.contains(filter, Qt::CaseInsensitive) &&
            !id.contains(filter, Qt::CaseInsensitive))
            continue;
        std::shared_ptr<TransferGroup>& group = groups_[id];
        if (!group) {
            group = std::make_shared<TransferGroup>();
            group->id = id;
            fresh.push_back(group);
        }
        if (group->name != name)
            group->name = name;
        group->sum = sum;
        group->round = round_;
    }
    for (const auto& group : rows_)
        if (group->round != round_)
            group->sum = {};
    announceAll();
    if (!held_) {
        const auto isOver = [this](const TransferGroup& group) { return group.round != round_; };
        groups_.removeIf([&](const auto& one) { return isOver(*one.value()); });
        removeIf(isOver);
    }
    append(std::move(fresh));
    if (!held_)
        resort();
}

void TransferGroupsModel::clear()
{
    groups_.clear();
    removeIf([](const TransferGroup&) { return true; });
}

void TransferGroupsModel::sort(int column, Qt::SortOrder order)
{
    sortColumn_ = column;
    order_ = order;
    resort();
}

bool TransferGroupsModel::less(const TransferGroup& left, const TransferGroup& right) const
{
    switch (sortColumn_) {
    case Count:
        return left.sum.running < right.sum.running;
    case Progress:
        return left.sum.sent < right.sum.sent;
    case Rate:
        return left.sum.rate < right.sum.rate;
    default:
        return std::tie(left.name, left.id) < std::tie(right.name, right.id);
    }
}

void TransferGroupsModel::resort()
{
    sortRows(order_,
             [this](const TransferGroup& left, const TransferGroup& right) { return less(left, right); });
}

int TransferGroupsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TransferGroupsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TransferGroup& group = row(index.row());
    const LiveUse::Sum& sum = group.sum;
    switch (role) {
    case IdRole:
        return group.id;
    case ProgressRole:
        if (index.column() != Progress)
            return {};
        return sum.total > 0 ? static_cast<double>(sum.sent) / static_cast<double>(sum.total) : -1.0;
    case Qt::TextAlignmentRole:
        if (index.column() == Count || index.column() == Rate)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::ToolTipRole:
        return index.column() == Name && group.name != group.id ? QVariant(group.id) : QVariant();
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return group.name;
        case Count:
            return formatCount(sum.running);
        case Progress:
            return sum.total > 0 ? tr("%1 of %2").arg(formatSize(sum.sent), formatSize(sum.total))
                                 : formatSize(sum.sent);
        case Rate:
            return formatRate(sum.rate);
        default:
            return {};
        }
    default:
        return {};
    }
}

QVariant TransferGroupsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Count || section == Rate ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Group");
    case Count:
        return tr("Transfers");
    case Progress:
        return tr("Progress");
    case Rate:
        return tr("Rate");
    default:
        return {};
    }
}

} // namespace spillway::ui
