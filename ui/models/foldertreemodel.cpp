// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/foldertreemodel.h"

#include "ui/models/format.h"

#include <algorithm>

namespace spillway::ui {

struct FolderTreeModel::Node
{
    enum class State : std::uint8_t
    {
        Unknown,
        Asked,
        Known
    };
    Node* parent = nullptr;
    QByteArray name;                             ///< of a share its own, in UTF-8
    contract::Share share;                       ///< of shares only
    std::vector<std::unique_ptr<Node>> children; ///< sorted by name
    State state = State::Unknown;

    [[nodiscard]] int row() const
    {
        const auto& all = parent->children;
        const auto at =
            std::find_if(all.begin(), all.end(), [this](const auto& one) { return one.get() == this; });
        return static_cast<int>(at - all.begin());
    }
    [[nodiscard]] bool isShare() const { return parent && !parent->parent; }
};

FolderTreeModel::FolderTreeModel(QObject* parent)
    : QAbstractItemModel(parent), root_(std::make_unique<Node>())
{
    root_->state = Node::State::Known;
}

FolderTreeModel::~FolderTreeModel() = default;

FolderTreeModel::Node& FolderTreeModel::node(const QModelIndex& index) const
{
    return index.isValid() ? *static_cast<Node*>(index.internalPointer()) : *root_;
}

QModelIndex FolderTreeModel::indexOf(const Node& node) const
{
    return &node == root_.get() ? QModelIndex() : createIndex(node.row(), 0, &node);
}

void FolderTreeModel::syncChildren(Node& parent, const std::vector<QByteArray>& names)
{
    const QModelIndex index = indexOf(parent);
    for (auto row = static_cast<int>(parent.children.size()); row-- > 0;) {
        const auto at = parent.children.begin() + row;
        if (std::binary_search(names.begin(), names.end(), (*at)->name))
            continue;
        beginRemoveRows(index, row, row);
        parent.children.erase(at);
        endRemoveRows();
    }
    for (std::size_t i = 0; i < names.size();) {
        if (i < parent.children.size() && parent.children[i]->name == names[i]) {
            ++i;
            continue;
        }
        // A run of new ones goes in as one.
        std::size_t end = i + 1;
        while (end < names.size() && (i >= parent.children.size() || names[end] != parent.children[i]->name))
            ++end;
        beginInsertRows(index, static_cast<int>(i), static_cast<int>(end) - 1);
        std::vector<std::unique_ptr<Node>> fresh;
        for (std::size_t k = i; k < end; ++k) {
            fresh.push_back(std::make_unique<Node>());
            fresh.back()->parent = &parent;
            fresh.back()->name = names[k];
        }
        parent.children.insert(parent.children.begin() + static_cast<std::ptrdiff_t>(i),
                               std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
        endInsertRows();
        i = end;
    }
}

void FolderTreeModel::setShares(const std::vector<contract::Share>& shares)
{
    std::vector<QByteArray> names;
    for (const contract::Share& share : shares)
        names.push_back(share.name.toUtf8());
    std::sort(names.begin(), names.end());
    syncChildren(*root_, names);
    for (const contract::Share& share : shares) {
        Node* node = findNode(share.name, {});
        if (node->share == share)
            continue;
        node->share = share;
        const QModelIndex at = indexOf(*node);
        Q_EMIT dataChanged(at, at);
    }
}

void FolderTreeModel::setProgress(const std::vector<contract::IndexProgress>& index)
{
    if (index == progress_)
        return;
    progress_ = index;
    if (rowCount() > 0)
        Q_EMIT dataChanged(this->index(0, 0), this->index(rowCount() - 1, 0));
}

void FolderTreeModel::setFolders(const QString& share, const QByteArray& path,
                                 const std::vector<QByteArray>& names)
{
    Node* node = findNode(share, path);
    if (!node)
        return;
    const bool first = node->state != Node::State::Known;
    node->state = Node::State::Known;
    syncChildren(*node, names);
    if (first && names.empty()) { // the arrow before it goes
        const QModelIndex at = indexOf(*node);
        Q_EMIT dataChanged(at, at);
    }
}

void FolderTreeModel::setUnreadable(const QString& share, const QByteArray& path)
{
    Node* node = findNode(share, path);
    if (node && node->state == Node::State::Asked)
        node->state = Node::State::Unknown;
}

FolderTreeModel::Node* FolderTreeModel::findNode(const QString& share, const QByteArray& path) const
{
    Node* node = root_.get();
    const auto enter = [&node](const QByteArray& name) {
        const auto at =
            std::lower_bound(node->children.begin(), node->children.end(), name,
                             [](const auto& one, const QByteArray& wanted) { return one->name < wanted; });
        node = at != node->children.end() && (*at)->name == name ? at->get() : nullptr;
        return node != nullptr;
    };
    if (!enter(share.toUtf8()))
        return nullptr;
    if (path.isEmpty())
        return node;
    for (const QByteArray& part : path.split('/'))
        if (!enter(part))
            return nullptr;
    return node;
}

QModelIndex FolderTreeModel::find(const QString& share, const QByteArray& path) const
{
    const Node* node = findNode(share, path);
    return node ? indexOf(*node) : QModelIndex();
}

QString FolderTreeModel::shareName(const QModelIndex& index) const
{
    const Node* one = &node(index);
    if (!one->parent)
        return {};
    while (!one->isShare())
        one = one->parent;
    return QString::fromUtf8(one->name);
}

QByteArray FolderTreeModel::path(const QModelIndex& index) const
{
    QByteArray path;
    for (const Node* one = &node(index); one->parent && !one->isShare(); one = one->parent)
        path = path.isEmpty() ? one->name : one->name + '/' + path;
    return path;
}

const contract::Share* FolderTreeModel::share(const QModelIndex& index) const
{
    return share(shareName(index));
}

const contract::Share* FolderTreeModel::share(const QString& name) const
{
    const Node* node = name.isEmpty() ? nullptr : findNode(name, {});
    return node ? &node->share : nullptr;
}

const contract::IndexProgress* FolderTreeModel::progress(const QString& share) const
{
    const auto at = std::find_if(progress_.begin(), progress_.end(),
                                 [&share](const contract::IndexProgress& one) { return one.share == share; });
    return at == progress_.end() ? nullptr : &*at;
}

int FolderTreeModel::shareCount() const
{
    return static_cast<int>(root_->children.size());
}

QModelIndex FolderTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent).children[static_cast<std::size_t>(row)].get());
}

QModelIndex FolderTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    return indexOf(*node(child).parent);
}

int FolderTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent).children.size());
}

int FolderTreeModel::columnCount(const QModelIndex&) const
{
    return 1;
}

bool FolderTreeModel::hasChildren(const QModelIndex& parent) const
{
    const Node& one = node(parent);
    return !one.children.empty() || one.state != Node::State::Known;
}

bool FolderTreeModel::canFetchMore(const QModelIndex& parent) const
{
    return parent.isValid() && node(parent).state == Node::State::Unknown;
}

void FolderTreeModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    node(parent).state = Node::State::Asked;
    Q_EMIT folderWanted(shareName(parent), path(parent));
}

QVariant FolderTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& one = node(index);
    switch (role) {
    case Qt::DisplayRole:
    case SearchRole:
        return displayName(one.name);
    case IdRole:
        return shareName(index) + QLatin1Char('/') + QString::fromLatin1(path(index));
    case IconRole:
        if (!one.isShare())
            return QStringLiteral("folder");
        return one.share.isPublic ? QStringLiteral("globe") : QStringLiteral("lock");
    case Qt::ToolTipRole:
        return one.isShare() ? QVariant(displayName(one.share.path)) : QVariant();
    case Qt::AccessibleDescriptionRole:
        if (!one.isShare())
            return {};
        return one.share.isPublic ? tr("Public share") : tr("Private share");
    default:
        return {};
    }
}

} // namespace spillway::ui
