// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/keyedtable.h"
#include "ui/models/roles.h"

namespace spillway::ui {

/// A file or folder and where it is.
struct FileRow
{
    QString share;
    QByteArray path; ///< below the share
    bool isFolder = false;
    std::int64_t size = 0;
    std::int64_t modifiedAt = 0;
    friend bool operator==(const FileRow&, const FileRow&) = default;

    [[nodiscard]] QByteArray name() const { return path.mid(path.lastIndexOf('/') + 1); }
    [[nodiscard]] QByteArray target() const ///< as contract::CreateLink::target
    {
        return path.isEmpty() ? share.toUtf8() : share.toUtf8() + '/' + path;
    }
};

/// What is in one folder of a share, or what a search found.
class FilesModel final : public KeyedTable<FileRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Name,
        Location,
        Size,
        Modified,
        ColumnCount
    };
    using KeyedTable::KeyedTable;

    void setFolder(const QString& share, const QByteArray& path, const contract::FolderListing& listing);
    void setFound(const contract::FoundPage& found);
    void clear();

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace spillway::ui
