// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/banspage.h"

#include "ui/dialogs/bandialog.h"
#include "ui/models/format.h"
#include "ui/session/bancontrol.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

namespace {

constexpr auto kRefreshEvery = std::chrono::milliseconds(1000);

} // namespace

BansPage::BansPage(Session& session, Theme& theme) : Page(tr("Bans"), session, theme)
{
    filter_ = filterField(tr("Filter bans"), theme);
    lift_ = button(tr("Lift ban"), "undo", theme);
    lift_->setObjectName(QStringLiteral("liftBan"));
    QPushButton* add = primaryButton(tr("Ban an address…"), "plus", theme);
    add->setObjectName(QStringLiteral("addBan"));
    head().addWidget(filter_);
    head().addWidget(lift_);
    head().addWidget(add);

    proxy_ = new QSortFilterProxyModel(this);
    proxy_->setSourceModel(&session.bans().model());
    proxy_->setFilterRole(SearchRole);
    proxy_->setFilterKeyColumn(BansModel::Address);
    proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    proxy_->setSortRole(SortRole);
    table_ = new QTableView;
    table_->setObjectName(QStringLiteral("bans"));
    table_->setAccessibleName(tr("Bans"));
    table_->setModel(proxy_);
    setUpTable(*table_, theme);
    table_->setSortingEnabled(true);
    table_->sortByColumn(BansModel::Since, Qt::DescendingOrder);
    table_->horizontalHeader()->setSectionResizeMode(BansModel::Reason, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(BansModel::Address, text * 17);
    table_->setColumnWidth(BansModel::By, text * 11);
    table_->setColumnWidth(BansModel::Since, text * 9);
    table_->setColumnWidth(BansModel::Left, text * 7);

    QPushButton* first = button(tr("Ban an address…"), "plus", theme);
    stack_ = new QStackedWidget;
    stack_->addWidget(new EmptyState("shield", tr("Nobody is banned"),
                                     tr("Who guesses links or passwords is banned by itself for a while.\n"
                                        "You can ban an address here, or a client on the page Transfers."),
                                     first, theme));
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 0, 16, 8);
    column->addWidget(table_);
    stack_->addWidget(body);
    content().addWidget(stack_, 1);
    auto* foot = new QVBoxLayout;
    const int margin = theme.metrics().margin;
    foot->setContentsMargins(margin, 8, margin, 16);
    foot->setSpacing(4);
    rules_ = label({}, "secondary");
    rules_->setWordWrap(true);
    never_ = label({}, "secondary");
    never_->setWordWrap(true);
    never_->setObjectName(QStringLiteral("neverBanned"));
    foot->addWidget(rules_);
    foot->addWidget(never_);
    content().addLayout(foot);

    for (QPushButton* one : {add, first})
        connect(one, &QPushButton::clicked, this, &BansPage::openBan);
    connect(lift_, &QPushButton::clicked, this, &BansPage::liftSelected);
    connect(filter_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { showState(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &BansPage::openMenu);
    connect(&session.bans(), &BanControl::changed, this, [this] { showState(); });
    auto* remove = new QShortcut(QKeySequence::Delete, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &BansPage::liftSelected);
    refreshWhileShown(kRefreshEvery, [this] {
        this->session().bans().model().tick();
        this->session().bans().refresh();
    });
    showState();
}

void BansPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void BansPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    table_->setColumnHidden(BansModel::Since, width() < theme().metrics().scaled(760));
}

void BansPage::showState()
{
    BanControl& bans = session().bans();
    stack_->setCurrentIndex(bans.model().rowCount() > 0 || !bans.known() ? 1 : 0);
    lift_->setEnabled(!table_->selectionModel()->selectedRows().isEmpty());
    const contract::BanRules& rules = bans.rules();
    rules_->setText(rules.threshold > 0 ? tr("By rule: %n different failures within %1 ban an address for "
                                             "%2, each time twice as long, up to %3.",
                                             nullptr, static_cast<int>(rules.threshold))
                                              .arg(formatSpan(rules.window), formatSpan(rules.duration),
                                                   formatSpan(rules.maxDuration))
                                        : tr("Nobody is banned by rule (bans.threshold is 0)."));
    rules_->setVisible(rules.window > 0);
    QStringList never{tr("this machine")};
    never += rules.never;
    never_->setText(tr("Never banned by rule: %1. The setting bans.never holds this list.")
                        .arg(never.join(QStringLiteral(", "))));
}

void BansPage::liftSelected()
{
    std::vector<contract::Ban> bans;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        bans.push_back(session().bans().model().row(proxy_->mapToSource(index).row()));
    session().bans().lift(bans);
}

void BansPage::openBan()
{
    auto* dialog = new BanDialog(session(), theme(), {}, {}, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void BansPage::openMenu(const QPoint& at)
{
    if (!table_->indexAt(at).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Lift ban"), this, &BansPage::liftSelected);
    const QString address = table_->indexAt(at).data(IdRole).toString();
    menu->addAction(tr("Copy address"), this,
                    [this, address] { session().copyText(address, tr("%1 copied").arg(address)); });
    menu->popup(table_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
