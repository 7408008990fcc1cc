// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/roles.h"

#include <QtCore/QAbstractItemModel>
#include <QtCore/QHash>
#include <memory>

namespace spillway::ui {

/// What could be shared of a server's machine, as far as somebody opened it: its roots, below each what the
/// server lists.
///
/// A folder is asked for when a view wants it (folderWanted); until the answer comes (setFolder) it counts as
/// having something. It is never asked for twice, but where it could not be read.
class BrowseModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit BrowseModel(QObject* parent = nullptr);
    ~BrowseModel() override;

    /// Of an empty `path` the roots, whose names are their whole paths. Nothing where the folder is not in
    /// the tree.
    void setFolder(const QByteArray& path, const contract::FolderListing& listing);
    /// It could not be read: it counts as empty until it is opened again.
    void setUnreadable(const QByteArray& path);

    [[nodiscard]] QByteArray path(const QModelIndex& index) const; ///< absolute
    [[nodiscard]] bool isFolder(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void folderWanted(const QByteArray& path);

private:
    struct Node;
    [[nodiscard]] Node& node(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Node& node) const;

    std::unique_ptr<Node> top_; ///< its children are the roots
    QHash<QByteArray, Node*> asked_;
};

} // namespace spillway::ui
