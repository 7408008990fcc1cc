// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/editlinkdialog.h"

#include "ui/dialogs/linkrulesform.h"
#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFormLayout>

namespace spillway::ui {

EditLinkDialog::EditLinkDialog(Session& session, Theme& theme, const contract::Link& link, QWidget* parent)
    : QDialog(parent), session_(session), link_(link)
{
    setWindowTitle(tr("Rules of the link"));
    setMinimumWidth(480);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    rules_ = new LinkRulesForm(theme);
    rules_->show(link);
    QLabel* target = label(linkLocation(link), "strong");
    target->setWordWrap(true);
    rules_->fields().insertRow(0, tr("To"), target);
    column->addWidget(rules_);
    problem_ = problemLabel();
    column->addWidget(problem_);
    choice_ = new QWidget;
    auto* choices = new QHBoxLayout(choice_);
    choices->setContentsMargins(0, 0, 0, 0);
    choices->setSpacing(8);
    QPushButton* theirs = button(tr("Show the other's change"), nullptr, theme);
    theirs->setObjectName(QStringLiteral("showOther"));
    QPushButton* mine = button(tr("Save mine all the same"), nullptr, theme);
    mine->setObjectName(QStringLiteral("saveMine"));
    choices->addWidget(theirs);
    choices->addWidget(mine);
    choices->addStretch();
    choice_->hide();
    column->addWidget(choice_);
    column->addStretch();
    save_ = primaryButton(tr("Save"), nullptr, theme);
    save_->setObjectName(QStringLiteral("save"));
    addButtons(*column, *this, *save_, theme,
               label(tr("They hold at once; the address stays."), "secondary"));
    connect(save_, &QPushButton::clicked, this, [this] { save(); });
    connect(theirs, &QPushButton::clicked, this, [this] {
        link_ = now_;
        rules_->show(link_);
        problem_->hide();
        choice_->hide();
        save_->setEnabled(true);
    });
    connect(mine, &QPushButton::clicked, this, [this] {
        link_.version = now_.version;
        save();
    });
}

void EditLinkDialog::say(const Error& error)
{
    problem_->setText(QString::fromStdString(error.message));
    problem_->show();
}

void EditLinkDialog::save()
{
    auto change = rules_->changes();
    if (!change)
        return say(change.error());
    change->version = link_.version;
    save_->setEnabled(false);
    problem_->hide();
    choice_->hide();
    session_.updateLink(*change, link_,
                        [guard = QPointer<EditLinkDialog>(this)](const Result<contract::Link>& changed) {
                            if (!guard)
                                return;
                            if (!changed && changed.error().code == ErrorCode::Stale)
                                return guard->askWhatIsThere();
                            guard->save_->setEnabled(true);
                            if (!changed)
                                return guard->say(changed.error());
                            guard->accept();
                        });
}

/// Not by ShowLink: nobody wants to see its address, which the audit log would note.
void EditLinkDialog::askWhatIsThere()
{
    asking_ = connect(&session_, &Session::linksChanged, this, [this] {
        for (const contract::Link& link : session_.links().rows())
            if (link.id == link_.id && link.version != link_.version)
                return meetOther(link);
        session_.refreshLinks(); // that list was on its way already
    });
    session_.refreshLinks();
}

void EditLinkDialog::meetOther(const contract::Link& now)
{
    disconnect(asking_);
    now_ = now;
    problem_->setText(
        tr("Another console or command changed this link meanwhile; nothing was saved. It is now: %1.")
            .arg(rulesText(now)));
    problem_->show();
    choice_->show();
}

} // namespace spillway::ui
