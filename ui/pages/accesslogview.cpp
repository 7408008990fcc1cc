// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/accesslogview.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSaveFile>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

using namespace std::chrono_literals;

AccessLogView::AccessLogView(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    table_ = new QTableView;
    table_->setAccessibleName(tr("Access log"));
    table_->setModel(&filter_);
    setUpTable(*table_, theme);
    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setPixelSize(theme.metrics().secondary + 1);
    table_->setFont(mono);
    table_->verticalHeader()->setDefaultSectionSize(theme.metrics().row - 6);
    auto* header = table_->horizontalHeader();
    header->setSectionResizeMode(LogModel::Request, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(LogModel::Time, columnFor(mono, QStringLiteral("23:59:59.999")));
    table_->setColumnWidth(LogModel::Client, text * 10);
    table_->setColumnWidth(LogModel::Status, text * 5);
    table_->setColumnWidth(LogModel::Sent, columnFor(mono, formatSize(888)));
    table_->setColumnWidth(LogModel::Took, columnFor(mono, QStringLiteral("88.88 ms")));
    table_->setColumnWidth(LogModel::Agent, text * 11);

    older_ = flatButton(tr("Show earlier lines"), "up", theme);
    chips_ = new QHBoxLayout;
    chips_->setSpacing(8);
    chips_->addWidget(older_);
    chips_->addStretch(1);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 0, 16, 16);
    column->setSpacing(4);
    column->addLayout(chips_);
    column->addWidget(table_, 1);
    stack_ = new QStackedWidget;
    stack_->addWidget(body);
    stack_->addWidget(new EmptyState(
        "log", tr("No requests yet"),
        tr("Each request to this server is a line here, a moment after it was answered."), nullptr, theme));
    stack_->addWidget(new EmptyState("log", tr("The access log is off"),
                                     tr("The setting log.access turns it on."), nullptr, theme));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(stack_);

    everySecond_.callOnTimeout(this, [this] { ask(); });
    connect(older_, &QPushButton::clicked, this, [this] { askOlder(); });
    connect(table_, &QWidget::customContextMenuRequested, this, &AccessLogView::openMenu);
    connect(table_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!jumping_ && following_ && value < table_->verticalScrollBar()->maximum())
            setFollowing(false);
    });
    showState();
}

void AccessLogView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // What was asked for needs the room more than with what.
    table_->setColumnHidden(LogModel::Agent, width() < theme_.metrics().text * 72);
}

void AccessLogView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
    everySecond_.start(1s);
}

void AccessLogView::hideEvent(QHideEvent* event)
{
    everySecond_.stop();
    QWidget::hideEvent(event);
}

void AccessLogView::setFilter(const QString& text)
{
    filter_.setText(text);
}

void AccessLogView::setFollowing(bool following)
{
    if (following_ == following)
        return;
    following_ = following;
    Q_EMIT followingChanged(following);
    if (following)
        ask();
}

void AccessLogView::ask()
{
    if (asking_ || (!following_ && !newest_.isEmpty()))
        return;
    asking_ = true;
    contract::ListLog command;
    command.after = newest_;
    command.limit = newest_.isEmpty() ? 500 : 2000;
    session_.client().run<contract::ListLog>(this, command, [this](const Result<contract::LogPage>& page) {
        asking_ = false;
        if (page)
            took(*page);
    });
}

void AccessLogView::took(const contract::LogPage& page)
{
    if (newest_.isEmpty())
        oldest_ = page.older;
    newest_ = page.newest;
    format_ = page.format;
    jumping_ = true;
    model_.append(page.lines);
    if (following_)
        table_->scrollToBottom();
    jumping_ = false;
    showState();
}

void AccessLogView::askOlder()
{
    setFollowing(false);
    older_->setEnabled(false);
    contract::ListLog command;
    command.before = oldest_;
    session_.client().run<contract::ListLog>(this, command, [this](const Result<contract::LogPage>& page) {
        older_->setEnabled(true);
        if (!page)
            return;
        oldest_ = page->older;
        model_.prepend(page->lines);
        showState();
    });
}

void AccessLogView::showState()
{
    older_->setVisible(!oldest_.isEmpty());
    stack_->setCurrentIndex(format_ == QLatin1String("off")                ? 2
                            : model_.rowCount() == 0 && !newest_.isEmpty() ? 1
                                                                           : 0);
}

void AccessLogView::filterBy(LogModel::Columns column, const QString& value)
{
    const QString name = QStringLiteral("chip%1").arg(static_cast<int>(column));
    delete findChild<QPushButton*>(name);
    QPushButton* chip =
        button(model_.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() + QLatin1String(": ") +
                   fontMetrics().elidedText(value, Qt::ElideMiddle, 240),
               "close", theme_);
    chip->setObjectName(name);
    chip->setLayoutDirection(Qt::RightToLeft); // the cross behind the text
    chip->setToolTip(tr("Take this filter away"));
    chips_->insertWidget(chips_->count() - 1, chip);
    filter_.setValue(column, value);
    connect(chip, &QPushButton::clicked, this, [this, chip, column] {
        filter_.removeValue(column);
        chip->deleteLater();
    });
}

void AccessLogView::openMenu(const QPoint& at)
{
    const QModelIndex index = filter_.mapToSource(table_->indexAt(at));
    if (!index.isValid())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto column = static_cast<LogModel::Columns>(index.column());
    const QString value = model_.value(index.row(), column);
    if (!value.isEmpty())
        menu->addAction(tr("Only lines with this value"), this,
                        [this, column, value] { filterBy(column, value); });
    const QString client = model_.value(index.row(), LogModel::Client);
    if (column != LogModel::Client && !client.isEmpty())
        menu->addAction(tr("Only lines of %1").arg(client), this,
                        [this, client] { filterBy(LogModel::Client, client); });
    menu->addAction(tr("Copy line"), this, [this, text = model_.row(index.row()).text] {
        session_.copyText(text, tr("Line copied"));
    });
    menu->popup(table_->viewport()->mapToGlobal(at));
}

void AccessLogView::exportShown()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the lines that are shown"),
                                                      QStringLiteral("access.log"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    bool good = file.open(QIODevice::WriteOnly);
    for (int row = 0; good && row < filter_.rowCount(); ++row)
        good =
            file.write(model_.row(filter_.mapToSource(filter_.index(row, 0)).row()).text.toUtf8() + '\n') > 0;
    if (good && file.commit())
        Q_EMIT session_.notice({tr("%n line(s) written to %1", nullptr, filter_.rowCount()).arg(path)});
    else
        Q_EMIT session_.notice(
            {tr("%1 was not written: %2").arg(path, file.errorString()), {}, {}, 10s, true});
}

} // namespace spillway::ui
