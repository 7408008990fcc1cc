// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/linkdetails.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/qrview.h"

#include <QtWidgets/QBoxLayout>

namespace spillway::ui {

LinkDetails::LinkDetails(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    setProperty("role", QLatin1String("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    name_ = label({}, "strong");
    name_->setWordWrap(true);
    column->addWidget(name_);
    state_ = label({}, "secondary");
    state_->setWordWrap(true);
    column->addWidget(state_);
    qr_ = new QrView;
    column->addWidget(qr_, 0, Qt::AlignHCenter);
    address_ = label({}, "small");
    address_->setWordWrap(true);
    address_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    address_->setObjectName(QStringLiteral("linkAddress"));
    column->addWidget(address_);
    auto* actions = new QHBoxLayout;
    actions->setSpacing(8);
    copy_ = button(tr("Copy link"), "copy", theme);
    revoke_ = button(tr("Revoke"), nullptr, theme);
    setThemedIcon(*revoke_, "revoke", Ink::Bad, theme);
    revoke_->setProperty("danger", true);
    actions->addWidget(copy_, 1);
    actions->addWidget(revoke_, 1);
    column->addLayout(actions);
    column->addSpacing(8);
    facts_ = label({}, "secondary");
    facts_->setWordWrap(true);
    facts_->setTextFormat(Qt::RichText);
    column->addWidget(facts_);
    column->addStretch();
    connect(copy_, &QPushButton::clicked, this, [this] { session_.copyLink(link_.id); });
    connect(revoke_, &QPushButton::clicked, this, [this] { session_.revokeLinks({link_.id}); });
}

void LinkDetails::show(const contract::Link& link)
{
    const bool other = link.id != link_.id || link.state != link_.state;
    link_ = link;
    name_->setText(displayName(link.name));
    state_->setText(stateText(link) + QStringLiteral(" · ") + rulesText(link));
    const QString cell = QStringLiteral("<tr><td style='padding: 2px 16px 2px 0;'>%1</td>"
                                        "<td style='color: %3; padding: 2px 0;'>%2</td></tr>");
    const QString ink = theme_.palette().text.name();
    QString rows;
    const auto fact = [&](const QString& what, const QString& value) {
        rows += cell.arg(what.toHtmlEscaped(), value.toHtmlEscaped(), ink);
    };
    fact(tr("In"), linkLocation(link));
    fact(tr("Downloads"),
         link.maxDownloads ? tr("%1 of %2").arg(formatCount(link.downloads), formatCount(*link.maxDownloads))
                           : formatCount(link.downloads));
    fact(tr("Created"), formatClock(link.createdAt));
    fact(tr("Expires"), link.expiresAt ? formatClock(*link.expiresAt) : tr("Never"));
    if (link.revokedAt)
        fact(tr("Revoked"), formatClock(*link.revokedAt));
    if (!link.note.isEmpty())
        fact(tr("Note"), link.note);
    facts_->setText(QStringLiteral("<table>%1</table>").arg(rows));
    const bool active = link.state == contract::LinkState::Active;
    revoke_->setVisible(active);
    copy_->setVisible(active);
    qr_->setVisible(active);
    address_->setVisible(active);
    if (!other)
        return;
    showUrl({});
    if (!active)
        return;
    session_.client().run<contract::ShowLink>(
        this, {link.id}, [this, id = link.id](const Result<contract::Link>& full) {
            if (full && link_.id == id && link_.state == contract::LinkState::Active)
                showUrl(full->url);
        });
}

void LinkDetails::showUrl(const QString& url)
{
    url_ = url;
    qr_->setText(url);
    // A zero-width space after each "/", "?" and "&" lets a long address break.
    QString shown = url;
    for (const QLatin1Char mark : {QLatin1Char('/'), QLatin1Char('?'), QLatin1Char('&')})
        shown.replace(mark, QString(mark) + QChar(0x200b));
    address_->setText(shown);
}

} // namespace spillway::ui
