// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/receipts.h"
#include "ui/models/keyedtable.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// Who took one link, newest first, and how much of it arrived.
class ReceiptsModel final : public KeyedTable<contract::Receipt>
{
    Q_OBJECT
public:
    enum Column
    {
        Recipient,
        Arrived,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    void setReceipts(std::vector<contract::Receipt> receipts);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// The part of what was begun that arrived, 0 … 1; towards 0, so that 1 is all of it.
[[nodiscard]] double coverage(const contract::Receipt& receipt);

} // namespace spillway::ui
