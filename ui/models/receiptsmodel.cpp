// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/receiptsmodel.h"

#include "ui/models/format.h"

namespace spillway::ui {

using contract::Receipt;

double coverage(const Receipt& receipt)
{
    std::int64_t arrived = 0, size = 0;
    for (const contract::ReceiptFile& file : receipt.files) {
        arrived += std::min(file.arrived, file.size);
        size += file.size;
    }
    if (arrived >= size)
        return receipt.files.empty() ? 0 : 1;
    return std::min(0.999, static_cast<double>(arrived) / static_cast<double>(size));
}

void ReceiptsModel::setReceipts(std::vector<Receipt> receipts)
{
    sync(std::move(receipts), [](const Receipt& receipt) { return static_cast<qint64>(receipt.id); });
}

int ReceiptsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReceiptsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Receipt& receipt = row(index.row());
    switch (role) {
    case IdRole:
        return QString::number(receipt.id);
    case ProgressRole:
        return index.column() == Arrived ? QVariant(coverage(receipt)) : QVariant();
    case Qt::ToolTipRole: {
        QStringList lines{
            tr("%1, from %2 to %3")
                .arg(receipt.recipient, formatClock(receipt.startedAt), formatClock(receipt.lastAt))};
        constexpr std::size_t most = 10;
        for (std::size_t i = 0; i < std::min(most, receipt.files.size()); ++i) {
            const contract::ReceiptFile& file = receipt.files[i];
            const QString arrived =
                tr("%1 of %2 arrived").arg(formatSize(file.arrived), formatSize(file.size));
            lines += file.path.isEmpty() ? arrived : displayName(file.path) + QStringLiteral(": ") + arrived;
        }
        if (receipt.files.size() > most)
            lines += tr("and %n more file(s)", nullptr, static_cast<int>(receipt.files.size() - most));
        return lines.join(QLatin1Char('\n'));
    }
    case Qt::DisplayRole:
        if (index.column() == Recipient)
            return receipt.recipient;
        return receipt.files.size() > 1 ? tr("%n file(s)", nullptr, static_cast<int>(receipt.files.size()))
                                        : formatClock(receipt.finishedAt.value_or(receipt.lastAt));
    default:
        return {};
    }
}

QVariant ReceiptsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Recipient ? tr("Recipient") : tr("Arrived");
}

} // namespace spillway::ui
