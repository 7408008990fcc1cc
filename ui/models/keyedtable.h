// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QAbstractTableModel>
#include <QtCore/QHash>
#include <algorithm>
#include <vector>

namespace spillway::ui {

/// A table whose rows are values with a key, brought up to date by a new list of them: what went is removed,
/// what came is inserted in its place, what changed is announced, and nothing is reset, so selection, scroll
/// position and open editors stay. Rows that both lists have must be in the same order in both; where they
/// are not, what is out of order is removed and inserted again.
template<class Row>
class KeyedTable : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    [[nodiscard]] const Row& row(int number) const { return rows_[static_cast<std::size_t>(number)]; }
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

protected:
    /// `keyOf(row)` gives something that QHash takes; Row has ==.
    template<class KeyOf>
    void sync(std::vector<Row> wanted, KeyOf keyOf)
    {
        using Key = std::decay_t<decltype(keyOf(wanted.front()))>;
        QHash<Key, int> places;
        places.reserve(static_cast<qsizetype>(wanted.size()));
        for (std::size_t i = 0; i < wanted.size(); ++i)
            places.insert(keyOf(wanted[i]), static_cast<int>(i));

        // What stays: known rows in rising order of their new places.
        std::vector<bool> stays(rows_.size());
        int last = -1;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const int place = places.value(keyOf(rows_[i]), -1);
            stays[i] = place > last;
            if (stays[i])
                last = place;
        }
        for (auto end = static_cast<int>(rows_.size()); end > 0;) {
            int first = end;
            while (first > 0 && !stays[static_cast<std::size_t>(first - 1)])
                --first;
            if (first < end) {
                beginRemoveRows({}, first, end - 1);
                rows_.erase(rows_.begin() + first, rows_.begin() + end);
                endRemoveRows();
            }
            end = first - 1;
        }

        // Known rows are now a subsequence of the wanted ones.
        int changedFrom = -1;
        const auto announce = [&](int end) {
            if (changedFrom >= 0)
                Q_EMIT this->dataChanged(index(changedFrom, 0), index(end - 1, columnCount() - 1));
            changedFrom = -1;
        };
        const auto count = static_cast<int>(wanted.size());
        for (int i = 0; i < count;) {
            Row& next = wanted[static_cast<std::size_t>(i)];
            if (i < static_cast<int>(rows_.size()) &&
                keyOf(rows_[static_cast<std::size_t>(i)]) == keyOf(next)) {
                Row& known = rows_[static_cast<std::size_t>(i)];
                if (known == next) {
                    announce(i);
                } else {
                    known = std::move(next);
                    if (changedFrom < 0)
                        changedFrom = i;
                }
                ++i;
                continue;
            }
            announce(i);
            int end = i + 1;
            if (i == static_cast<int>(rows_.size())) {
                end = count;
            } else {
                const Key stop = keyOf(rows_[static_cast<std::size_t>(i)]);
                while (end < count && !(keyOf(wanted[static_cast<std::size_t>(end)]) == stop))
                    ++end;
            }
            beginInsertRows({}, i, end - 1);
            rows_.insert(rows_.begin() + i, std::make_move_iterator(wanted.begin() + i),
                         std::make_move_iterator(wanted.begin() + end));
            endInsertRows();
            i = end;
        }
        announce(static_cast<int>(rows_.size()));
    }

    std::vector<Row> rows_;
};

} // namespace spillway::ui
