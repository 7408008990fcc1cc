// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/tokens.h"
#include "ui/models/keyedtable.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// The API tokens of a server, without their text, newest first.
class TokensModel final : public KeyedTable<contract::Token>
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        State,
        Scopes,
        Shares,
        LastUsed,
        Expires,
        Created,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    void setTokens(std::vector<contract::Token> tokens); ///< oldest first, as the server lists them
    [[nodiscard]] QHash<QString, QString> names() const; ///< by id

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

[[nodiscard]] QString scopeText(const QString& scope); ///< "Download"; one that is not known as it is

} // namespace spillway::ui
