// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/tokenspage.h"

#include "ui/dialogs/newtokendialog.h"
#include "ui/models/format.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

namespace {

constexpr auto kRefreshEvery = std::chrono::milliseconds(3000);

} // namespace

TokensPage::TokensPage(Session& session, Theme& theme) : Page(tr("Tokens"), session, theme)
{
    filter_ = filterField(tr("Filter tokens"), theme);
    revoke_ = button(tr("Revoke…"), nullptr, theme);
    setThemedIcon(*revoke_, "revoke", Ink::Bad, theme);
    revoke_->setProperty("danger", true);
    revoke_->setObjectName(QStringLiteral("revokeToken"));
    QPushButton* make = primaryButton(tr("New token…"), "plus", theme);
    make->setObjectName(QStringLiteral("newToken"));
    head().addWidget(filter_);
    head().addWidget(revoke_);
    head().addWidget(make);

    proxy_ = new QSortFilterProxyModel(this);
    proxy_->setSourceModel(&session.tokens().model());
    proxy_->setFilterRole(SearchRole);
    proxy_->setFilterKeyColumn(TokensModel::Name);
    proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy_->setSortRole(SortRole);
    proxy_->setSortLocaleAware(true);
    table_ = new QTableView;
    table_->setObjectName(QStringLiteral("tokens"));
    table_->setAccessibleName(tr("Tokens"));
    table_->setModel(proxy_);
    setUpTable(*table_, theme);
    table_->setSortingEnabled(true);
    table_->sortByColumn(TokensModel::Created, Qt::DescendingOrder);
    table_->horizontalHeader()->setSectionResizeMode(TokensModel::Name, QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(TokensModel::Scopes, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(TokensModel::State, text * 7);
    table_->setColumnWidth(TokensModel::Shares, text * 11);
    table_->setColumnWidth(TokensModel::LastUsed, text * 9);
    table_->setColumnWidth(TokensModel::Expires, text * 9);
    table_->setColumnWidth(TokensModel::Created, text * 9);

    QPushButton* first = primaryButton(tr("New token…"), "plus", theme);
    stack_ = new QStackedWidget;
    stack_->addWidget(new EmptyState("key", tr("No tokens yet"),
                                     tr("A token lets a program download, make links or watch this server,\n"
                                        "as far as you say, until you revoke it."),
                                     first, theme));
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 0, 16, 16);
    column->addWidget(table_);
    stack_->addWidget(body);
    content().addWidget(stack_, 1);

    for (QPushButton* one : {make, first})
        connect(one, &QPushButton::clicked, this, &TokensPage::openNew);
    connect(revoke_, &QPushButton::clicked, this, &TokensPage::revokeSelected);
    connect(filter_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { showState(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &TokensPage::openMenu);
    connect(&session.tokens(), &TokenControl::changed, this, [this] { showState(); });
    auto* remove = new QShortcut(QKeySequence::Delete, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &TokensPage::revokeSelected);
    refreshWhileShown(kRefreshEvery, [this] { this->session().tokens().refresh(); });
    showState();
}

void TokensPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void TokensPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    table_->setColumnHidden(TokensModel::Created, width() < theme().metrics().scaled(1000));
    table_->setColumnHidden(TokensModel::Shares, width() < theme().metrics().scaled(860));
    table_->setColumnHidden(TokensModel::Expires, width() < theme().metrics().scaled(720));
}

std::vector<contract::Token> TokensPage::selectedActive()
{
    std::vector<contract::Token> all;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows()) {
        const contract::Token& token = session().tokens().model().row(proxy_->mapToSource(index).row());
        if (token.state == contract::TokenState::Active)
            all.push_back(token);
    }
    return all;
}

void TokensPage::showState()
{
    TokenControl& tokens = session().tokens();
    stack_->setCurrentIndex(tokens.model().rowCount() > 0 || !tokens.known() ? 1 : 0);
    revoke_->setEnabled(!selectedActive().empty());
}

void TokensPage::openNew()
{
    auto* dialog = new NewTokenDialog(session(), theme(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TokensPage::revokeSelected()
{
    const auto tokens = selectedActive();
    if (tokens.empty())
        return;
    QStringList ids;
    QSet<QString> known;
    for (const contract::Token& token : tokens) {
        ids += token.id;
        known += token.id;
    }
    int running = 0;
    for (const contract::Transfer& transfer : session().live().running.transfers)
        running += known.contains(transfer.token) ? 1 : 0;
    const auto count = static_cast<int>(tokens.size());
    auto* ask = new QMessageBox(this);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setObjectName(QStringLiteral("revokeQuestion"));
    ask->setWindowTitle(tr("Revoke"));
    ask->setText(count == 1 ? tr("Revoke the token %1?").arg(tokens.front().name)
                            : tr("Revoke %n token(s)?", nullptr, count));
    QString meaning = tr("Whoever uses it is refused from now on, and nobody can bring it back.");
    if (running > 0)
        meaning += QLatin1Char(' ') + tr("%n running download(s) end.", nullptr, running);
    ask->setInformativeText(meaning);
    QPushButton* yes = ask->addButton(count == 1 ? tr("Revoke %1").arg(tokens.front().name)
                                                 : tr("Revoke %n token(s)", nullptr, count),
                                      QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("revokeForEver"));
    yes->setProperty("danger", true);
    ask->setDefaultButton(ask->addButton(tr("Keep"), QMessageBox::RejectRole));
    connect(yes, &QPushButton::clicked, this, [this, ids] { session().tokens().revoke(ids); });
    ask->open();
}

void TokensPage::openMenu(const QPoint& at)
{
    if (!table_->indexAt(at).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Revoke…"), this, &TokensPage::revokeSelected)->setEnabled(revoke_->isEnabled());
    menu->popup(table_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
