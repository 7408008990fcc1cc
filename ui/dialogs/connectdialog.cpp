// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/connectdialog.h"

#include "ui/session/addressbook.h"
#include "ui/widgets/parts.h"

#include <QtGui/QClipboard>
#include <QtGui/QFontDatabase>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>

namespace spillway::ui {

using contract::Invite;
using State = contract::EngineClient::State;

QString fingerprintText(const QString& fingerprint)
{
    const QStringList bytes = fingerprint.split(QLatin1Char(':'));
    QString text;
    for (qsizetype i = 0; i < bytes.size(); ++i)
        text += bytes[i] + QLatin1String(i % 16 == 15 ? "\n" : i % 4 == 3 ? "  " : " ");
    return text.trimmed();
}

ConnectDialog::ConnectDialog(contract::Connector& connector, const AddressBook& book,
                             const contract::ServerEntry& entry, Theme& theme, QWidget* parent)
    : QDialog(parent), connector_(connector), book_(book), entry_(entry)
{
    setWindowTitle(tr("Connect to a server"));
    setMinimumWidth(520);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(16);
    buildFields(theme);
    buildTrust(theme);
    message_ = label({}, "secondary");
    message_->setObjectName(QStringLiteral("message"));
    message_->setWordWrap(true);
    message_->hide();
    column->addWidget(message_);
    buildButtons(theme);

    const QString pasted = QGuiApplication::clipboard()->text();
    address_->setText(!entry.url.isEmpty()    ? entry.url
                      : Invite::parse(pasted) ? pasted.trimmed()
                                              : QString());
    addressChanged();
}

ConnectDialog::~ConnectDialog() = default;

void ConnectDialog::buildFields(Theme&)
{
    QFormLayout* form = dialogForm();
    address_ = new QLineEdit;
    address_->setObjectName(QStringLiteral("server"));
    address_->setPlaceholderText(tr("Paste an invite, or type an address"));
    QStringList known;
    for (const contract::ServerEntry& one : book_.entries())
        known += one.url;
    auto* completer = new QCompleter(known, address_);
    completer->setFilterMode(Qt::MatchContains);
    address_->setCompleter(completer);
    auto* addressLabel = new QLabel(tr("Server"));
    addressLabel->setBuddy(address_);
    form->addRow(addressLabel, address_);
    tokenField_ = new QLineEdit;
    tokenField_->setObjectName(QStringLiteral("token"));
    tokenField_->setEchoMode(QLineEdit::Password);
    tokenField_->setPlaceholderText(tr("A token with the scope admin"));
    tokenLabel_ = new QLabel(tr("Token"));
    tokenLabel_->setBuddy(tokenField_);
    form->addRow(tokenLabel_, tokenField_);
    static_cast<QVBoxLayout*>(layout())->addLayout(form);
    QLabel* hint = label(
        tr("On the server, <b>spillway console invite</b> prints an invite: one line that holds everything."),
        "secondary");
    hint->setWordWrap(true);
    layout()->addWidget(hint);
    connect(address_, &QLineEdit::textChanged, this, [this] { addressChanged(); });
    connect(tokenField_, &QLineEdit::textChanged, this, [this] { addressChanged(); });
}

void ConnectDialog::buildTrust(Theme&)
{
    trust_ = new QWidget;
    auto* column = new QVBoxLayout(trust_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    QLabel* text = label(
        tr("Nobody that this computer trusts vouches for this server. Compare its fingerprint (SHA-256) with "
           "the one that the server's log shows; if they are the same, it is the right one."));
    text->setWordWrap(true);
    fingerprint_ = label({});
    fingerprint_->setObjectName(QStringLiteral("fingerprint"));
    fingerprint_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    fingerprint_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(text);
    column->addWidget(fingerprint_);
    trust_->hide();
    layout()->addWidget(trust_);
}

void ConnectDialog::buildButtons(Theme& theme)
{
    auto* row = new QHBoxLayout;
    row->addStretch();
    QPushButton* cancel = button(tr("Cancel"), nullptr, theme);
    cancel->setAutoDefault(false);
    connect_ = primaryButton(tr("Connect"), nullptr, theme);
    connect_->setObjectName(QStringLiteral("connect"));
    connect_->setDefault(true);
    row->addWidget(cancel);
    row->addWidget(connect_);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(connect_, &QPushButton::clicked, this, [this] { start(); });
}

void ConnectDialog::addressChanged()
{
    const bool invited = Invite::parse(address_->text()).has_value();
    tokenLabel_->setVisible(!invited);
    tokenField_->setVisible(!invited);
    trust_->hide();
    message_->hide();
    connect_->setText(tr("Connect"));
    connect_->setEnabled(
        !busy_ && (invited || (!address_->text().trimmed().isEmpty() && !tokenField_->text().isEmpty())));
}

void ConnectDialog::say(const QString& text, bool bad)
{
    message_->setText(text);
    message_->setProperty("role", QLatin1String(bad ? "bad" : "secondary"));
    message_->setStyleSheet(message_->styleSheet()); // the role is read again
    message_->setVisible(!text.isEmpty());
}

void ConnectDialog::setBusy(bool busy)
{
    busy_ = busy;
    address_->setEnabled(!busy);
    tokenField_->setEnabled(!busy);
    connect_->setEnabled(!busy);
}

void ConnectDialog::start()
{
    if (trust_->isVisible()) { // the button says "Trust and connect"
        entry_.fingerprint = client_->fingerprint();
        trust_->hide();
        return tryClient();
    }
    if (const auto invite = Invite::parse(address_->text()))
        return join(*invite);
    const auto url = connector_.addressOf(address_->text());
    if (!url)
        return say(QString::fromStdString(url.error().message), true);
    entry_ = book_.find(*url);
    token_ = tokenField_->text().trimmed();
    tryClient();
}

void ConnectDialog::join(const Invite& invite)
{
    setBusy(true);
    say(tr("Connecting to %1…").arg(invite.host), false);
    connector_.join(this, invite, [this, invite](const Result<QString>& token) {
        if (!token) {
            setBusy(false);
            return say(QString::fromStdString(token.error().message), true);
        }
        const auto url =
            connector_.addressOf(invite.host.contains(QLatin1Char(':'))
                                     ? QStringLiteral("https://[%1]:%2").arg(invite.host).arg(invite.port)
                                     : QStringLiteral("https://%1:%2").arg(invite.host).arg(invite.port));
        if (!url) {
            setBusy(false);
            return say(QString::fromStdString(url.error().message), true);
        }
        entry_ = book_.find(*url);
        entry_.fingerprint = invite.fingerprint;
        token_ = *token;
        tryClient();
    });
}

void ConnectDialog::tryClient()
{
    setBusy(true);
    say(tr("Connecting to %1…").arg(entry_.shownName()), false);
    client_ = connector_.connect(entry_, token_);
    connect(client_.get(), &contract::EngineClient::stateChanged, this, [this] { clientChanged(); });
}

void ConnectDialog::clientChanged()
{
    if (client_->state() == State::Connecting)
        return;
    client_->disconnect(this);
    setBusy(false);
    if (client_->state() == State::Connected)
        return accept();
    const auto problem = client_->problem();
    if (problem && problem->code == ErrorCode::Conflict && !client_->fingerprint().isEmpty()) {
        const bool changed = !entry_.fingerprint.isEmpty();
        say(changed ? tr("This server shows another certificate than before. Where nobody has replaced it, "
                         "somebody may stand "
                         "in between.")
                    : QString(),
            changed);
        fingerprint_->setText(fingerprintText(client_->fingerprint()));
        trust_->show();
        connect_->setText(tr("Trust and connect"));
        return;
    }
    say(problem && problem->code == ErrorCode::PermissionDenied ? tr("The server does not take this token.")
        : problem                                               ? QString::fromStdString(problem->message)
                  : tr("There is no connection to this server."),
        true);
}

} // namespace spillway::ui
