// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/addlimitdialog.h"

#include "ui/models/format.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/scalefield.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>

namespace spillway::ui {

using contract::LimitLevel;

namespace {

constexpr double kFirstRate = 5e6; ///< what the slider begins with
constexpr int kMostLinks = 500;    ///< in the list; any other is typed

} // namespace

AddLimitDialog::AddLimitDialog(Session& session, Theme& theme, QWidget* parent)
    : QDialog(parent), session_(session)
{
    setWindowTitle(tr("Add a limit"));
    setMinimumWidth(480);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    QFormLayout* form = dialogForm();
    level_ = new QComboBox;
    level_->setObjectName(QStringLiteral("limitLevel"));
    level_->addItem(tr("Client"), static_cast<int>(LimitLevel::Ip));
    level_->addItem(tr("Share"), static_cast<int>(LimitLevel::Share));
    level_->addItem(tr("Link"), static_cast<int>(LimitLevel::Link));
    level_->addItem(tr("Token"), static_cast<int>(LimitLevel::Token));
    subject_ = new QComboBox;
    subject_->setObjectName(QStringLiteral("limitSubject"));
    subject_->setEditable(true);
    subject_->setInsertPolicy(QComboBox::NoInsert);
    bandwidth_ = new ScaleField(tr("Bandwidth"), Scale::bandwidth(), theme);
    bandwidth_->setObjectName(QStringLiteral("limitBandwidth"));
    bandwidth_->setValue(kFirstRate);
    form->addRow(tr("For a"), level_);
    form->addRow(tr("Which"), subject_);
    form->addRow(tr("Bandwidth"), bandwidth_);
    column->addLayout(form);
    QLabel* words =
        label(tr("Requests, downloads at a time and priority can be set for it afterwards."), "secondary");
    words->setWordWrap(true);
    column->addWidget(words);
    add_ = primaryButton(tr("Add limit"), nullptr, theme);
    add_->setObjectName(QStringLiteral("confirmLimit"));
    addButtons(*column, *this, *add_, theme);
    connect(level_, &QComboBox::currentIndexChanged, this, [this] { fillSubjects(); });
    connect(subject_, &QComboBox::editTextChanged, this, [this] { showNeeds(); });
    connect(bandwidth_, &ScaleField::changed, this, [this] { showNeeds(); });
    connect(add_, &QPushButton::clicked, this, [this] { add(); });
    fillSubjects();
    subject_->setFocus();
}

LimitLevel AddLimitDialog::level() const
{
    return static_cast<LimitLevel>(level_->currentData().toInt());
}

/// What is chosen by its name, or typed as it is.
QString AddLimitDialog::subject() const
{
    const int known = subject_->findText(subject_->currentText());
    return known >= 0 ? subject_->itemData(known).toString() : subject_->currentText().trimmed();
}

void AddLimitDialog::fillSubjects()
{
    subject_->clear();
    switch (level()) {
    case LimitLevel::Share:
        for (const contract::Share& share : session_.shares())
            subject_->addItem(share.name, share.name);
        break;
    case LimitLevel::Token:
        for (const contract::Token& token : session_.tokens().model().rows())
            if (token.state == contract::TokenState::Active)
                subject_->addItem(token.name, token.id);
        break;
    case LimitLevel::Link:
        for (const contract::Link& link : session_.links().rows())
            if (link.state == contract::LinkState::Active && subject_->count() < kMostLinks)
                subject_->addItem(linkLocation(link) + QStringLiteral(" · ") + link.id, link.id);
        break;
    default: {
        QSet<QString> clients; // those that are here now
        for (const contract::Transfer& transfer : session_.live().running.transfers)
            clients += transfer.client;
        QStringList sorted(clients.begin(), clients.end());
        sorted.sort();
        for (const QString& client : sorted)
            subject_->addItem(client, client);
        break;
    }
    }
    if (level() == LimitLevel::Ip)
        subject_->setCurrentIndex(-1);
    subject_->lineEdit()->setPlaceholderText(
        level() == LimitLevel::Ip ? tr("192.0.2.7, 10.0.0.0/8, 2001:db8::/64") : tr("There is none yet"));
    showNeeds();
}

void AddLimitDialog::showNeeds()
{
    add_->setEnabled(!subject().isEmpty() && bandwidth_->value());
}

void AddLimitDialog::add()
{
    session_.limits().setBandwidth(level(), subject(), bandwidth_->value());
    accept();
}

} // namespace spillway::ui
