// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/roles.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QHash>
#include <deque>

namespace spillway::ui {

/// The transfers that are over, newest first: at most kMost, then the oldest go. What fitted into one send
/// was never seen as a transfer and is not here; the log has it.
class TransferHistoryModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Ended,
        Outcome,
        Client,
        File,
        Size,
        Duration,
        Rate,
        Via,
        ColumnCount
    };
    static constexpr std::size_t kMost = 1000;
    using QAbstractTableModel::QAbstractTableModel;

    /// Oldest first. A server that is found again tells of its last ones once more; they are known.
    void add(const std::vector<contract::EndedTransfer>& all);
    [[nodiscard]] const contract::EndedTransfer& row(int number) const
    {
        return rows_[static_cast<std::size_t>(number)];
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<contract::EndedTransfer> rows_; ///< newest first
    QHash<QString, std::int64_t> known_;       ///< when each of rows_ ended, by id
};

} // namespace spillway::ui
