// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QAbstractTableModel>
#include <QtCore/QSortFilterProxyModel>
#include <deque>
#include <optional>

namespace spillway::ui {

/// One line of the access log, taken apart where it is JSON; else all of it is in `request`.
struct LogLine
{
    QString text; ///< as it stands in the file
    QString time, client, request, agent;
    int status = 0;
    std::int64_t bytes = -1, microseconds = -1; ///< -1: not said

    [[nodiscard]] static LogLine of(const QString& text);
};

/// Lines of the access log, the oldest first; at most kMost, then the oldest go.
class LogModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 20'000;
    enum Columns
    {
        Time,
        Client,
        Request,
        Status,
        Sent,
        Took,
        Agent,
        ColumnCount
    };

    void append(const QStringList& lines);
    /// Older ones; none where there is no room.
    void prepend(const QStringList& lines);
    void clear();
    [[nodiscard]] const LogLine& row(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// What a filter by this cell looks for: "10.0.0.7", "404".
    [[nodiscard]] QString value(int row, int column) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::deque<LogLine> rows_;
};

/// Lines that have a text in them and these values in these columns.
class LogFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit LogFilter(LogModel& model);

    void setText(const QString& text);
    void setValue(int column, const QString& value);
    void removeValue(int column);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    LogModel& model_;
    QString text_;
    std::array<std::optional<QString>, LogModel::ColumnCount> values_;
};

} // namespace spillway::ui
