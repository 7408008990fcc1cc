// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/bans.h"
#include "ui/models/keyedtable.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// The addresses that a server refuses, by address.
class BansModel final : public KeyedTable<contract::Ban>
{
    Q_OBJECT
public:
    enum Column
    {
        Address,
        Reason,
        By,
        Since,
        Left,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    void setBans(std::vector<contract::Ban> bans);
    void tick(); ///< the time that is left is another; once a second or so

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace spillway::ui
