// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/transfergroupsmodel.h"

#include "ui/models/format.h"

namespace spillway::ui {

void TransferGroupsModel::setGroups(const LiveUse::Sums& sums, const QHash<QString, QString>& names,
                                    const QString& filter)
{
    std::vector<TransferGroup> groups;
    groups.reserve(static_cast<std::size_t>(sums.size()));
    for (auto sum = sums.begin(); sum != sums.end(); ++sum) {
        TransferGroup group{sum.key(), names.value(sum.key(), sum.key()), *sum};
        if (filter.isEmpty() || group.name.contains(filter, Qt::CaseInsensitive) ||
            group.id.contains(filter, Qt::CaseInsensitive))
            groups.push_back(std::move(group));
    }
    std::sort(groups.begin(), groups.end(), [](const TransferGroup& one, const TransferGroup& other) {
        return std::tie(one.name, one.id) < std::tie(other.name, other.id);
    });
    sync(std::move(groups), [](const TransferGroup& group) { return group.id; });
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
    case SortRole:
        switch (index.column()) {
        case Count:
            return sum.running;
        case Progress:
            return static_cast<qint64>(sum.sent);
        case Rate:
            return sum.rate;
        default:
            return group.name;
        }
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
