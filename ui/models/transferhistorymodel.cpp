// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/transferhistorymodel.h"

#include "ui/models/format.h"
#include "ui/models/transfersmodel.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace spillway::ui {

using contract::EndedTransfer;

namespace {

/// Each snapshot rounds times anew; a server's next run gives the same ids at other times.
constexpr std::int64_t kRounding = 100;

double secondsOf(const EndedTransfer& row)
{
    return static_cast<double>(std::max<std::int64_t>(1, row.endedAtMs - row.transfer.startedAtMs)) / 1000;
}

QString text(const EndedTransfer& row, int column)
{
    const contract::Transfer& transfer = row.transfer;
    switch (column) {
    case TransferHistoryModel::Ended:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(row.endedAtMs).time(),
                                  QStringLiteral("HH:mm:ss"));
    case TransferHistoryModel::Outcome:
        return row.complete ? TransferHistoryModel::tr("Finished") : TransferHistoryModel::tr("Cut off");
    case TransferHistoryModel::Client:
        return transfer.client;
    case TransferHistoryModel::File:
        return transferFile(transfer);
    case TransferHistoryModel::Size:
        return row.complete || !transfer.total
                   ? formatSize(transfer.sent)
                   : TransferHistoryModel::tr("%1 of %2")
                         .arg(formatSize(transfer.sent), formatSize(*transfer.total));
    case TransferHistoryModel::Duration:
        return secondsOf(row) < 1 ? formatMilliseconds(secondsOf(row) * 1000)
                                  : formatSpan(static_cast<std::int64_t>(secondsOf(row)));
    case TransferHistoryModel::Rate:
        return formatRate(static_cast<double>(transfer.sent) / secondsOf(row));
    case TransferHistoryModel::Via:
        return transferVia(transfer);
    default:
        return {};
    }
}

bool isNumber(int column)
{
    return column == TransferHistoryModel::Size || column == TransferHistoryModel::Duration ||
           column == TransferHistoryModel::Rate;
}

} // namespace

void TransferHistoryModel::add(const std::vector<EndedTransfer>& all)
{
    std::vector<EndedTransfer> ended;
    for (const EndedTransfer& one : all)
        if (std::abs(known_.value(one.transfer.id) - one.endedAtMs) > kRounding)
            ended.push_back(one);
    if (ended.empty())
        return;
    const std::size_t fresh = std::min(ended.size(), kMost);
    if (const std::size_t after = rows_.size() + fresh; after > kMost) {
        const std::size_t keep = kMost - fresh;
        beginRemoveRows({}, static_cast<int>(keep), static_cast<int>(rows_.size()) - 1);
        for (std::size_t i = keep; i < rows_.size(); ++i)
            if (known_.value(rows_[i].transfer.id) == rows_[i].endedAtMs)
                known_.remove(rows_[i].transfer.id);
        rows_.resize(keep);
        endRemoveRows();
    }
    beginInsertRows({}, 0, static_cast<int>(fresh) - 1);
    for (std::size_t i = ended.size() - fresh; i < ended.size(); ++i) {
        known_.insert(ended[i].transfer.id, ended[i].endedAtMs);
        rows_.push_front(std::move(ended[i]));
    }
    endInsertRows();
}

int TransferHistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int TransferHistoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TransferHistoryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const EndedTransfer& row = this->row(index.row());
    switch (role) {
    case IdRole:
        return row.transfer.id;
    case SearchRole:
        return QStringList{row.transfer.client, displayName(row.transfer.path), row.transfer.share,
                           row.transfer.link,   row.transfer.userAgent,         text(row, Outcome)}
            .join(QLatin1Char('\n'));
    case ToneRole:
        return index.column() == Outcome
                   ? QVariant(static_cast<int>(row.complete ? Tone::Good : Tone::Warning))
                   : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ToolTipRole:
        return index.column() == File ? QVariant(displayName(row.transfer.path)) : QVariant();
    case SortRole:
        switch (index.column()) {
        case Ended:
            return static_cast<qint64>(row.endedAtMs);
        case Size:
            return static_cast<qint64>(row.transfer.sent);
        case Duration:
            return secondsOf(row);
        case Rate:
            return static_cast<double>(row.transfer.sent) / secondsOf(row);
        default:
            return text(row, index.column());
        }
    case Qt::DisplayRole:
        return text(row, index.column());
    default:
        return {};
    }
}

QVariant TransferHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Ended:
        return tr("Ended");
    case Outcome:
        return tr("How");
    case Client:
        return tr("Client");
    case File:
        return tr("File");
    case Size:
        return tr("Sent");
    case Duration:
        return tr("Took");
    case Rate:
        return tr("Rate");
    case Via:
        return tr("By");
    default:
        return {};
    }
}

} // namespace spillway::ui
