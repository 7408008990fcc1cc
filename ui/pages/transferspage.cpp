// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/transferspage.h"

#include "ui/dialogs/bandialog.h"
#include "ui/models/format.h"
#include "ui/pages/transferdetails.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"

#include <QtCore/QEvent>
#include <QtCore/QSortFilterProxyModel>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>
#include <algorithm>

namespace spillway::ui {

namespace {

constexpr auto kLimitsEvery = std::chrono::milliseconds(3000);

// What stack_ holds.
enum Content
{
    Nothing,
    Each,
    Groups,
    NothingEnded,
    Ended
};

} // namespace

TransfersPage::TransfersPage(Session& session, Theme& theme) : Page(tr("Transfers"), session, theme)
{
    buildHead();
    content().addWidget(buildViews());
    stack_ = new QStackedWidget;
    stack_->addWidget(new EmptyState("transfers", tr("Nothing is going out"),
                                     tr("Downloads show here while they run: who takes what, how fast,\n"
                                        "and how long it will take. You can end, limit or ban any of them."),
                                     nullptr, theme));
    stack_->addWidget(buildTransfers());
    groups_ = buildGroups();
    ended_ = buildEnded();
    const auto framed = [](QTableView* table) {
        auto* body = new QWidget;
        auto* column = new QVBoxLayout(body);
        column->setContentsMargins(16, 0, 16, 16);
        column->addWidget(table);
        return body;
    };
    stack_->addWidget(framed(groups_));
    stack_->addWidget(new EmptyState("transfers", tr("Nothing has ended yet"),
                                     tr("Downloads that are over show here: finished or cut off,\n"
                                        "how much of them went out, and how fast."),
                                     nullptr, theme));
    stack_->addWidget(framed(ended_));
    content().addWidget(stack_, 1);

    for (QTableView* one : {table_, groups_, ended_}) {
        one->viewport()->installEventFilter(this);
        connect(one->selectionModel(), &QItemSelectionModel::selectionChanged, this,
                [this] { selectionChanged(); });
        auto* let = new QShortcut(QKeySequence(Qt::Key_Escape), one, nullptr, nullptr, Qt::WidgetShortcut);
        connect(let, &QShortcut::activated, one, &QTableView::clearSelection);
    }
    for (QTableView* one : {table_, groups_}) {
        connect(one, &QWidget::customContextMenuRequested, this, &TransfersPage::openMenu);
        auto* remove = new QShortcut(QKeySequence::Delete, one, nullptr, nullptr, Qt::WidgetShortcut);
        connect(remove, &QShortcut::activated, this, &TransfersPage::kickSelected);
    }
    connect(&session, &Session::snapshotCame, this, [this] { snapshotCame(); });
    refreshWhileShown(kLimitsEvery, [this] { refreshLimits(); });
    showState();
    selectionChanged();
}

TransfersPage::~TransfersPage()
{
    // The model outlives the page.
    session().transfers().setHeld(false);
    session().transfers().setFilter({});
}

void TransfersPage::buildHead()
{
    sum_ = label({}, "secondary");
    filter_ = filterField(tr("Filter transfers"), theme());
    kick_ = button(tr("End transfer"), nullptr, theme());
    setThemedIcon(*kick_, "kick", Ink::Bad, theme());
    kick_->setProperty("danger", true);
    kick_->setObjectName(QStringLiteral("kick"));
    head().addWidget(sum_);
    head().addSpacing(8);
    head().addWidget(filter_);
    head().addWidget(kick_);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& words) {
        session().transfers().setFilter(words.trimmed());
        endedOrder_->setFilterFixedString(words.trimmed());
        showGroups();
        showState();
    });
    connect(kick_, &QPushButton::clicked, this, &TransfersPage::kickSelected);
}

QWidget* TransfersPage::buildViews()
{
    views_ = new QButtonGroup(this);
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    const int margin = theme().metrics().margin;
    row->setContentsMargins(margin, 0, margin, 8);
    row->setSpacing(4);
    const std::pair<QString, const char*> views[] = {{tr("Each"), "viewEach"},
                                                     {tr("By client"), "viewClients"},
                                                     {tr("By link"), "viewLinks"},
                                                     {tr("Ended"), "viewEnded"}};
    int id = 0;
    for (const auto& [text, name] : views) {
        QPushButton* one = button(text, nullptr, theme());
        one->setCheckable(true);
        one->setObjectName(QLatin1String(name));
        views_->addButton(one, id++);
        row->addWidget(one);
    }
    row->addStretch();
    views_->button(0)->setChecked(true);
    connect(views_, &QButtonGroup::idClicked, this, [this](int view) { setView(static_cast<View>(view)); });
    return box;
}

QWidget* TransfersPage::buildTransfers()
{
    table_ = new QTableView;
    table_->setObjectName(QStringLiteral("transfers"));
    table_->setAccessibleName(tr("Transfers"));
    table_->setModel(&session().transfers());
    setUpTable(*table_, theme());
    table_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    table_->horizontalHeader()->setSortIndicatorClearable(true);
    table_->setSortingEnabled(true);
    table_->horizontalHeader()->setSectionResizeMode(TransfersModel::File, QHeaderView::Stretch);
    const int text = theme().metrics().text;
    table_->setColumnWidth(TransfersModel::Rate, text * 7);
    table_->setColumnWidth(TransfersModel::Left, text * 5);
    table_->setColumnWidth(TransfersModel::Priority, text * 7);
    table_->setColumnWidth(TransfersModel::Via, text * 9);
    table_->setColumnWidth(TransfersModel::Token, text * 7);
    table_->setColumnWidth(TransfersModel::Secure, text * 7);
    table_->setColumnWidth(TransfersModel::Program, text * 9);

    details_ = new TransferDetails(session(), theme());
    details_->hide();
    connect(details_, &TransferDetails::kickWanted, this, &TransfersPage::kickSelected);
    connect(details_, &TransferDetails::banWanted, this, &TransfersPage::banSelected);
    return besideTable(table_, details_, theme());
}

QTableView* TransfersPage::buildGroups()
{
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("groups"));
    table->setAccessibleName(tr("Groups of transfers"));
    table->setModel(&groupsModel_);
    setUpTable(*table, theme());
    table->setSortingEnabled(true);
    table->sortByColumn(TransferGroupsModel::Rate, Qt::DescendingOrder);
    table->horizontalHeader()->setSectionResizeMode(TransferGroupsModel::Name, QHeaderView::Stretch);
    const int text = theme().metrics().text;
    table->setColumnWidth(TransferGroupsModel::Count, text * 8);
    table->setColumnWidth(TransferGroupsModel::Progress, text * 27);
    table->setColumnWidth(TransferGroupsModel::Rate, text * 8);
    connect(table, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString id = index.data(IdRole).toString();
        filterBy(id);
    });
    return table;
}

QTableView* TransfersPage::buildEnded()
{
    endedOrder_ = new QSortFilterProxyModel(this);
    endedOrder_->setSourceModel(&session().endedTransfers());
    endedOrder_->setSortRole(SortRole);
    endedOrder_->setFilterRole(SearchRole);
    endedOrder_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("ended"));
    table->setAccessibleName(tr("Ended transfers"));
    table->setModel(endedOrder_);
    setUpTable(*table, theme());
    table->setSortingEnabled(true);
    table->sortByColumn(TransferHistoryModel::Ended, Qt::DescendingOrder);
    table->horizontalHeader()->setSectionResizeMode(TransferHistoryModel::File, QHeaderView::Stretch);
    const int text = theme().metrics().text;
    table->setColumnWidth(TransferHistoryModel::Ended, text * 6);
    table->setColumnWidth(TransferHistoryModel::Outcome, text * 7);
    table->setColumnWidth(TransferHistoryModel::Client, text * 10);
    table->setColumnWidth(TransferHistoryModel::Size, text * 12);
    table->setColumnWidth(TransferHistoryModel::Duration, text * 6);
    table->setColumnWidth(TransferHistoryModel::Rate, text * 7);
    table->setColumnWidth(TransferHistoryModel::Via, text * 9);
    return table;
}

void TransfersPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void TransfersPage::filterBy(const QString& text)
{
    setView(View::Each);
    filter_->setText(text);
}

void TransfersPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    snapshotCame();
}

void TransfersPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    selectionChanged();
}

bool TransfersPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave) {
        hovered_ = event->type() == QEvent::Enter;
        selectionChanged();
    }
    return Page::eventFilter(watched, event);
}

TransfersPage::View TransfersPage::view() const
{
    return static_cast<View>(views_->checkedId());
}

QTableView& TransfersPage::currentTable() const
{
    return view() == View::Each ? *table_ : grouped() ? *groups_ : *ended_;
}

void TransfersPage::setView(View view)
{
    views_->button(static_cast<int>(view))->setChecked(true);
    for (QTableView* one : {table_, groups_, ended_})
        one->clearSelection();
    groupsModel_.clear();
    snapshotCame();
    selectionChanged();
}

/// Of the links that something runs by: what they are to.
QHash<QString, QString> TransfersPage::groupNames()
{
    QHash<QString, QString> names{{QString(), tr("Without a link")}};
    for (const contract::Link& link : session().links().rows())
        if (use_.links().count(link.id) > 0)
            names.insert(link.id, link.note.isEmpty()
                                      ? linkLocation(link)
                                      : linkLocation(link) + QStringLiteral(" · ") + link.note);
    return names;
}

void TransfersPage::refreshLimits()
{
    session().limits().refresh();
    session().tokens().refresh();
    session().transfers().setTokenNames(session().tokens().model().names());
}

void TransfersPage::snapshotCame()
{
    if (!isVisible())
        return;
    if (grouped()) {
        use_.update(session().live());
        showGroups();
    }
    fitClients();
    showState();
    if (!details_->isVisible())
        return;
    if (const auto selected = table_->selectionModel()->selectedRows(); selected.size() == 1)
        details_->show(session().transfers().row(selected.front().row()));
}

void TransfersPage::showGroups()
{
    if (!grouped())
        return;
    const bool links = view() == View::Links;
    groupsModel_.setGroups(links ? use_.links() : use_.clients(),
                           links ? groupNames() : QHash<QString, QString>(), filter_->text().trimmed());
}

/// As wide as the addresses of the first rows, and no wider: file names need the room. It only grows while
/// there are rows, so nothing moves with each that comes and goes; a width that was dragged stays.
void TransfersPage::fitClients()
{
    constexpr int kLooked = 100;
    const TransfersModel& model = session().transfers();
    QString longest;
    for (int i = 0; i < std::min(model.rowCount(), kLooked); ++i)
        if (const QString& client = model.row(i).transfer.client; client.size() > longest.size())
            longest = client;
    if (longest.isEmpty()) {
        clientsFit_ = 0;
        return;
    }
    const int text = theme().metrics().text;
    const int fit =
        std::clamp(columnFor(table_->font(), longest), text * 6, text * (narrow_.value_or(false) ? 8 : 12));
    if (fit <= clientsFit_ || (clientsFit_ > 0 && table_->columnWidth(TransfersModel::Client) != clientsFit_))
        return;
    clientsFit_ = fit;
    table_->setColumnWidth(TransfersModel::Client, fit);
}

void TransfersPage::showState()
{
    const TransfersModel& model = session().transfers();
    const bool filtered = !filter_->text().isEmpty();
    if (view() == View::Ended)
        stack_->setCurrentIndex(session().endedTransfers().rowCount() > 0 ? Ended : NothingEnded);
    else if (grouped())
        stack_->setCurrentIndex(groupsModel_.rowCount() > 0 || filtered ? Groups : Nothing);
    else
        stack_->setCurrentIndex(model.rowCount() > 0 || filtered ? Each : Nothing);
    const auto running = static_cast<int>(session().live().running.transfers.size());
    QStringList sum;
    if (running > 0)
        sum += tr("%n running", nullptr, running);
    if (const auto waiting = static_cast<int>(session().live().waiting); waiting > 0)
        sum += tr("%n waiting", nullptr, waiting);
    sum_->setText(sum.join(QStringLiteral(" · ")));
}

void TransfersPage::selectionChanged()
{
    const auto selected = currentTable().selectionModel()->selectedRows();
    kick_->setEnabled(!selected.isEmpty() && view() != View::Ended);
    kick_->setVisible(view() != View::Ended);
    session().transfers().setHeld(hovered_ || table_->selectionModel()->hasSelection());
    groupsModel_.setHeld(hovered_ || groups_->selectionModel()->hasSelection());
    const bool inspector =
        view() == View::Each && selected.size() == 1 && width() >= theme().metrics().scaled(700);
    if (inspector)
        details_->show(session().transfers().row(selected.front().row()));
    details_->setVisible(inspector);
    // Less important columns make room first.
    const int room = width() - (inspector ? theme().metrics().side : 0);
    const int text = theme().metrics().text;
    const bool narrow = room < theme().metrics().scaled(640);
    if (std::exchange(narrow_, narrow) != narrow) { // else a width that was dragged stays
        table_->setColumnWidth(TransfersModel::Progress, text * (narrow ? 19 : 24));
        clientsFit_ = 0;
        fitClients();
    }
    table_->setColumnHidden(TransfersModel::Secure, room < theme().metrics().scaled(1400));
    table_->setColumnHidden(TransfersModel::Token, room < theme().metrics().scaled(1250));
    table_->setColumnHidden(TransfersModel::Program, room < theme().metrics().scaled(1100));
    table_->setColumnHidden(TransfersModel::Via, room < theme().metrics().scaled(960));
    table_->setColumnHidden(TransfersModel::Priority, room < theme().metrics().scaled(900));
    table_->setColumnHidden(TransfersModel::Left, room < theme().metrics().scaled(700));
    ended_->setColumnHidden(TransferHistoryModel::Via, width() < theme().metrics().scaled(960));
    ended_->setColumnHidden(TransferHistoryModel::Duration, width() < theme().metrics().scaled(760));
}

std::vector<contract::Transfer> TransfersPage::selectedTransfers()
{
    std::vector<contract::Transfer> all;
    if (view() == View::Each) {
        for (const QModelIndex& index : table_->selectionModel()->selectedRows())
            if (!session().transfers().row(index.row()).ended())
                all.push_back(session().transfers().row(index.row()).transfer);
        return all;
    }
    if (!grouped())
        return all;
    QSet<QString> ids;
    for (const QModelIndex& index : groups_->selectionModel()->selectedRows())
        ids += index.data(IdRole).toString();
    for (const contract::Transfer& transfer : session().live().running.transfers)
        if (ids.contains(view() == View::Links ? transfer.link : transfer.client))
            all.push_back(transfer);
    return all;
}

void TransfersPage::kickSelected()
{
    QStringList ids;
    for (const contract::Transfer& transfer : selectedTransfers())
        ids += transfer.id;
    currentTable().clearSelection();
    if (!ids.isEmpty())
        session().kick(ids);
}

void TransfersPage::banSelected()
{
    const auto transfers = selectedTransfers();
    if (transfers.empty())
        return;
    const QString client = transfers.front().client;
    QStringList running;
    for (const contract::Transfer& transfer : session().live().running.transfers)
        if (transfer.client == client)
            running += transfer.id;
    auto* dialog = new BanDialog(session(), theme(), client, running, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TransfersPage::addLimits(QMenu& menu, const QString& title, contract::LimitLevel level,
                              const QString& id)
{
    QMenu* rates = menu.addMenu(title);
    rates->addAction(tr("No limit"), this, [=, this] { session().limits().setBandwidth(level, id, {}); });
    for (const double rate : {100e3, 500e3, 1e6, 5e6, 20e6})
        rates->addAction(formatRate(rate), this,
                         [=, this] { session().limits().setBandwidth(level, id, rate); });
    rates->addSeparator();
    for (const char* priority : {"high", "normal", "low"})
        rates->addAction(tr("Priority: %1").arg(priorityText(QLatin1String(priority))), this, [=, this] {
            session().limits().set(level, id, {{QStringLiteral("priority"), QLatin1String(priority)}});
        });
}

void TransfersPage::openMenu(const QPoint& at)
{
    QTableView& table = currentTable();
    if (!table.indexAt(at).isValid())
        return;
    const auto transfers = selectedTransfers();
    if (transfers.empty())
        return;
    const contract::Transfer transfer = transfers.front();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (view() != View::Links)
        addLimits(*menu, tr("Limit %1").arg(transfer.client), contract::LimitLevel::Ip, transfer.client);
    if (view() != View::Clients && !transfer.link.isEmpty())
        addLimits(*menu, tr("Limit the link"), contract::LimitLevel::Link, transfer.link);
    if (view() == View::Each && !transfer.token.isEmpty())
        addLimits(*menu, tr("Limit the token"), contract::LimitLevel::Token, transfer.token);
    menu->addSeparator();
    menu->addAction(transfers.size() > 1
                        ? tr("End %n transfer(s)", nullptr, static_cast<int>(transfers.size()))
                        : tr("End transfer"),
                    this, &TransfersPage::kickSelected);
    if (view() != View::Links) {
        menu->addAction(tr("Ban %1…").arg(transfer.client), this, &TransfersPage::banSelected);
        menu->addSeparator();
        menu->addAction(tr("Show only %1").arg(transfer.client), this,
                        [this, transfer] { filterBy(transfer.client); });
        menu->addAction(tr("Copy address of client"), this, [this, transfer] {
            session().copyText(transfer.client, tr("%1 copied").arg(transfer.client));
        });
    }
    menu->popup(table.viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
