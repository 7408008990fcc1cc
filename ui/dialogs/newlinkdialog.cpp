// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/newlinkdialog.h"

#include "ui/dialogs/linkrulesform.h"
#include "ui/models/format.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/qrview.h"

#include <QtCore/QFile>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStackedWidget>

namespace spillway::ui {

NewLinkDialog::NewLinkDialog(Session& session, Theme& theme, const QByteArray& target, QWidget* parent)
    : QDialog(parent), session_(session), target_(target)
{
    setWindowTitle(tr("New link"));
    setMinimumWidth(480);
    stack_ = new QStackedWidget;
    stack_->addWidget(buildRules(theme));
    stack_->addWidget(buildResult(theme));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->addWidget(stack_);
    if (target.isEmpty())
        field_->setFocus();
    else
        create_->setFocus();
}

QWidget* NewLinkDialog::buildRules(Theme& theme)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    rules_ = new LinkRulesForm(theme);
    rules_->show(session_.lastRules());

    field_ = new QLineEdit(displayName(target_));
    field_->setPlaceholderText(tr("share/path, or choose"));
    field_->setObjectName(QStringLiteral("target"));
    auto* targetRow = new QHBoxLayout;
    targetRow->setSpacing(8);
    targetRow->addWidget(field_, 1);
    QPushButton* choose = nullptr;
    if (session_.client().sharesOurFiles()) {
        choose = button(tr("Choose…"), nullptr, theme);
        targetRow->addWidget(choose);
        connect(choose, &QPushButton::clicked, this, [this] {
            const QString path = QFileDialog::getOpenFileName(this, tr("Choose a file in a share"));
            if (!path.isEmpty())
                field_->setText(path);
        });
    }
    rules_->fields().insertRow(0, tr("To"), targetRow);
    column->addWidget(rules_);
    QWidget* last = choose ? static_cast<QWidget*>(choose) : field_;
    setTabOrder(field_, last);
    setTabOrder(last, rules_->first());

    problem_ = problemLabel();
    column->addWidget(problem_);
    column->addStretch();

    create_ = primaryButton(tr("Create and copy link"), "copy", theme);
    create_->setObjectName(QStringLiteral("create"));
    create_->setEnabled(!target_.isEmpty());
    addButtons(*column, *this, *create_, theme);
    connect(create_, &QPushButton::clicked, this, [this] { create(); });
    connect(field_, &QLineEdit::textChanged, this, [this](const QString& text) {
        target_ = QFile::encodeName(text.trimmed());
        create_->setEnabled(!target_.isEmpty());
    });
    return box;
}

QWidget* NewLinkDialog::buildResult(Theme& theme)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    made_ = label({}, "strong");
    made_->setWordWrap(true);
    column->addWidget(made_);
    qr_ = new QrView;
    qr_->setMinimumSize(200, 200);
    column->addWidget(qr_, 1, Qt::AlignHCenter);
    address_ = label({}, "secondary");
    address_->setObjectName(QStringLiteral("address"));
    address_->setWordWrap(true);
    address_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(address_);
    auto* buttons = new QHBoxLayout;
    QPushButton* again = button(tr("Copy again"), "copy", theme);
    QPushButton* done = primaryButton(tr("Done"), nullptr, theme);
    again->setAutoDefault(false);
    buttons->addStretch();
    buttons->addWidget(again);
    buttons->addWidget(done);
    column->addLayout(buttons);
    connect(again, &QPushButton::clicked, this, [this] { session_.copyText(url_, tr("Link copied")); });
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    return box;
}

void NewLinkDialog::say(const Error& error)
{
    problem_->setText(QString::fromStdString(error.message));
    problem_->show();
}

void NewLinkDialog::create()
{
    auto command = rules_->rules();
    if (!command)
        return say(command.error());
    command->target = target_;
    create_->setEnabled(false);
    problem_->hide();
    session_.client().run<contract::CreateLink>(this, *command,
                                                [this, rules = *command](const Result<contract::Link>& link) {
                                                    create_->setEnabled(true);
                                                    if (!link)
                                                        return say(link.error());
                                                    session_.setLastRules(rules);
                                                    session_.linkMade(*link);
                                                    showLink(*link);
                                                });
}

void NewLinkDialog::showLink(const contract::Link& link)
{
    url_ = link.url;
    made_->setText(tr("The link to %1 is in your clipboard.").arg(displayName(link.name)));
    qr_->setText(url_);
    QString shown = url_;
    for (const QLatin1Char mark : {QLatin1Char('/'), QLatin1Char('?'), QLatin1Char('&')})
        shown.replace(mark, QString(mark) + QChar(0x200b)); // a place to break the line
    address_->setText(shown);
    stack_->setCurrentIndex(1);
}

} // namespace spillway::ui
