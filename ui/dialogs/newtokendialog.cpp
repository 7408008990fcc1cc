// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/newtokendialog.h"

#include "ui/models/entry.h"
#include "ui/models/format.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/presetbox.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QStackedWidget>

namespace spillway::ui {

namespace {

constexpr std::int64_t kNever = 0;

} // namespace

NewTokenDialog::NewTokenDialog(Session& session, Theme& theme, QWidget* parent)
    : QDialog(parent), session_(session)
{
    setWindowTitle(tr("New token"));
    setMinimumWidth(480);
    stack_ = new QStackedWidget;
    stack_->addWidget(buildForm(theme));
    stack_->addWidget(buildResult(theme));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->addWidget(stack_);
    name_->setFocus();
    showNeeds();
}

QWidget* NewTokenDialog::buildForm(Theme& theme)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    QFormLayout* form = dialogForm();
    name_ = new QLineEdit;
    name_->setObjectName(QStringLiteral("tokenName"));
    name_->setMaxLength(100);
    name_->setPlaceholderText(tr("Who or what uses it, as \"build server\""));
    form->addRow(tr("Name"), name_);

    auto* scopes = new QVBoxLayout;
    scopes->setSpacing(0);
    const std::tuple<const char*, QString, bool> all[] = {
        {"download", tr("Download files of its shares"), true},
        {"list", tr("List their folders"), true},
        {"share", tr("Make and change links to them"), false},
        {"view", tr("Watch the server: status, metrics, lists"), false},
        {"admin", tr("Administer the server: everything this window can do"), false}};
    for (const auto& [scope, text, usual] : all) {
        auto* one = new QCheckBox(text);
        one->setObjectName(QStringLiteral("scope-") + QLatin1String(scope));
        one->setChecked(usual);
        scopes->addWidget(one);
        scopes_.emplace_back(QLatin1String(scope), one);
        connect(one, &QCheckBox::toggled, this, [this] { showNeeds(); });
    }
    form->addRow(tr("May"), scopes);

    auto* shares = new QVBoxLayout;
    shares->setSpacing(4);
    allShares_ = new QCheckBox(tr("All shares, those to come too"));
    allShares_->setObjectName(QStringLiteral("allShares"));
    allShares_->setChecked(true);
    shares_ = new QListWidget;
    shares_->setObjectName(QStringLiteral("tokenShares"));
    shares_->setAccessibleName(tr("Shares"));
    for (const contract::Share& share : session_.shares()) {
        auto* item = new QListWidgetItem(share.name, shares_);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setCheckState(Qt::Unchecked);
    }
    shares_->setFixedHeight(theme.metrics().row * 4);
    shares->addWidget(allShares_);
    shares->addWidget(shares_);
    form->addRow(tr("Shares"), shares);

    expiry_ = new PresetBox({{tr("1 day"), 86'400},
                             {tr("30 days"), 30 * 86'400},
                             {tr("90 days"), 90 * 86'400},
                             {tr("1 year"), 365 * 86'400},
                             {tr("Never"), kNever}},
                            readSpan, formatSpan);
    expiry_->setObjectName(QStringLiteral("tokenExpiry"));
    expiry_->setValue(kNever);
    form->addRow(tr("Expires after"), expiry_);
    column->addLayout(form);

    problem_ = problemLabel();
    column->addWidget(problem_);
    column->addStretch();
    create_ = primaryButton(tr("Create token"), "key", theme);
    create_->setObjectName(QStringLiteral("createToken"));
    addButtons(*column, *this, *create_, theme);
    connect(create_, &QPushButton::clicked, this, [this] { create(); });
    connect(name_, &QLineEdit::textChanged, this, [this] { showNeeds(); });
    connect(allShares_, &QCheckBox::toggled, this, [this] { showNeeds(); });
    connect(shares_, &QListWidget::itemChanged, this, [this] { showNeeds(); });
    return box;
}

QWidget* NewTokenDialog::buildResult(Theme& theme)
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    made_ = label({}, "strong");
    made_->setWordWrap(true);
    column->addWidget(made_);
    text_ = new QLineEdit;
    text_->setObjectName(QStringLiteral("tokenText"));
    text_->setAccessibleName(tr("Token"));
    text_->setReadOnly(true);
    column->addWidget(text_);
    QLabel* words =
        label(tr("Copy it now: nobody can show it again, this window neither. A program sends it as "
                 "\"Authorization: Bearer …\"."),
              "secondary");
    words->setWordWrap(true);
    column->addWidget(words);
    column->addStretch();
    auto* buttons = new QHBoxLayout;
    QPushButton* copy = primaryButton(tr("Copy token"), "copy", theme);
    copy->setObjectName(QStringLiteral("copyToken"));
    QPushButton* done = button(tr("Done"), nullptr, theme);
    done->setAutoDefault(false);
    buttons->addStretch();
    buttons->addWidget(copy);
    buttons->addWidget(done);
    column->addLayout(buttons);
    connect(copy, &QPushButton::clicked, this,
            [this] { session_.copyText(text_->text(), tr("The token is in the clipboard")); });
    connect(done, &QPushButton::clicked, this, &QDialog::accept);
    return box;
}

/// Shares are for what has to do with them; and without a name, a right or a share there is nothing to make.
void NewTokenDialog::showNeeds()
{
    bool any = false, ofServer = false;
    for (const auto& [scope, box] : scopes_) {
        any = any || box->isChecked();
        if (scope == QLatin1String("view") || scope == QLatin1String("admin"))
            ofServer = ofServer || box->isChecked();
    }
    if (ofServer)
        allShares_->setChecked(true);
    allShares_->setEnabled(!ofServer && shares_->count() > 0);
    shares_->setVisible(!allShares_->isChecked());
    bool anyShare = allShares_->isChecked();
    for (int i = 0; i < shares_->count(); ++i)
        anyShare = anyShare || shares_->item(i)->checkState() == Qt::Checked;
    create_->setEnabled(any && anyShare && !name_->text().trimmed().isEmpty());
}

void NewTokenDialog::say(const QString& text)
{
    problem_->setText(text);
    problem_->show();
}

void NewTokenDialog::create()
{
    contract::CreateToken wanted;
    wanted.name = name_->text().trimmed();
    for (const auto& [scope, box] : scopes_)
        if (box->isChecked())
            wanted.scopes += scope;
    if (!allShares_->isChecked())
        for (int i = 0; i < shares_->count(); ++i)
            if (shares_->item(i)->checkState() == Qt::Checked)
                wanted.shares += shares_->item(i)->text();
    const auto expiry = expiry_->value();
    if (!expiry) {
        markField(*expiry_, tr("How long? A number and a unit, as \"36 h\" or \"7 days\"."));
        return say(expiry_->toolTip());
    }
    if (*expiry != kNever)
        wanted.expiresAfter = *expiry;
    create_->setEnabled(false);
    problem_->hide();
    session_.tokens().create(this, wanted, [this](const Result<contract::Token>& made) {
        create_->setEnabled(true);
        if (!made)
            return say(QString::fromStdString(made.error().message));
        showToken(*made);
    });
}

void NewTokenDialog::showToken(const contract::Token& token)
{
    made_->setText(tr("The token %1 is made.").arg(token.name));
    text_->setText(token.text);
    text_->setCursorPosition(0);
    stack_->setCurrentIndex(1);
}

} // namespace spillway::ui
