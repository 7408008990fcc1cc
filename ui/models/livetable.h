// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QAbstractTableModel>
#include <QtCore/QHash>
#include <algorithm>
#include <memory>
#include <vector>

namespace spillway::ui {

/// A table of 10,000 rows that change four times a second: `rows_` is the order in which they are shown, and
/// a row keeps its place in memory while it moves. Nothing is reset. What a snapshot costs here is linear,
/// with one signal for all rows that changed, one for those that came, and a few for those that went.
template<class Row>
class LiveTable : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    [[nodiscard]] const Row& row(int number) const { return *rows_[static_cast<std::size_t>(number)]; }

protected:
    using Rows = std::vector<std::shared_ptr<Row>>;

    void announceAll()
    {
        if (!rows_.empty())
            Q_EMIT this->dataChanged(index(0, 0), index(rowCount() - 1, this->columnCount() - 1));
    }

    void append(Rows fresh)
    {
        if (fresh.empty())
            return;
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
        std::move(fresh.begin(), fresh.end(), std::back_inserter(rows_));
        endInsertRows();
    }

    /// A few runs of rows go as they are; where they are many, all of them first move to the end, because
    /// each run costs every view of the table a walk of its own.
    template<class Goes>
    void removeIf(Goes goes)
    {
        int runs = 0;
        bool before = false;
        for (const auto& row : rows_) {
            const bool now = goes(*row);
            runs += now && !before;
            before = now;
        }
        if (runs > kMostRuns)
            rearrange([&] {
                std::stable_partition(rows_.begin(), rows_.end(),
                                      [&](const auto& row) { return !goes(*row); });
            });
        for (int end = runs > 0 ? rowCount() : 0; end > 0;) {
            int first = end;
            while (first > 0 && goes(row(first - 1)))
                --first;
            if (first < end) {
                beginRemoveRows({}, first, end - 1);
                rows_.erase(rows_.begin() + first, rows_.begin() + end);
                endRemoveRows();
            }
            end = first - 1;
        }
    }

    /// Rows that are in order already cost a look; new ones at the end are merged in. Equal rows keep theirs.
    template<class Less>
    void sortRows(Qt::SortOrder order, Less less)
    {
        if (order == Qt::DescendingOrder)
            sortBy([&](const auto& left, const auto& right) { return less(*right, *left); });
        else
            sortBy([&](const auto& left, const auto& right) { return less(*left, *right); });
    }

    Rows rows_;

private:
    static constexpr int kMostRuns = 8;

    template<class Less>
    void sortBy(Less lessRow)
    {
        const auto unsorted = std::is_sorted_until(rows_.begin(), rows_.end(), lessRow) - rows_.begin();
        if (unsorted == rowCount())
            return;
        rearrange([&] {
            std::stable_sort(rows_.begin() + unsorted, rows_.end(), lessRow);
            std::inplace_merge(rows_.begin(), rows_.begin() + unsorted, rows_.end(), lessRow);
        });
    }

    template<class Move>
    void rearrange(Move move)
    {
        Q_EMIT this->layoutAboutToBeChanged({}, VerticalSortHint);
        const QModelIndexList before = persistentIndexList();
        std::vector<const Row*> held;
        for (const QModelIndex& one : before)
            held.push_back(&row(one.row()));
        move();
        if (!before.isEmpty()) {
            QHash<const Row*, int> places;
            for (int i = 0; i < rowCount(); ++i)
                places.insert(&row(i), i);
            QModelIndexList after;
            for (qsizetype i = 0; i < before.size(); ++i)
                after.push_back(index(places.value(held[static_cast<std::size_t>(i)]), before[i].column()));
            changePersistentIndexList(before, after);
        }
        Q_EMIT this->layoutChanged({}, VerticalSortHint);
    }
};

} // namespace spillway::ui
