// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/keyedtable.h"
#include "ui/models/liveuse.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// One client or one link with all that it takes at this moment.
struct TransferGroup
{
    QString id; ///< address or link id; empty: all that runs without a link
    QString name;
    LiveUse::Sum sum;
    friend bool operator==(const TransferGroup&, const TransferGroup&) = default;
};

/// The transfers that run, one row per client or per link, by name.
class TransferGroupsModel final : public KeyedTable<TransferGroup>
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        Count,
        Progress,
        Rate,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    /// `names` by id; one that is not in there is its own.
    void setGroups(const LiveUse::Sums& sums, const QHash<QString, QString>& names, const QString& filter);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace spillway::ui
