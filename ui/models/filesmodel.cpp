// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/filesmodel.h"

#include "ui/models/format.h"

namespace spillway::ui {

namespace {

QString keyOf(const FileRow& row)
{
    return row.share + QLatin1Char('/') + QString::fromLatin1(row.path);
}

} // namespace

void FilesModel::setFolder(const QString& share, const QByteArray& path,
                           const contract::FolderListing& listing)
{
    std::vector<FileRow> rows;
    rows.reserve(listing.entries.size());
    for (const contract::FolderEntry& entry : listing.entries)
        rows.push_back({share, path.isEmpty() ? entry.name : path + '/' + entry.name, entry.isFolder,
                        entry.size, entry.modifiedAt});
    sync(std::move(rows), keyOf);
}

void FilesModel::setFound(const contract::FoundPage& found)
{
    std::vector<FileRow> rows;
    rows.reserve(found.entries.size());
    for (const contract::FoundEntry& entry : found.entries)
        rows.push_back({entry.share, entry.path, entry.isFolder, entry.size, entry.modifiedAt});
    sync(std::move(rows), keyOf);
}

void FilesModel::clear()
{
    sync({}, keyOf);
}

int FilesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FilesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const FileRow& file = row(index.row());
    switch (role) {
    case IdRole:
        return keyOf(file);
    case SearchRole:
        return displayName(file.path);
    case Qt::TextAlignmentRole:
        if (index.column() == Size)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case IconRole:
        return index.column() == Name
                   ? QVariant(file.isFolder ? QStringLiteral("folder") : QStringLiteral("file"))
                   : QVariant();
    case SortRole:
        // Folders stay above files in whatever order: a letter before the name, a sign before the number.
        switch (index.column()) {
        case Size:
            return file.isFolder ? qint64{-1} : static_cast<qint64>(file.size);
        case Modified:
            return static_cast<qint64>(file.modifiedAt);
        case Name:
            return (file.isFolder ? QLatin1Char('0') : QLatin1Char('1')) + displayName(file.name());
        default:
            break;
        }
        [[fallthrough]];
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return displayName(file.path.isEmpty() ? file.share.toUtf8() : file.name());
        case Location: {
            const auto slash = file.path.lastIndexOf('/');
            return slash < 0 ? file.share
                             : file.share + QLatin1Char('/') + displayName(file.path.left(slash));
        }
        case Size:
            return file.isFolder ? QString() : formatSize(file.size);
        case Modified:
            return file.modifiedAt > 0 ? formatClock(file.modifiedAt) : QString();
        default:
            return {};
        }
    default:
        return {};
    }
}

QVariant FilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Location:
        return tr("In");
    case Size:
        return tr("Size");
    case Modified:
        return tr("Changed");
    default:
        return {};
    }
}

} // namespace spillway::ui
