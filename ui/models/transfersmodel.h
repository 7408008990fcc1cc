// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/roles.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QHash>
#include <vector>

namespace spillway::ui {

/// The transfers that run, and for a few seconds those that just ended.
///
/// Built for 10,000 rows at four snapshots a second: a snapshot is matched by id, known rows are written in
/// place and announced as one range, and sorting happens here over the values, at most every two seconds.
/// Nothing moves while the table is held (a pointer is over it, a row of it is selected): new rows come at
/// the end, ended ones stay.
class TransfersModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Client,
        File,
        Progress,
        Rate,
        Left,
        Priority,
        Via,
        Token,
        Secure,
        Program,
        ColumnCount
    };
    struct Row
    {
        contract::Transfer transfer;
        double rate = 0; ///< bytes per second, smoothed over about two seconds
        std::int64_t seenAtMs = 0;
        std::int64_t endedAtMs = 0; ///< 0: it runs
        [[nodiscard]] bool ended() const { return endedAtMs != 0; }
    };
    /// How long an ended transfer is still shown.
    static constexpr std::int64_t kLingerMs = 4000;

    explicit TransfersModel(QObject* parent = nullptr);

    void update(const contract::LiveSnapshot& snapshot);
    void setHeld(bool held);
    void setFilter(const QString& text); ///< in client, path, share, link and program
    void setTokenNames(const QHash<QString, QString>& names) { tokenNames_ = names; } ///< by id
    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] const Row* find(const QString& id) const;
    [[nodiscard]] const Row& row(int number) const { return rows_[static_cast<std::size_t>(number)]; }
    [[nodiscard]] int running() const; ///< among those that are shown

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] bool matches(const contract::Transfer& transfer) const;
    [[nodiscard]] bool less(const Row& left, const Row& right) const;
    void removeEnded(std::int64_t nowMs);
    void resort();

    std::vector<Row> rows_;
    QHash<QString, int> places_; ///< of rows_, by id
    QString filter_;
    QHash<QString, QString> tokenNames_;
    int sortColumn_ = -1; ///< none: by age
    Qt::SortOrder order_ = Qt::AscendingOrder;
    bool held_ = false;
    std::int64_t sortedAtMs_ = 0;
    contract::TransferList last_; ///< for a filter that changes between snapshots
    std::int64_t lastAtMs_ = 0;
};

/// 0: high, 1: normal, 2: low.
[[nodiscard]] int priorityRank(const contract::Transfer& transfer);
[[nodiscard]] QString transferFile(const contract::Transfer& transfer); ///< the last part of its path
[[nodiscard]] QString transferVia(const contract::Transfer& transfer);  ///< share, or "Link …"
/// "curl/7.88.1", "Firefox", "Chrome": what a user agent's text means.
[[nodiscard]] QString programName(const QString& userAgent);
/// Seconds until the end, or none where nobody knows.
[[nodiscard]] std::optional<std::int64_t> secondsLeft(const TransfersModel::Row& row);

} // namespace spillway::ui
