// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/bandialog.h"

#include "ui/models/entry.h"
#include "ui/models/format.h"
#include "ui/session/bancontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/presetbox.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>

namespace spillway::ui {

namespace {

constexpr std::int64_t kForEver = 0;

} // namespace

BanDialog::BanDialog(Session& session, Theme& theme, const QString& address, const QStringList& running,
                     QWidget* parent)
    : QDialog(parent), session_(session), running_(running)
{
    setWindowTitle(tr("Ban an address"));
    setMinimumWidth(440);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    QFormLayout* form = dialogForm();
    address_ = new QLineEdit(address);
    address_->setObjectName(QStringLiteral("banAddress"));
    address_->setPlaceholderText(tr("192.0.2.7, or 2001:db8:1:2::/64"));
    time_ = new PresetBox({{tr("1 hour"), 3600},
                           {tr("1 day"), 86'400},
                           {tr("7 days"), 7 * 86'400},
                           {tr("30 days"), 30 * 86'400},
                           {tr("For ever"), kForEver}},
                          readSpan, formatSpan);
    time_->setObjectName(QStringLiteral("banTime"));
    time_->setValue(86'400);
    reason_ = new QLineEdit;
    reason_->setObjectName(QStringLiteral("banReason"));
    reason_->setMaxLength(60);
    reason_->setPlaceholderText(tr("A word to yourself, shown in the list"));
    end_ =
        new QCheckBox(tr("End its %n running transfer(s), too", nullptr, static_cast<int>(running.size())));
    end_->setChecked(true);
    form->addRow(tr("Address"), address_);
    form->addRow(tr("For"), time_);
    form->addRow(tr("Reason"), reason_);
    if (!running.isEmpty())
        form->addRow({}, end_);
    column->addLayout(form);
    QLabel* words = label(
        tr("Whatever comes from this address is refused. An IPv6 address stands for its /64."), "secondary");
    words->setWordWrap(true);
    column->addWidget(words);
    problem_ = problemLabel();
    column->addWidget(problem_);
    ban_ = primaryButton(tr("Ban"), nullptr, theme);
    ban_->setObjectName(QStringLiteral("ban"));
    ban_->setEnabled(!address.isEmpty());
    addButtons(*column, *this, *ban_, theme);
    if (address.isEmpty())
        end_->hide();
    connect(address_, &QLineEdit::textChanged, this,
            [this](const QString& text) { ban_->setEnabled(!text.trimmed().isEmpty()); });
    connect(ban_, &QPushButton::clicked, this, [this] { ban(); });
}

void BanDialog::say(const QString& text)
{
    problem_->setText(text);
    problem_->show();
}

void BanDialog::ban()
{
    const auto seconds = time_->value();
    if (!seconds) {
        markField(*time_, tr("How long? A number and a unit, as \"36 h\" or \"7 days\"."));
        return say(time_->toolTip());
    }
    contract::AddBan wanted{address_->text().trimmed(), {}, reason_->text().trimmed()};
    if (*seconds != kForEver)
        wanted.seconds = *seconds;
    ban_->setEnabled(false);
    session_.bans().add(wanted, [guard = QPointer<BanDialog>(this)](const Result<contract::Ban>& made) {
        if (!guard)
            return;
        guard->ban_->setEnabled(true);
        if (!made)
            return guard->say(QString::fromStdString(made.error().message));
        if (!guard->running_.isEmpty() && guard->end_->isChecked())
            guard->session_.kick(guard->running_);
        guard->accept();
    });
}

} // namespace spillway::ui
