// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/auditview.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>

namespace spillway::ui {

using namespace std::chrono_literals;

AuditView::AuditView(Session& session, Theme& theme) : session_(session)
{
    table_ = new QTableView;
    table_->setAccessibleName(tr("Audit log"));
    table_->setModel(&model_);
    setUpTable(*table_, theme);
    auto* header = table_->horizontalHeader();
    header->setSectionResizeMode(AuditModel::Change, QHeaderView::Stretch);
    const int text = theme.metrics().text;
    table_->setColumnWidth(AuditModel::When, text * 8);
    table_->setColumnWidth(AuditModel::Who, text * 9);
    table_->setColumnWidth(AuditModel::From, text * 9);
    table_->setColumnWidth(AuditModel::What, text * 9);
    table_->setColumnWidth(AuditModel::Object, text * 12);
    table_->setColumnWidth(AuditModel::Outcome, text * 7);
    verdict_ = label({});
    verdict_->setObjectName(QStringLiteral("verdict"));
    verdict_->setWordWrap(true);
    verdict_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    verdict_->hide();
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(16, 0, 16, 16);
    column->setSpacing(8);
    column->addWidget(verdict_);
    column->addWidget(table_, 1);
    stack_ = new QStackedWidget;
    stack_->addWidget(body);
    stack_->addWidget(
        new EmptyState("log", tr("Nothing was changed yet"),
                       tr("Whoever changes something, here or elsewhere, is an entry in this list.\n"
                          "Nobody can change or remove one without its showing."),
                       nullptr, theme));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(stack_);

    again_.callOnTimeout(this, [this] { ask(); });
    typed_.setSingleShot(true);
    typed_.callOnTimeout(this, [this] {
        ++round_;
        known_ = false;
        model_.clear();
        ask();
    });
    connect(table_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (value == table_->verticalScrollBar()->maximum())
            askMore();
    });
}

void AuditView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
    again_.start(3s);
}

void AuditView::hideEvent(QHideEvent* event)
{
    again_.stop();
    QWidget::hideEvent(event);
}

void AuditView::setFilter(const QString& text)
{
    search_ = text;
    typed_.start(250ms);
}

void AuditView::ask()
{
    contract::ListAudit command;
    command.search = search_;
    session_.client().run<contract::ListAudit>(
        this, command, [this, round = round_](const Result<contract::AuditPage>& page) {
            if (!page || round != round_)
                return;
            // A page that is all new does not reach what is there: begin again.
            if (known_ && model_.rowCount() > 0 && !page->entries.empty() &&
                page->entries.back().id > model_.row(0).id) {
                model_.clear();
                known_ = false;
            }
            model_.setNewest(page->entries);
            if (!known_)
                next_ = page->next;
            known_ = true;
            showState();
        });
}

void AuditView::askMore()
{
    if (askingMore_ || next_.isEmpty())
        return;
    askingMore_ = true;
    contract::ListAudit command;
    command.search = search_;
    command.after = next_;
    session_.client().run<contract::ListAudit>(
        this, command, [this, round = round_](const Result<contract::AuditPage>& page) {
            askingMore_ = false;
            if (!page || round != round_)
                return;
            model_.append(page->entries);
            next_ = page->next;
        });
}

void AuditView::showState()
{
    stack_->setCurrentIndex(known_ && model_.rowCount() == 0 && search_.isEmpty() ? 1 : 0);
}

void AuditView::verify()
{
    session_.client().run<contract::VerifyAudit>(
        this, {}, [this](const Result<contract::AuditVerdict>& verdict) {
            if (verdict)
                return showVerdict(*verdict);
            Q_EMIT session_.notice({QString::fromStdString(verdict.error().message), {}, {}, 10s, true});
        });
}

void AuditView::showVerdict(const contract::AuditVerdict& verdict)
{
    if (verdict.good) {
        verdict_->hide();
        Q_EMIT session_.notice(
            {verdict.dropped == 0
                 ? tr("The audit log is whole: no line was changed, removed or cut off")
                 : tr("The audit log is whole but for its first %1 entries, deleted as audit.files says")
                       .arg(formatCount(verdict.dropped)),
             tr("Copy its head"),
             [this, head = verdict.head] {
                 session_.copyText(head, tr("The head is in the clipboard; keep it somewhere else"));
             },
             10s});
        return;
    }
    verdict_->setProperty("role", QLatin1String("bad"));
    verdict_->setText(
        tr("The audit log is not whole:") + QLatin1Char('\n') +
        (verdict.faults.isEmpty() ? tr("Its key is missing.") : verdict.faults.join(QLatin1Char('\n'))));
    verdict_->show();
}

} // namespace spillway::ui
