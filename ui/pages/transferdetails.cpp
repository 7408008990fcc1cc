// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/transferdetails.h"

#include "ui/charts/sparkline.h"
#include "ui/models/format.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/scalefield.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>

namespace spillway::ui {

namespace {

constexpr std::size_t kPoints = 120; ///< a minute of snapshots
constexpr std::array<const char*, 3> kPriorities{"high", "normal", "low"};

} // namespace

TransferDetails::TransferDetails(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    QVBoxLayout* column = setUpSide(*this);
    name_ = label({}, "strong");
    name_->setWordWrap(true);
    column->addWidget(name_);
    rate_ = label({}, "secondary");
    column->addWidget(rate_);
    chart_ = new Sparkline(theme);
    chart_->setFixedHeight(56);
    chart_->setAccessibleName(tr("Rate over the last minute"));
    column->addWidget(chart_);
    auto* actions = new QHBoxLayout;
    actions->setSpacing(8);
    kick_ = button(tr("End transfer"), nullptr, theme);
    setThemedIcon(*kick_, "kick", Ink::Bad, theme);
    kick_->setProperty("danger", true);
    ban_ = button(tr("Ban client…"), nullptr, theme);
    setThemedIcon(*ban_, "shield", Ink::Bad, theme);
    ban_->setProperty("danger", true);
    ban_->setObjectName(QStringLiteral("banClient"));
    actions->addWidget(kick_, 1);
    actions->addWidget(ban_, 1);
    column->addLayout(actions);
    column->addSpacing(8);
    buildLimits(*column, theme);
    column->addSpacing(8);
    facts_ = label({}, "secondary");
    facts_->setWordWrap(true);
    facts_->setTextFormat(Qt::RichText);
    column->addWidget(facts_);
    column->addStretch();
    connect(kick_, &QPushButton::clicked, this, &TransferDetails::kickWanted);
    connect(ban_, &QPushButton::clicked, this, &TransferDetails::banWanted);
    connect(&session.limits(), &LimitControl::changed, this, [this] { showLimits(); });
}

void TransferDetails::buildLimits(QBoxLayout& column, Theme& theme)
{
    column.addWidget(label(tr("Limits now, for"), "strong"));
    whom_ = new QButtonGroup(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    const std::tuple<Whom, QString, const char*> whoms[] = {{Whom::Client, tr("Client"), "limitClient"},
                                                            {Whom::Link, tr("Link"), "limitLink"},
                                                            {Whom::Token, tr("Token"), "limitToken"}};
    for (const auto& [whom, text, name] : whoms) {
        QPushButton* one = button(text, nullptr, theme);
        one->setCheckable(true);
        one->setObjectName(QLatin1String(name));
        whom_->addButton(one, static_cast<int>(whom));
        row->addWidget(one, 1);
    }
    whom_->button(static_cast<int>(Whom::Client))->setChecked(true);
    column.addLayout(row);
    whomText_ = label({}, "small");
    whomText_->setWordWrap(true);
    column.addWidget(whomText_);
    limit_ = new ScaleField(tr("Bandwidth"), Scale::bandwidth(), theme);
    limit_->setObjectName(QStringLiteral("limitNow"));
    column.addWidget(limit_);
    priority_ = new QButtonGroup(this);
    auto* ranks = new QHBoxLayout;
    ranks->setSpacing(4);
    for (std::size_t i = 0; i < kPriorities.size(); ++i) {
        QPushButton* one = button(priorityText(QLatin1String(kPriorities[i])), nullptr, theme);
        one->setCheckable(true);
        one->setObjectName(QStringLiteral("priority-") + QLatin1String(kPriorities[i]));
        one->setAccessibleName(tr("Priority: %1").arg(one->text()));
        priority_->addButton(one, static_cast<int>(i));
        ranks->addWidget(one, 1);
    }
    column.addWidget(label(tr("Priority"), "secondary"));
    column.addLayout(ranks);
    connect(whom_, &QButtonGroup::idClicked, this, [this] { showLimits(); });
    connect(limit_, &ScaleField::changed, this,
            [this](std::optional<double> rate) { session_.limits().setBandwidth(level(), subject(), rate); });
    connect(priority_, &QButtonGroup::idClicked, this, [this](int rank) {
        session_.limits().set(
            level(), subject(),
            {{QStringLiteral("priority"), QLatin1String(kPriorities[static_cast<std::size_t>(rank)])}});
    });
}

TransferDetails::Whom TransferDetails::whom() const
{
    return static_cast<Whom>(whom_->checkedId());
}

contract::LimitLevel TransferDetails::level() const
{
    switch (whom()) {
    case Whom::Link:
        return contract::LimitLevel::Link;
    case Whom::Token:
        return contract::LimitLevel::Token;
    case Whom::Client:
        break;
    }
    return contract::LimitLevel::Ip;
}

QString TransferDetails::subject() const
{
    switch (whom()) {
    case Whom::Link:
        return transfer_.link;
    case Whom::Token:
        return transfer_.token;
    case Whom::Client:
        break;
    }
    return transfer_.client;
}

void TransferDetails::show(const TransfersModel::Row& row)
{
    const bool other = row.transfer.id != transfer_.id;
    if (other)
        limit_->settle();
    transfer_ = row.transfer;
    if (other) {
        rates_.clear();
        seenAtMs_ = 0;
        whom_->button(static_cast<int>(Whom::Client))->setChecked(true);
    }
    whom_->button(static_cast<int>(Whom::Link))->setVisible(!transfer_.link.isEmpty());
    whom_->button(static_cast<int>(Whom::Token))->setVisible(!transfer_.token.isEmpty());
    if (row.seenAtMs != seenAtMs_ && !row.ended()) {
        seenAtMs_ = row.seenAtMs;
        rates_.push_back(row.rate);
        if (rates_.size() > kPoints)
            rates_.erase(rates_.begin());
    }
    chart_->setValues(rates_, kPoints);
    name_->setText(transferFile(transfer_));
    rate_->setText(row.ended() ? tr("Ended") : formatRate(row.rate));
    limit_->setUse(row.rate);
    kick_->setEnabled(!row.ended());
    showFacts(row);
    if (other)
        showLimits();
    else
        priority_->button(priorityRank(transfer_))->setChecked(true);
}

void TransferDetails::showFacts(const TransfersModel::Row& row)
{
    const QString cell = QStringLiteral("<tr><td style='padding: 2px 16px 2px 0;'>%1</td>"
                                        "<td style='color: %3; padding: 2px 0;'>%2</td></tr>");
    const QString ink = theme_.palette().text.name();
    QString rows;
    const auto fact = [&](const QString& what, const QString& value) {
        if (!value.isEmpty())
            rows += cell.arg(what.toHtmlEscaped(), value.toHtmlEscaped(), ink);
    };
    fact(tr("Client"), transfer_.client);
    fact(tr("Sent"), transfer_.total
                         ? tr("%1 of %2").arg(formatSize(transfer_.sent), formatSize(*transfer_.total))
                         : formatSize(transfer_.sent));
    if (const auto left = secondsLeft(row))
        fact(tr("Left"), formatSpan(*left));
    fact(tr("Since"), formatClock(transfer_.startedAtMs / 1000));
    fact(tr("Share"), transfer_.share);
    fact(tr("Link"), transfer_.link);
    fact(tr("Token"), session_.tokens().model().names().value(transfer_.token, transfer_.token));
    fact(tr("Encryption"), transfer_.tls ? tr("TLS") : tr("Plain"));
    fact(tr("Program"), transfer_.userAgent);
    fact(tr("Path"), displayName(transfer_.path));
    facts_->setText(QStringLiteral("<table>%1</table>").arg(rows));
}

void TransferDetails::showLimits()
{
    if (transfer_.id.isEmpty())
        return;
    const LimitsModel& model = session_.limits().model();
    const QModelIndex own =
        level() == contract::LimitLevel::Ip ? model.findClient(subject()) : model.find(level(), subject());
    const contract::Limit limit = own.isValid() ? model.limit(own) : contract::Limit{};
    limit_->setValue(limit.bandwidth ? std::optional(static_cast<double>(*limit.bandwidth)) : std::nullopt);
    priority_->button(priorityRank(transfer_))->setChecked(true);
    switch (whom()) {
    case Whom::Client:
        whomText_->setText(tr("All that %1 takes").arg(transfer_.client));
        break;
    case Whom::Link:
        whomText_->setText(tr("All downloads of this link"));
        break;
    case Whom::Token:
        whomText_->setText(tr("All that comes with this token"));
        break;
    }
}

} // namespace spillway::ui
