// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/livetable.h"
#include "ui/models/roles.h"

#include <QtCore/QHash>
#include <vector>

namespace spillway::ui {

/// One transfer that runs, or ended a moment ago.
struct TransferRow
{
    contract::Transfer transfer;
    double rate = 0; ///< bytes per second, smoothed over about two seconds
    std::int64_t seenAtMs = 0;
    std::int64_t endedAtMs = 0; ///< 0: it runs
    bool shown = false;         ///< the filter lets it through
    [[nodiscard]] bool ended() const { return endedAtMs != 0; }
};

/// The transfers that run, and for a few seconds those that just ended.
///
/// Built for 10,000 rows at four snapshots a second: a snapshot is matched by id, known rows are written in
/// place, the filter looks at each transfer once, and sorting happens here over the values, at most every two
/// seconds. Nothing moves while the table is held (a pointer is over it, a row of it is selected): new rows
/// come at the end, ended ones stay.
class TransfersModel final : public LiveTable<TransferRow>
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
    using Row = TransferRow;
    /// How long an ended transfer is still shown.
    static constexpr std::int64_t kLingerMs = 4000;

    using LiveTable::LiveTable;

    void update(const contract::LiveSnapshot& snapshot);
    void setHeld(bool held);
    void setFilter(const QString& text); ///< in client, path, share, link and program
    void setTokenNames(const QHash<QString, QString>& names) { tokenNames_ = names; } ///< by id
    void sort(int column, Qt::SortOrder order) override;
    [[nodiscard]] const Row* find(const QString& id) const;
    [[nodiscard]] int running() const; ///< among those that are shown

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] bool matches(const contract::Transfer& transfer) const;
    [[nodiscard]] bool less(const Row& left, const Row& right) const;
    void follow(Row& row, const contract::Transfer& transfer, std::int64_t nowMs);
    static void end(Row& row, std::int64_t nowMs);
    void resort();

    QHash<QString, std::shared_ptr<Row>> running_; ///< by id, those too that the filter holds back
    QString filter_;
    QHash<QString, QString> tokenNames_;
    int sortColumn_ = -1; ///< none: by age
    Qt::SortOrder order_ = Qt::AscendingOrder;
    bool held_ = false;
    std::int64_t sortedAtMs_ = 0;
    double weightSeconds_ = 0, weight_ = 0; ///< of the newest value in a rate, by the time since the last one
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
