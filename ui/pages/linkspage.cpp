// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/linkspage.h"

#include "ui/dialogs/editlinkdialog.h"
#include "ui/pages/linkdetails.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

LinksPage::LinksPage(Session& session, Theme& theme) : Page(tr("Links"), session, theme)
{
    filter_ = filterField(tr("Filter links"), theme);
    copy_ = button(tr("Copy link"), "copy", theme);
    revoke_ = button(tr("Revoke"), nullptr, theme);
    setThemedIcon(*revoke_, "revoke", Ink::Bad, theme);
    revoke_->setProperty("danger", true);
    revoke_->setObjectName(QStringLiteral("revoke"));
    QPushButton* make = primaryButton(tr("New link…"), "plus", theme);
    make->setObjectName(QStringLiteral("newLink"));
    head().addWidget(filter_);
    head().addWidget(copy_);
    head().addWidget(revoke_);
    head().addWidget(make);

    proxy_ = new QSortFilterProxyModel(this);
    proxy_->setSourceModel(&session.links());
    proxy_->setFilterRole(SearchRole);
    proxy_->setFilterKeyColumn(LinksModel::Name);
    proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy_->setSortRole(SortRole);
    proxy_->setSortLocaleAware(true);
    table_ = new QTableView;
    table_->setAccessibleName(tr("Links"));
    table_->setModel(proxy_);
    setUpTable(*table_, theme);
    table_->setSortingEnabled(true);
    table_->sortByColumn(LinksModel::Created, Qt::DescendingOrder);
    auto* header = table_->horizontalHeader();
    header->setSectionResizeMode(LinksModel::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(LinksModel::Location, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(LinksModel::State, text * 8);
    table_->setColumnWidth(LinksModel::Rules, text * 12);
    table_->setColumnWidth(LinksModel::Downloads, text * 7);
    table_->setColumnWidth(LinksModel::Created, text * 9);

    details_ = new LinkDetails(session, theme);
    QWidget* body = besideTable(table_, details_, theme);

    QPushButton* first = primaryButton(tr("New link…"), "plus", theme);
    stack_ = new QStackedWidget;
    stack_->addWidget(new EmptyState("link", tr("No links yet"),
                                     tr("A link lets somebody fetch a file or folder without an account.\n"
                                        "Drop a file anywhere on this window, or make one here."),
                                     first, theme));
    stack_->addWidget(body);
    content().addWidget(stack_);

    for (QPushButton* one : {make, first})
        connect(one, &QPushButton::clicked, this, [this] { Q_EMIT newLinkWanted({}); });
    connect(copy_, &QPushButton::clicked, this, &LinksPage::copySelected);
    connect(revoke_, &QPushButton::clicked, this, &LinksPage::revokeSelected);
    connect(filter_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { showSelection(); });
    connect(&session.links(), &QAbstractItemModel::dataChanged, this, [this] { showSelection(); });
    connect(table_, &QTableView::activated, this, [this] { copySelected(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &LinksPage::openMenu);
    connect(&session, &Session::linksChanged, this, [this] { showState(); });
    connect(details_, &LinkDetails::editWanted, this, &LinksPage::openEditor);
    auto* edit = new QShortcut(QKeySequence(Qt::Key_F2), table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(edit, &QShortcut::activated, this, &LinksPage::editSelected);
    auto* remove = new QShortcut(QKeySequence::Delete, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &LinksPage::revokeSelected);
    auto* copy = new QShortcut(QKeySequence::Copy, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &LinksPage::copySelected);
    showState();
    showSelection();
}

void LinksPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void LinksPage::filterBy(const QString& text)
{
    filter_->setText(text);
    if (proxy_->rowCount() == 1)
        table_->selectRow(0);
}

void LinksPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    showSelection();
}

const contract::Link* LinksPage::linkAt(const QModelIndex& proxyIndex) const
{
    const QModelIndex index = proxy_->mapToSource(proxyIndex);
    return index.isValid() ? &static_cast<const LinksModel*>(proxy_->sourceModel())->row(index.row())
                           : nullptr;
}

QStringList LinksPage::selectedIds() const
{
    QStringList ids;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        ids += index.data(IdRole).toString();
    return ids;
}

void LinksPage::showState()
{
    stack_->setCurrentIndex(session().links().rowCount() > 0 || !session().linksKnown() ? 1 : 0);
}

void LinksPage::showSelection()
{
    const QModelIndexList rows = table_->selectionModel()->selectedRows();
    bool anyOpen = false;
    for (const QModelIndex& index : rows)
        anyOpen = anyOpen || canRevoke(linkAt(index)->state);
    revoke_->setEnabled(anyOpen);
    copy_->setEnabled(rows.size() == 1 && linkAt(rows.front())->state == contract::LinkState::Active);
    // Less important columns make room first, then the inspector.
    const bool inspector = rows.size() == 1 && width() >= theme().metrics().scaled(700);
    details_->setVisible(inspector);
    copy_->setVisible(!inspector && rows.size() == 1);
    revoke_->setVisible(!inspector && !rows.isEmpty());
    table_->setColumnHidden(LinksModel::Rules, width() < theme().metrics().scaled(inspector ? 1080 : 760));
    table_->setColumnHidden(LinksModel::Location, inspector && width() < theme().metrics().scaled(1200));
    if (rows.size() == 1)
        details_->show(*linkAt(rows.front()));
}

void LinksPage::copySelected()
{
    const QModelIndexList rows = table_->selectionModel()->selectedRows();
    if (rows.size() == 1 && linkAt(rows.front())->state == contract::LinkState::Active)
        session().copyLink(rows.front().data(IdRole).toString());
}

void LinksPage::editSelected()
{
    const QModelIndexList rows = table_->selectionModel()->selectedRows();
    if (rows.size() == 1)
        openEditor(*linkAt(rows.front()));
}

void LinksPage::openEditor(const contract::Link& link)
{
    auto* dialog = new EditLinkDialog(session(), theme(), link, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void LinksPage::revokeSelected()
{
    QStringList ids;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        if (canRevoke(linkAt(index)->state))
            ids += index.data(IdRole).toString();
    if (!ids.isEmpty())
        session().revokeLinks(ids);
}

void LinksPage::openMenu(const QPoint& at)
{
    if (!table_->indexAt(at).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy link"), this, &LinksPage::copySelected)->setEnabled(copy_->isEnabled());
    menu->addAction(tr("Edit rules…"), this, &LinksPage::editSelected)
        ->setEnabled(table_->selectionModel()->selectedRows().size() == 1);
    menu->addAction(tr("Revoke"), this, &LinksPage::revokeSelected)->setEnabled(revoke_->isEnabled());
    menu->popup(table_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
