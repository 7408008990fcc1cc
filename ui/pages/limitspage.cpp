// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/limitspage.h"

#include "ui/dialogs/addlimitdialog.h"
#include "ui/models/format.h"
#include "ui/pages/limitdetails.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/scalefield.h"

#include <QtGui/QShortcut>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTreeView>

namespace spillway::ui {

namespace {

constexpr auto kRefreshEvery = std::chrono::milliseconds(1000);
constexpr int kMostSliders = 200; ///< of one level; a row beyond shows its limit as text in the inspector

} // namespace

LimitsPage::LimitsPage(Session& session, Theme& theme) : Page(tr("Limits"), session, theme)
{
    line_ = label({}, "secondary");
    line_->setObjectName(QStringLiteral("waitingLine"));
    remove_ = button(tr("Remove"), "trash", theme);
    remove_->setObjectName(QStringLiteral("removeLimit"));
    QPushButton* add = primaryButton(tr("Add limit…"), "plus", theme);
    add->setObjectName(QStringLiteral("addLimit"));
    head().addWidget(line_);
    head().addSpacing(8);
    head().addWidget(remove_);
    head().addWidget(add);
    buildTree();
    details_ = new LimitDetails(session, theme);
    content().addWidget(besideTable(tree_, details_, theme), 1);

    connect(add, &QPushButton::clicked, this, &LimitsPage::openAdd);
    connect(remove_, &QPushButton::clicked, this, &LimitsPage::removeSelected);
    connect(&session, &Session::snapshotCame, this, [this] { snapshotCame(); });
    connect(&session.limits(), &LimitControl::changed, this, [this] {
        showLevels(); // also where the server did not take what a slider shows
        showSelection();
    });
    refreshWhileShown(kRefreshEvery, [this] { refresh(); });
    tree_->setCurrentIndex(session.limits().model().index(0, 0));
    showSelection();
}

void LimitsPage::buildTree()
{
    LimitsModel& model = session().limits().model();
    tree_ = new QTreeView;
    tree_->setObjectName(QStringLiteral("limits"));
    tree_->setAccessibleName(tr("Limits"));
    tree_->setModel(&model);
    setUpTree(*tree_, theme());
    tree_->setHeaderHidden(false);
    tree_->setSelectionBehavior(QAbstractItemView::SelectRows);
    tree_->setAllColumnsShowFocus(true);
    tree_->setUniformRowHeights(true);
    auto* header = tree_->header();
    header->setHighlightSections(false);
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setSectionResizeMode(LimitsModel::Subject, QHeaderView::Stretch);
    const int text = theme().metrics().text;
    tree_->setColumnWidth(LimitsModel::Bandwidth, text * 23);
    tree_->setColumnWidth(LimitsModel::Use, text * 7);
    tree_->setColumnWidth(LimitsModel::Requests, text * 11);
    tree_->setColumnWidth(LimitsModel::Downloads, text * 11);
    tree_->setColumnWidth(LimitsModel::Priority, text * 6);
    addSliders({}, 0, model.rowCount() - 1);
    for (int level = 0; level < model.rowCount(); ++level) {
        const QModelIndex top = model.index(level, 0);
        addSliders(top, 0, model.rowCount(top) - 1);
    }
    tree_->expandAll();
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& parent, int first, int last) {
                tree_->expand(parent);
                addSliders(parent, first, last);
            });
    connect(&model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                showRows(first.parent(), first.row(), last.row());
            });
    connect(tree_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { showSelection(); });
    connect(tree_, &QWidget::customContextMenuRequested, this, &LimitsPage::openMenu);
    auto* remove = new QShortcut(QKeySequence::Delete, tree_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &LimitsPage::removeSelected);
}

void LimitsPage::addSliders(const QModelIndex& parent, int first, int last)
{
    const LimitsModel& model = session().limits().model();
    for (int i = first; i <= std::min(last, kMostSliders - 1); ++i) {
        const QModelIndex index = model.index(i, LimitsModel::Bandwidth, parent);
        const contract::Limit& limit = model.limit(index);
        auto* field =
            new ScaleField(tr("Bandwidth of %1").arg(model.name(limit)), Scale::bandwidth(), theme());
        connect(field, &ScaleField::changed, this,
                [this, level = limit.level, id = limit.id](std::optional<double> rate) {
                    session().limits().setBandwidth(level, id, rate);
                });
        tree_->setIndexWidget(index, field);
        showRow(index);
    }
}

void LimitsPage::showRow(const QModelIndex& index)
{
    const LimitsModel& model = session().limits().model();
    auto* field =
        qobject_cast<ScaleField*>(tree_->indexWidget(index.siblingAtColumn(LimitsModel::Bandwidth)));
    if (!field)
        return;
    const auto& bandwidth = model.limit(index).bandwidth;
    field->setValue(bandwidth ? std::optional(static_cast<double>(*bandwidth)) : std::nullopt);
    field->setUse(model.rate(index));
}

void LimitsPage::showRows(const QModelIndex& parent, int first, int last)
{
    for (int i = first; i <= last; ++i)
        showRow(session().limits().model().index(i, 0, parent));
}

void LimitsPage::showLevels()
{
    const LimitsModel& model = session().limits().model();
    showRows({}, 0, model.rowCount() - 1);
    for (int level = 0; level < model.rowCount(); ++level) {
        const QModelIndex top = model.index(level, 0);
        showRows(top, 0, model.rowCount(top) - 1);
    }
}

ScaleField* LimitsPage::sliderOf(contract::LimitLevel level, const QString& id)
{
    const QModelIndex row = session().limits().model().find(level, id);
    return row.isValid()
               ? qobject_cast<ScaleField*>(tree_->indexWidget(row.siblingAtColumn(LimitsModel::Bandwidth)))
               : nullptr;
}

void LimitsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    // Less important columns make room first, then the inspector.
    details_->setVisible(width() >= theme().metrics().scaled(780));
    const int room = width() - (width() >= theme().metrics().scaled(780) ? theme().metrics().side : 0);
    const int text = theme().metrics().text;
    tree_->setColumnWidth(LimitsModel::Bandwidth,
                          room < theme().metrics().scaled(620) ? text * 19 : text * 23);
    tree_->setColumnHidden(LimitsModel::Priority, room < theme().metrics().scaled(980));
    tree_->setColumnHidden(LimitsModel::Requests, room < theme().metrics().scaled(880));
    tree_->setColumnHidden(LimitsModel::Downloads, room < theme().metrics().scaled(720));
    tree_->setColumnHidden(LimitsModel::Use, room < theme().metrics().scaled(560));
}

void LimitsPage::refresh()
{
    session().limits().refresh();
    session().tokens().refresh();
    QHash<QString, QString> links;
    for (const contract::Link& link : session().links().rows())
        links.insert(link.id, linkLocation(link));
    session().limits().model().setNames(session().tokens().model().names(), links);
}

void LimitsPage::snapshotCame()
{
    const contract::LiveSnapshot& live = session().live();
    line_->setText(live.waiting > 0
                       ? tr("%n waiting in line", nullptr, static_cast<int>(live.waiting)) +
                             (live.waitMs > 0 ? QStringLiteral(" · ") + tr("%1 each").arg(formatMilliseconds(
                                                                            static_cast<double>(live.waitMs)))
                                              : QString())
                       : tr("Nobody waits in line"));
    if (!isVisible())
        return;
    use_.update(live);
    session().limits().model().setUse(use_);
}

void LimitsPage::select(contract::LimitLevel level, const QString& id)
{
    const QModelIndex row = session().limits().model().find(level, id);
    if (!row.isValid())
        return;
    tree_->setCurrentIndex(row);
    tree_->scrollTo(row);
}

void LimitsPage::showSelection()
{
    const QModelIndex current = tree_->currentIndex();
    const LimitsModel& model = session().limits().model();
    remove_->setEnabled(current.isValid() && !isEmpty(model.limit(current)));
    if (current.isValid())
        details_->show(model.limit(current));
}

void LimitsPage::removeSelected()
{
    const QModelIndex current = tree_->currentIndex();
    if (current.isValid())
        session().limits().remove(session().limits().model().limit(current));
}

void LimitsPage::openAdd()
{
    auto* dialog = new AddLimitDialog(session(), theme(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void LimitsPage::openMenu(const QPoint& at)
{
    if (!tree_->indexAt(at).isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Remove all limits here"), this, &LimitsPage::removeSelected)
        ->setEnabled(remove_->isEnabled());
    menu->addAction(tr("Add limit…"), this, &LimitsPage::openAdd);
    menu->popup(tree_->viewport()->mapToGlobal(at));
}

} // namespace spillway::ui
