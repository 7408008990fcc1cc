// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/linkdetails.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/qrview.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QTableView>

namespace spillway::ui {

namespace {

constexpr auto kReceiptsEvery = std::chrono::milliseconds(3000);

} // namespace

LinkDetails::LinkDetails(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    QVBoxLayout* column = setUpSide(*this);
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
    buildActions(*column, theme);
    column->addSpacing(8);
    facts_ = label({}, "secondary");
    facts_->setWordWrap(true);
    facts_->setTextFormat(Qt::RichText);
    column->addWidget(facts_);
    column->addSpacing(8);
    buildReceipts(*column, theme);
    column->addStretch();
    refresh_.callOnTimeout(this, [this] { refreshReceipts(); });
}

void LinkDetails::buildActions(QBoxLayout& column, Theme& theme)
{
    auto* actions = new QHBoxLayout;
    actions->setSpacing(8);
    copy_ = button(tr("Copy link"), "copy", theme);
    edit_ = button(tr("Edit…"), nullptr, theme);
    edit_->setObjectName(QStringLiteral("editLink"));
    revoke_ = button(tr("Revoke"), nullptr, theme);
    setThemedIcon(*revoke_, "revoke", Ink::Bad, theme);
    revoke_->setProperty("danger", true);
    actions->addWidget(copy_, 1);
    actions->addWidget(edit_);
    actions->addWidget(revoke_);
    column.addLayout(actions);
    connect(copy_, &QPushButton::clicked, this, [this] { session_.copyLink(link_.id); });
    connect(edit_, &QPushButton::clicked, this, [this] { Q_EMIT editWanted(link_); });
    connect(revoke_, &QPushButton::clicked, this, [this] { session_.revokeLinks({link_.id}); });
}

void LinkDetails::buildReceipts(QBoxLayout& column, Theme& theme)
{
    takenBy_ = label({}, "strong");
    column.addWidget(takenBy_);
    table_ = new QTableView;
    table_->setObjectName(QStringLiteral("receipts"));
    table_->setAccessibleName(tr("Recipients"));
    table_->setModel(&receipts_);
    setUpTable(*table_, theme);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setFocusPolicy(Qt::NoFocus);
    table_->horizontalHeader()->hide();
    table_->horizontalHeader()->setSectionResizeMode(ReceiptsModel::Recipient, QHeaderView::Stretch);
    table_->setColumnWidth(ReceiptsModel::Arrived, theme.metrics().text * 13);
    column.addWidget(table_);
}

void LinkDetails::showEvent(QShowEvent* event)
{
    QScrollArea::showEvent(event);
    refreshReceipts();
    refresh_.start(kReceiptsEvery);
}

void LinkDetails::hideEvent(QHideEvent* event)
{
    QScrollArea::hideEvent(event);
    refresh_.stop();
}

void LinkDetails::refreshReceipts()
{
    if (link_.id.isEmpty())
        return;
    session_.client().run<contract::LinkReceipts>(this, {link_.id},
                                                  [this, id = link_.id](Result<contract::ReceiptPage> page) {
                                                      if (page && id == link_.id)
                                                          showReceipts(std::move(*page));
                                                  });
}

void LinkDetails::showReceipts(contract::ReceiptPage page)
{
    const auto count = static_cast<int>(page.receipts.size());
    takenBy_->setText(count == 0  ? tr("Nobody has taken it yet")
                      : page.next ? tr("Taken by (the newest %n)", nullptr, count)
                                  : tr("Taken by %n recipient(s)", nullptr, count));
    receipts_.setReceipts(std::move(page.receipts));
    constexpr int most = 8; // beyond, the table scrolls by itself
    table_->setVisible(count > 0);
    table_->setFixedHeight(std::min(count, most) * theme_.metrics().row + 2);
}

void LinkDetails::show(const contract::Link& link)
{
    const bool otherLink = link.id != link_.id;
    const bool other = otherLink || link.state != link_.state;
    link_ = link;
    if (otherLink) {
        receipts_.setReceipts({});
        takenBy_->clear();
        table_->hide();
        refreshReceipts();
    }
    name_->setText(displayName(link.name));
    state_->setText(stateText(link) + QStringLiteral(" · ") + rulesText(link));
    showFacts();
    const bool active = link.state == contract::LinkState::Active;
    revoke_->setVisible(canRevoke(link.state));
    copy_->setVisible(active);
    edit_->setVisible(active || link.state == contract::LinkState::UsedUp ||
                      link.state == contract::LinkState::Expired);
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

void LinkDetails::showFacts()
{
    const QString cell = QStringLiteral("<tr><td style='padding: 2px 16px 2px 0;'>%1</td>"
                                        "<td style='color: %3; padding: 2px 0;'>%2</td></tr>");
    const QString ink = theme_.palette().text.name();
    QString rows;
    const auto fact = [&](const QString& what, const QString& value) {
        rows += cell.arg(what.toHtmlEscaped(), value.toHtmlEscaped(), ink);
    };
    fact(tr("In"), linkLocation(link_));
    fact(tr("Downloads"),
         link_.maxDownloads
             ? tr("%1 of %2").arg(formatCount(link_.downloads), formatCount(*link_.maxDownloads))
             : formatCount(link_.downloads));
    fact(tr("Created"), formatClock(link_.createdAt));
    fact(tr("Expires"), link_.expiresAt ? formatClock(*link_.expiresAt) : tr("Never"));
    if (link_.revokedAt)
        fact(tr("Revoked"), formatClock(*link_.revokedAt));
    if (link_.hasPassword)
        fact(tr("Password"), tr("Asked for first"));
    if (!link_.allow.isEmpty())
        fact(tr("Only from"), link_.allow.join(QStringLiteral(", ")));
    if (link_.rate > 0)
        fact(tr("At most"), formatRate(static_cast<double>(link_.rate)));
    if (link_.concurrency > 0)
        fact(tr("At a time"), formatCount(link_.concurrency));
    if (!link_.note.isEmpty())
        fact(tr("Note"), link_.note);
    facts_->setText(QStringLiteral("<table>%1</table>").arg(rows));
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
