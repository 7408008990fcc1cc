// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/transferspage.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtCore/QEvent>
#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

TransfersPage::TransfersPage(Session& session, Theme& theme) : Page(tr("Transfers"), session, theme)
{
    sum_ = label({}, "secondary");
    filter_ = filterField(tr("Filter transfers"), theme);
    kick_ = button(tr("End transfer"), nullptr, theme);
    setThemedIcon(*kick_, "kick", Ink::Bad, theme);
    kick_->setProperty("danger", true);
    kick_->setObjectName(QStringLiteral("kick"));
    head().addWidget(sum_);
    head().addSpacing(8);
    head().addWidget(filter_);
    head().addWidget(kick_);

    table_ = new QTableView;
    table_->setAccessibleName(tr("Transfers"));
    table_->setModel(&session.transfers());
    setUpTable(*table_, theme);
    table_->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    table_->horizontalHeader()->setSortIndicatorClearable(true);
    table_->setSortingEnabled(true);
    auto* header = table_->horizontalHeader();
    header->setSectionResizeMode(TransfersModel::File, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(TransfersModel::Client, text * 11);
    table_->setColumnWidth(TransfersModel::Progress, text * 27);
    table_->setColumnWidth(TransfersModel::Rate, text * 7);
    table_->setColumnWidth(TransfersModel::Left, text * 6);
    table_->setColumnWidth(TransfersModel::Via, text * 9);
    table_->setColumnWidth(TransfersModel::Program, text * 9);
    table_->viewport()->installEventFilter(this);

    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 0, 16, 16);
    column->addWidget(table_);
    stack_ = new QStackedWidget;
    stack_->addWidget(new EmptyState("transfers", tr("Nothing is going out"),
                                     tr("Downloads show here while they run: who takes what, how fast,\n"
                                        "and how long it will take. You can end any of them."),
                                     nullptr, theme));
    stack_->addWidget(body);
    content().addWidget(stack_);

    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& words) {
        this->session().transfers().setFilter(words.trimmed());
        showState();
    });
    connect(kick_, &QPushButton::clicked, this, &TransfersPage::kickSelected);
    connect(&session, &Session::snapshotCame, this, [this] { showState(); });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { hold(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &TransfersPage::openMenu);
    auto* remove = new QShortcut(QKeySequence::Delete, table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &TransfersPage::kickSelected);
    auto* let = new QShortcut(QKeySequence(Qt::Key_Escape), table_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(let, &QShortcut::activated, table_, &QTableView::clearSelection);
    showState();
    hold();
}

TransfersPage::~TransfersPage()
{
    // The model outlives the page.
    session().transfers().setHeld(false);
    session().transfers().setFilter({});
}

void TransfersPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void TransfersPage::filterBy(const QString& text)
{
    filter_->setText(text);
}

void TransfersPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    table_->setColumnHidden(TransfersModel::Program, width() < 960);
    table_->setColumnHidden(TransfersModel::Via, width() < 860);
}

bool TransfersPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave) {
        hovered_ = event->type() == QEvent::Enter;
        hold();
    }
    return Page::eventFilter(watched, event);
}

void TransfersPage::hold()
{
    const auto selected = table_->selectionModel()->selectedRows();
    kick_->setEnabled(!selected.isEmpty());
    session().transfers().setHeld(hovered_ || !selected.isEmpty());
}

void TransfersPage::showState()
{
    const TransfersModel& model = session().transfers();
    stack_->setCurrentIndex(model.rowCount() > 0 || !filter_->text().isEmpty() ? 1 : 0);
    const int running = model.running();
    sum_->setText(running > 0 ? tr("%n running", nullptr, running) : QString());
}

void TransfersPage::kickSelected()
{
    QStringList ids;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows())
        if (!session().transfers().row(index.row()).ended())
            ids += index.data(IdRole).toString();
    table_->clearSelection();
    if (!ids.isEmpty())
        session().kick(ids);
}

void TransfersPage::openMenu(const QPoint& at)
{
    const QModelIndex index = table_->indexAt(at);
    if (!index.isValid())
        return;
    const contract::Transfer transfer = session().transfers().row(index.row()).transfer;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("End transfer"), this, &TransfersPage::kickSelected)
        ->setEnabled(!session().transfers().row(index.row()).ended());
    menu->addAction(tr("Show only %1").arg(transfer.client), this,
                    [this, transfer] { filter_->setText(transfer.client); });
    menu->addAction(tr("Copy address of client"), this, [this, transfer] {
        session().copyText(transfer.client, tr("%1 copied").arg(transfer.client));
    });
    menu->popup(table_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
