// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/bansmodel.h"

#include "ui/models/format.h"

#include <QtCore/QDateTime>
#include <limits>

namespace spillway::ui {

using contract::Ban;

namespace {

QString text(const Ban& ban, int column)
{
    switch (column) {
    case BansModel::Address:
        return ban.address;
    case BansModel::Reason:
        return ban.reason;
    case BansModel::By:
        if (ban.byHand)
            return BansModel::tr("By hand");
        return ban.offences > 1 ? BansModel::tr("By rule, %n times", nullptr, static_cast<int>(ban.offences))
                                : BansModel::tr("By rule");
    case BansModel::Since:
        return formatClock(ban.createdAt);
    case BansModel::Left:
        return ban.until ? formatSpan(*ban.until - QDateTime::currentSecsSinceEpoch())
                         : BansModel::tr("For ever");
    default:
        return {};
    }
}

} // namespace

void BansModel::setBans(std::vector<Ban> bans)
{
    sync(std::move(bans), [](const Ban& ban) { return ban.address; });
}

void BansModel::tick()
{
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, Left), index(rowCount() - 1, Left));
}

int BansModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BansModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Ban& ban = row(index.row());
    switch (role) {
    case IdRole:
        return ban.address;
    case SearchRole:
        return ban.address + QLatin1Char('\n') + ban.reason;
    case IconRole:
        return index.column() == Address ? QVariant(QStringLiteral("shield")) : QVariant();
    case ToneRole:
        return index.column() == By ? QVariant(static_cast<int>(ban.byHand ? Tone::Neutral : Tone::Warning))
                                    : QVariant();
    case SortRole:
        if (index.column() == Since)
            return static_cast<qint64>(ban.createdAt);
        if (index.column() == Left)
            return static_cast<qint64>(ban.until.value_or(std::numeric_limits<std::int64_t>::max()));
        return text(ban, index.column());
    case Qt::ToolTipRole:
        return index.column() == Reason ? QVariant(ban.reason) : QVariant();
    case Qt::DisplayRole:
        return text(ban, index.column());
    default:
        return {};
    }
}

QVariant BansModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Address:
        return tr("Address");
    case Reason:
        return tr("Reason");
    case By:
        return tr("Set");
    case Since:
        return tr("Since");
    case Left:
        return tr("Time left");
    default:
        return {};
    }
}

} // namespace spillway::ui
