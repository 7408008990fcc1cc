// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/limits.h"
#include "ui/models/liveuse.h"
#include "ui/models/roles.h"

#include <QtCore/QAbstractItemModel>
#include <array>

namespace spillway::ui {

/// The limits of a server as a tree of two steps: the levels from the outside in, each with what holds for
/// everybody there, and below it those who have a row of their own. Nothing is ever reset.
class LimitsModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column
    {
        Subject,
        Bandwidth,
        Use, ///< what goes out there now
        Requests,
        Downloads,
        Priority,
        ColumnCount
    };
    using QAbstractItemModel::QAbstractItemModel;

    void setLimits(const std::vector<contract::Limit>& limits);
    /// One row, as the answer to a change has it; without a field left it goes.
    void setLimit(const contract::Limit& limit);
    void setUse(const LiveUse& use);
    /// How people call tokens and links, by id.
    void setNames(const QHash<QString, QString>& tokens, const QHash<QString, QString>& links);

    [[nodiscard]] const contract::Limit& limit(const QModelIndex& index) const;
    /// The row of one subject, or of a level's default where `id` is empty; invalid where there is none.
    [[nodiscard]] QModelIndex find(contract::LimitLevel level, const QString& id) const;
    /// The row of an address, or of the IPv6 /64 that it is in.
    [[nodiscard]] QModelIndex findClient(const QString& address) const;
    [[nodiscard]] double rate(const QModelIndex& index) const; ///< bytes per second that go out there now
    [[nodiscard]] QString name(const contract::Limit& limit) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        contract::Limit limit;
        LiveUse::Sum use;
    };
    struct Level
    {
        Row all;               ///< what holds for everybody at this level
        std::vector<Row> rows; ///< by id
    };
    [[nodiscard]] const Row& row(const QModelIndex& index) const;
    void changed(const QModelIndex& index);
    void syncLevel(std::size_t level, std::vector<contract::Limit> wanted);

    std::array<Level, contract::kLimitLevels> levels_ = emptyLevels();
    [[nodiscard]] static std::array<Level, contract::kLimitLevels> emptyLevels();
    QHash<QString, QString> tokens_, links_;
};

/// "Whole server", "Each client".
[[nodiscard]] QString levelText(contract::LimitLevel level);
/// No field is set: such a row is not kept.
[[nodiscard]] bool isEmpty(const contract::Limit& limit);
[[nodiscard]] QString priorityText(const QString& priority); ///< "High"; empty where it is not set

} // namespace spillway::ui
