// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/keyedtable.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// The links of a server, newest first.
class LinksModel final : public KeyedTable<contract::Link>
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        State,
        Location,
        Rules,
        Downloads,
        Created,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    void setLinks(std::vector<contract::Link> links);
    /// One link changed, or is new; a link that is not the newest of all is put where its age says.
    void setLink(contract::Link link);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] std::int64_t activeCount() const;
    [[nodiscard]] std::vector<contract::Link> newestActive(int most) const;
};

[[nodiscard]] QString stateText(const contract::Link& link);
[[nodiscard]] Tone stateTone(contract::LinkState state);
/// "6 days left · 3 of 5 · password", or "No limit".
[[nodiscard]] QString rulesText(const contract::Link& link);

} // namespace spillway::ui
