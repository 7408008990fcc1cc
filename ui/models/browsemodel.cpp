// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/browsemodel.h"

#include "ui/models/format.h"

namespace spillway::ui {

struct BrowseModel::Node
{
    enum class State : std::uint8_t
    {
        Unknown,
        Asked,
        Known
    };
    Node* parent = nullptr;
    int row = 0; ///< children come once and stay
    QByteArray name, path;
    bool isFolder = true;
    State state = State::Unknown;
    std::vector<std::unique_ptr<Node>> children;
};

BrowseModel::BrowseModel(QObject* parent) : QAbstractItemModel(parent), top_(std::make_unique<Node>())
{
    asked_.insert({}, top_.get());
}

BrowseModel::~BrowseModel() = default;

BrowseModel::Node& BrowseModel::node(const QModelIndex& index) const
{
    return index.isValid() ? *static_cast<Node*>(index.internalPointer()) : *top_;
}

QModelIndex BrowseModel::indexOf(const Node& node) const
{
    return &node == top_.get() ? QModelIndex() : createIndex(node.row, 0, &node);
}

void BrowseModel::setFolder(const QByteArray& path, const contract::FolderListing& listing)
{
    Node* folder = asked_.take(path);
    if (!folder)
        return;
    folder->state = Node::State::Known;
    const QModelIndex at = indexOf(*folder);
    if (listing.entries.empty()) { // the arrow before it goes
        if (at.isValid())
            Q_EMIT dataChanged(at, at);
        return;
    }
    beginInsertRows(at, 0, static_cast<int>(listing.entries.size()) - 1);
    for (const contract::FolderEntry& entry : listing.entries) {
        auto child = std::make_unique<Node>();
        child->parent = folder;
        child->row = static_cast<int>(folder->children.size());
        child->name = entry.name;
        child->path = path.isEmpty()       ? entry.name
                      : path.endsWith('/') ? path + entry.name
                                           : path + '/' + entry.name;
        child->isFolder = entry.isFolder;
        folder->children.push_back(std::move(child));
    }
    endInsertRows();
}

void BrowseModel::setUnreadable(const QByteArray& path)
{
    if (Node* folder = asked_.take(path))
        folder->state = Node::State::Unknown;
}

QByteArray BrowseModel::path(const QModelIndex& index) const
{
    return node(index).path;
}

bool BrowseModel::isFolder(const QModelIndex& index) const
{
    return node(index).isFolder;
}

QModelIndex BrowseModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, node(parent).children[static_cast<std::size_t>(row)].get());
}

QModelIndex BrowseModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(*node(child).parent) : QModelIndex();
}

int BrowseModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent).children.size());
}

int BrowseModel::columnCount(const QModelIndex&) const
{
    return 1;
}

bool BrowseModel::hasChildren(const QModelIndex& parent) const
{
    const Node& one = node(parent);
    return !one.children.empty() || (one.isFolder && one.state != Node::State::Known);
}

bool BrowseModel::canFetchMore(const QModelIndex& parent) const
{
    const Node& one = node(parent);
    return parent.isValid() && one.isFolder && one.state == Node::State::Unknown;
}

void BrowseModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    Node& folder = node(parent);
    folder.state = Node::State::Asked;
    asked_.insert(folder.path, &folder);
    Q_EMIT folderWanted(folder.path);
}

QVariant BrowseModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& one = node(index);
    switch (role) {
    case Qt::DisplayRole:
    case SearchRole:
        return displayName(one.name);
    case IdRole:
        return QString::fromLatin1(one.path);
    case IconRole:
        return one.isFolder ? QStringLiteral("folder") : QStringLiteral("file");
    case Qt::AccessibleDescriptionRole:
        return one.isFolder ? tr("Folder") : tr("File");
    default:
        return {};
    }
}

} // namespace spillway::ui
