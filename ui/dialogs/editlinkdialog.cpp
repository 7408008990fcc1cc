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
    column->addStretch();
    save_ = primaryButton(tr("Save"), nullptr, theme);
    save_->setObjectName(QStringLiteral("save"));
    addButtons(*column, *this, *save_, theme,
               label(tr("They hold at once; the address stays."), "secondary"));
    connect(save_, &QPushButton::clicked, this, [this] { save(); });
}

void EditLinkDialog::say(const Error& error)
{
    problem_->setText(QString::fromStdString(error.message));
    problem_->show();
}

void EditLinkDialog::save()
{
    const auto change = rules_->changes();
    if (!change)
        return say(change.error());
    save_->setEnabled(false);
    problem_->hide();
    session_.updateLink(*change, link_,
                        [guard = QPointer<EditLinkDialog>(this)](const Result<contract::Link>& changed) {
                            if (!guard)
                                return;
                            guard->save_->setEnabled(true);
                            if (!changed)
                                return guard->say(changed.error());
                            guard->accept();
                        });
}

} // namespace spillway::ui
