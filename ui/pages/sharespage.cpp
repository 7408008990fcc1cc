// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sharespage.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTreeView>

namespace spillway::ui {

namespace {

constexpr auto kTypingPause = std::chrono::milliseconds(120);

/// Numbers by number, names as people sort them.
class FilesOrder final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override
    {
        const auto* files = static_cast<const FilesModel*>(sourceModel());
        const FileRow& one = files->row(left.row());
        const FileRow& other = files->row(right.row());
        // Folders stay above files in either direction.
        if (one.isFolder != other.isFolder)
            return one.isFolder == (sortOrder() == Qt::AscendingOrder);
        return QSortFilterProxyModel::lessThan(left, right);
    }
};

} // namespace

SharesPage::SharesPage(Session& session, Theme& theme) : Page(tr("Shares"), session, theme)
{
    buildHead();
    auto* splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(buildTree());
    splitter->addWidget(buildFiles());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({theme.metrics().text * 17, 800});

    QPushButton* first = primaryButton(tr("Share a folder…"), "folder-add", theme);
    connect(first, &QPushButton::clicked, this, &Page::shareFolderWanted);
    stack_ = new QStackedWidget;
    const bool ours = session.client().sharesOurFiles();
    stack_->addWidget(new EmptyState(ours ? "drop" : "folder-add",
                                     ours ? tr("Drop a folder here") : tr("Nothing is shared yet"),
                                     ours ? tr("Or files, anywhere on this window: they are shared at once,\n"
                                               "and a link to them is in your clipboard.")
                                          : tr("Choose a folder on the disks of %1: it is shared at once,\n"
                                               "and a link to it is in your clipboard.")
                                                .arg(session.client().serverName()),
                                     first, theme));
    stack_->addWidget(splitter);
    content().addWidget(stack_);

    connect(&session, &Session::sharesChanged, this, [this] { showShares(); });
    // What changed on the disk shows by itself: a list that is the same changes nothing.
    connect(&session, &Session::statusChanged, this, [this] {
        if (isVisible() && search_->text().isEmpty() && !share_.isEmpty())
            list();
    });
    typing_.setSingleShot(true);
    typing_.callOnTimeout(this, [this] { search(); });
    showShares();
}

void SharesPage::buildHead()
{
    search_ = filterField(tr("Search all shares"), theme());
    QPushButton* files = button(tr("Share files…"), "file", theme());
    QPushButton* folder = primaryButton(tr("Share a folder…"), "folder-add", theme());
    folder->setObjectName(QStringLiteral("shareFolder"));
    head().addWidget(search_);
    head().addWidget(files);
    head().addWidget(folder);
    connect(files, &QPushButton::clicked, this, &Page::shareFilesWanted);
    connect(folder, &QPushButton::clicked, this, &Page::shareFolderWanted);
    connect(search_, &QLineEdit::textChanged, this, [this] { typing_.start(kTypingPause); });
}

QWidget* SharesPage::buildTree()
{
    tree_ = new QTreeView;
    tree_->setAccessibleName(tr("Folders of all shares"));
    tree_->setModel(&session().folders());
    setUpTree(*tree_, theme());
    tree_->setMinimumWidth(140);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(16, 0, 0, 16);
    column->addWidget(tree_);
    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid())
                    openFolder(session().folders().shareName(now), session().folders().path(now));
            });
    connect(tree_, &QWidget::customContextMenuRequested, this, &SharesPage::openTreeMenu);
    auto* remove = new QShortcut(QKeySequence::Delete, tree_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &SharesPage::removeCurrentShare);
    return box;
}

QWidget* SharesPage::buildFiles()
{
    proxy_ = new FilesOrder(this);
    proxy_->setSourceModel(&files_);
    proxy_->setSortRole(SortRole);
    proxy_->setSortCaseSensitivity(Qt::CaseInsensitive);
    proxy_->setSortLocaleAware(true);
    table_ = new QTableView;
    table_->setAccessibleName(tr("Files"));
    table_->setModel(proxy_);
    setUpTable(*table_, theme());
    table_->setSortingEnabled(true);
    table_->sortByColumn(FilesModel::Name, Qt::AscendingOrder);
    table_->setColumnHidden(FilesModel::Location, true);
    table_->horizontalHeader()->setSectionResizeMode(FilesModel::Name, QHeaderView::Stretch);
    const int text = theme().metrics().text;
    table_->setColumnWidth(FilesModel::Location, text * 16);
    table_->setColumnWidth(FilesModel::Size, text * 7);
    table_->setColumnWidth(FilesModel::Modified, text * 10);

    copy_ = button(tr("Copy link"), "copy", theme());
    copy_->setObjectName(QStringLiteral("copyLink"));
    rules_ = button(tr("Link with rules…"), "settings", theme());
    access_ = flatButton({}, "lock", theme());
    access_->setObjectName(QStringLiteral("access"));
    more_ = iconButton("trash", tr("Stop sharing"), theme());
    crumbs_ = new QWidget;
    auto* crumbs = new QHBoxLayout(crumbs_);
    crumbs->setContentsMargins(0, 0, 0, 0);
    crumbs->setSpacing(0);
    facts_ = label({}, "small");
    hint_ = label({}, "secondary");
    hint_->setWordWrap(true);
    hint_->setContentsMargins(8, 8, 8, 8);

    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(crumbs_, 1);
    top->addWidget(access_);
    top->addWidget(copy_);
    top->addWidget(rules_);
    top->addWidget(more_);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(16, 0, 16, 16);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(facts_);
    column->addWidget(table_, 1);
    column->addWidget(hint_);

    connect(copy_, &QPushButton::clicked, this, &SharesPage::copySelected);
    connect(rules_, &QPushButton::clicked, this, &SharesPage::newLink);
    connect(more_, &QToolButton::clicked, this, &SharesPage::removeCurrentShare);
    connect(access_, &QPushButton::clicked, this, [this] {
        if (const contract::Share* share = session().folders().share(share_))
            session().setPublic(share->name, !share->isPublic);
    });
    connect(table_, &QTableView::activated, this, &SharesPage::openRow);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { showActions(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &SharesPage::openFileMenu);
    auto* copy = new QShortcut(QKeySequence::Copy, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &SharesPage::copySelected);
    auto* up = new QShortcut(QKeySequence(Qt::Key_Backspace), table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(up, &QShortcut::activated, this, [this] {
        if (!path_.isEmpty())
            openFolder(share_, path_.left(std::max<qsizetype>(0, path_.lastIndexOf('/'))));
    });
    return box;
}

void SharesPage::focusFilter()
{
    search_->setFocus();
    search_->selectAll();
}

void SharesPage::showShares()
{
    FolderTreeModel& folders = session().folders();
    stack_->setCurrentIndex(folders.shareCount() > 0 || !session().sharesKnown() ? 1 : 0);
    if (folders.shareCount() == 0)
        return;
    if (!folders.share(share_)) {
        const QModelIndex first = folders.index(0, 0);
        openFolder(folders.shareName(first), {});
    }
    showActions();
}

void SharesPage::openFolder(const QString& share, const QByteArray& path)
{
    typing_.stop();
    if (!search_->text().isEmpty()) {
        const QSignalBlocker quiet(search_);
        search_->clear();
    }
    share_ = share;
    path_ = path;
    const QModelIndex place = session().folders().find(share, path);
    if (place.isValid() && tree_->currentIndex() != place) {
        tree_->setCurrentIndex(place); // and here again, by its signal
        return;
    }
    showPath();
    list();
}

void SharesPage::list()
{
    const auto request = ++request_;
    session().client().run<contract::ListFolder>(
        this, {share_, path_},
        [this, request, share = share_, path = path_](const Result<contract::FolderListing>& listing) {
            if (request != request_)
                return;
            table_->setColumnHidden(FilesModel::Location, true);
            if (!listing) {
                files_.clear();
                hint_->setText(QString::fromStdString(listing.error().message));
                return showActions();
            }
            files_.setFolder(share, path, *listing);
            // One answer serves both: the tree learns of new folders when their parent is looked at.
            std::vector<QByteArray> names;
            for (const contract::FolderEntry& entry : listing->entries)
                if (entry.isFolder)
                    names.push_back(entry.name);
            std::sort(names.begin(), names.end());
            session().folders().setFolders(share, path, names);
            hint_->setText(listing->entries.empty() ? tr("This folder is empty.")
                           : listing->truncated
                               ? tr("The first %1 entries. Search finds the others.")
                                     .arg(formatCount(static_cast<std::int64_t>(listing->entries.size())))
                               : QString());
            showActions();
        });
}

void SharesPage::search()
{
    const QString text = search_->text().trimmed();
    if (text.isEmpty()) {
        showPath();
        return list();
    }
    const auto request = ++request_;
    contract::Search command;
    command.text = text;
    session().client().run<contract::Search>(
        this, command, [this, request](const Result<contract::FoundPage>& found) {
            if (request != request_)
                return;
            table_->setColumnHidden(FilesModel::Location, false);
            if (!found) {
                files_.clear();
                hint_->setText(QString::fromStdString(found.error().message));
            } else {
                files_.setFound(*found);
                hint_->setText(found->entries.empty() ? tr("Nothing has such a name.")
                               : found->next
                                   ? tr("The first %1 that were found. More letters find fewer.")
                                         .arg(formatCount(static_cast<std::int64_t>(found->entries.size())))
                                   : QString());
            }
            showPath();
            showActions();
        });
}

/// "team / photos / 2024", each part a way back up.
void SharesPage::showPath()
{
    QLayout* row = crumbs_->layout();
    while (QLayoutItem* item = row->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->hide(); // it lives a moment longer, and would show through the new ones
            old->deleteLater();
        }
        delete item;
    }
    if (!search_->text().trimmed().isEmpty()) {
        row->addWidget(label(tr("Found in all shares"), "strong"));
    } else {
        const auto add = [&](const QString& text, const QByteArray& path, bool last) {
            QPushButton* crumb =
                flatButton(fontMetrics().elidedText(text, Qt::ElideMiddle, theme().metrics().scaled(180)),
                           nullptr, theme());
            crumb->setToolTip(text);
            crumb->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
            if (last) {
                QFont strong = crumb->font();
                strong.setWeight(QFont::DemiBold);
                crumb->setFont(strong);
            }
            connect(crumb, &QPushButton::clicked, this, [this, path] { openFolder(share_, path); });
            row->addWidget(crumb);
        };
        add(share_, {}, path_.isEmpty());
        QByteArray below;
        const QList<QByteArray> parts = path_.isEmpty() ? QList<QByteArray>() : path_.split('/');
        for (qsizetype i = 0; i < parts.size(); ++i) {
            row->addWidget(label(QStringLiteral("/"), "secondary"));
            below = below.isEmpty() ? parts[i] : below + '/' + parts[i];
            add(displayName(parts[i]), below, i + 1 == parts.size());
        }
    }
    static_cast<QHBoxLayout*>(row)->addStretch(1);
}

void SharesPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    showActions();
}

void SharesPage::showActions()
{
    const bool found = !search_->text().trimmed().isEmpty();
    const contract::Share* share = session().folders().share(share_);
    const auto selected = table_->selectionModel()->selectedRows().size();
    copy_->setEnabled(selected == 1 || (selected == 0 && !found && share));
    const bool roomy = width() >= theme().metrics().scaled(760);
    copy_->setText(selected == 0 && !found && roomy ? tr("Copy link to this folder") : tr("Copy link"));
    rules_->setEnabled(copy_->isEnabled());
    access_->setVisible(!found && share);
    more_->setVisible(!found && share);
    if (!share)
        return facts_->clear();
    setThemedIcon(*access_, share->isPublic ? "globe" : "lock", Ink::Secondary, theme());
    access_->setText(share->isPublic ? tr("Public") : tr("Private"));
    access_->setToolTip(
        share->isPublic ? tr("Everybody who can reach this machine can read it. Click to make it private.")
                        : tr("Only who has a link can read it. Click to make it public."));
    more_->setToolTip(tr("Stop sharing %1").arg(share_));
    QStringList facts{displayName(share->path)};
    if (const contract::IndexProgress* progress = session().folders().progress(share_)) {
        facts +=
            tr("%n file(s)", nullptr, static_cast<int>(std::min<std::int64_t>(progress->files, 999'999'999)));
        facts += formatSize(progress->bytes);
        if (progress->state == QLatin1String("scanning"))
            facts += tr("reading names: %1 so far").arg(formatCount(progress->seenByScan));
        else if (progress->state == QLatin1String("hashing"))
            facts += tr("checksums: %1 %")
                         .arg(progress->files > 0 ? progress->filesHashed * 100 / progress->files : 100);
        else if (progress->state == QLatin1String("offline"))
            facts += tr("the folder cannot be reached now");
    }
    facts_->setText(found ? QString() : facts.join(QStringLiteral(" · ")));
}

std::vector<QByteArray> SharesPage::targets() const
{
    std::vector<QByteArray> all;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        all.push_back(files_.row(proxy_->mapToSource(index).row()).target());
    if (all.empty() && search_->text().trimmed().isEmpty() && !share_.isEmpty())
        all.push_back(FileRow{share_, path_, true}.target());
    return all;
}

void SharesPage::copySelected()
{
    const auto all = targets();
    if (all.size() == 1)
        session().copyNewLink(all.front());
}

void SharesPage::newLink()
{
    const auto all = targets();
    Q_EMIT newLinkWanted(all.size() == 1 ? all.front() : QByteArray());
}

void SharesPage::removeCurrentShare()
{
    if (session().folders().share(share_))
        session().removeShare(share_);
}

void SharesPage::openRow(const QModelIndex& index)
{
    const FileRow& file = files_.row(proxy_->mapToSource(index).row());
    if (file.isFolder)
        openFolder(file.share, QByteArray(file.path));
    else
        session().copyNewLink(file.target());
}

void SharesPage::openFileMenu(const QPoint& at)
{
    const QModelIndex index = table_->indexAt(at);
    if (!index.isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const FileRow file = files_.row(proxy_->mapToSource(index).row());
    menu->addAction(tr("Copy link"), this, &SharesPage::copySelected)->setEnabled(copy_->isEnabled());
    menu->addAction(tr("Link with rules…"), this, &SharesPage::newLink)->setEnabled(copy_->isEnabled());
    if (file.isFolder)
        menu->addAction(tr("Open folder"), this, [this, file] { openFolder(file.share, file.path); });
    else if (!search_->text().trimmed().isEmpty())
        menu->addAction(tr("Show in its folder"), this, [this, file] {
            openFolder(file.share, file.path.left(std::max<qsizetype>(0, file.path.lastIndexOf('/'))));
        });
    menu->popup(table_->viewport()->mapToGlobal(at));
}

void SharesPage::openTreeMenu(const QPoint& at)
{
    const QModelIndex index = tree_->indexAt(at);
    if (!index.isValid())
        return;
    const QString share = session().folders().shareName(index);
    const QByteArray target = FileRow{share, session().folders().path(index), true}.target();
    const bool isPublic = session().folders().share(share)->isPublic;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy link"), this, [this, target] { session().copyNewLink(target); });
    menu->addAction(tr("Link with rules…"), this, [this, target] { Q_EMIT newLinkWanted(target); });
    menu->addSeparator();
    menu->addAction(isPublic ? tr("Make private") : tr("Make public"), this,
                    [this, share, isPublic] { session().setPublic(share, !isPublic); });
    menu->addAction(tr("Stop sharing %1").arg(share), this, [this, share] { session().removeShare(share); });
    menu->popup(tree_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
