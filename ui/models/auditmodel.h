// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/logvalues.h"

#include <QtCore/QAbstractTableModel>

namespace spillway::ui {

/// Entries of the audit log, newest first.
class AuditModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Columns
    {
        When,
        Who,
        From,
        What,
        Object,
        Change,
        Outcome,
        ColumnCount
    };

    /// The newest page anew: what is new comes on top, what is there stays.
    void setNewest(const std::vector<contract::AuditEntry>& entries);
    void append(const std::vector<contract::AuditEntry>& older);
    void clear();
    [[nodiscard]] const contract::AuditEntry& row(int row) const
    {
        return rows_[static_cast<std::size_t>(row)];
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<contract::AuditEntry> rows_;
};

/// "listing: yes → no": what differs before and after, or why it failed.
[[nodiscard]] QString changeText(const contract::AuditEntry& entry);

} // namespace spillway::ui
