// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/livetable.h"
#include "ui/models/liveuse.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// One client or one link with all that it takes at this moment.
struct TransferGroup
{
    QString id; ///< address or link id; empty: all that runs without a link
    QString name;
    LiveUse::Sum sum;
    int round = 0; ///< of setGroups() that it was in last
};

/// The transfers that run, one row per client or per link. While the table is held nothing moves: groups
/// that are over stay with nothing in them, and new ones come at the end.
class TransferGroupsModel final : public LiveTable<TransferGroup>
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
    using LiveTable::LiveTable;

    /// `names` by id; one that is not in there is its own.
    void setGroups(const LiveUse::Sums& sums, const QHash<QString, QString>& names, const QString& filter);
    void setHeld(bool held) { held_ = held; }
    void clear();
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] bool less(const TransferGroup& left, const TransferGroup& right) const;
    void resort();

    QHash<QString, std::shared_ptr<TransferGroup>> groups_; ///< those that are shown, by id
    int round_ = 0;
    int sortColumn_ = Name;
    Qt::SortOrder order_ = Qt::AscendingOrder;
    bool held_ = false;
};

} // namespace spillway::ui
