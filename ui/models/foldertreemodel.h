// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"
#include "ui/models/roles.h"

#include <QtCore/QAbstractItemModel>
#include <memory>

namespace spillway::ui {

/// Shares, and below each its folders, as far as somebody opened them.
///
/// A folder's own folders are asked for when a view wants them (folderWanted); until the answer comes
/// (setFolders) it counts as having some. Shares that went or came, and folders that did, are removed and
/// inserted without a reset, so what is open stays open.
class FolderTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit FolderTreeModel(QObject* parent = nullptr);
    ~FolderTreeModel() override;

    void setShares(const std::vector<contract::Share>& shares);
    void setProgress(const std::vector<contract::IndexProgress>& index);
    /// Those of one folder; `names` sorted. Nothing where the folder is not in the tree (any more).
    void setFolders(const QString& share, const QByteArray& path, const std::vector<QByteArray>& names);
    /// It could not be read: it counts as empty until it is asked for again.
    void setUnreadable(const QString& share, const QByteArray& path);

    [[nodiscard]] QString shareName(const QModelIndex& index) const;
    [[nodiscard]] QByteArray path(const QModelIndex& index) const; ///< below the share
    [[nodiscard]] const contract::Share* share(const QModelIndex& index) const;
    [[nodiscard]] const contract::Share* share(const QString& name) const;
    [[nodiscard]] const contract::IndexProgress* progress(const QString& share) const;
    [[nodiscard]] QModelIndex find(const QString& share, const QByteArray& path = {}) const;
    [[nodiscard]] int shareCount() const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void folderWanted(const QString& share, const QByteArray& path);

private:
    struct Node;
    [[nodiscard]] Node& node(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Node& node) const;
    [[nodiscard]] Node* findNode(const QString& share, const QByteArray& path) const;
    void syncChildren(Node& parent, const std::vector<QByteArray>& names);

    std::unique_ptr<Node> root_; ///< its children are the shares
    std::vector<contract::IndexProgress> progress_;
};

} // namespace spillway::ui
