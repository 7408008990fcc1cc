// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/receiptsmodel.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QScrollArea>

class QBoxLayout;
class QLabel;
class QPushButton;
class QTableView;

namespace spillway::ui {

/// It still opens for somebody: one that is used up does for those it was counted for.
[[nodiscard]] inline bool canRevoke(contract::LinkState state)
{
    return state == contract::LinkState::Active || state == contract::LinkState::UsedUp;
}

class QrView;

/// The inspector of one link: QR code, address, facts, who took it, actions. The address is asked for when
/// the link is shown, and forgotten with it: it is a secret. Receipts are asked for as long as they are seen.
class LinkDetails final : public QScrollArea
{
    Q_OBJECT
public:
    LinkDetails(Session& session, Theme& theme);
    void show(const contract::Link& link);
    [[nodiscard]] const QString& shownUrl() const { return url_; }

Q_SIGNALS:
    void editWanted(const contract::Link& link);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildActions(QBoxLayout& column, Theme& theme);
    void buildReceipts(QBoxLayout& column, Theme& theme);
    void showUrl(const QString& url);
    void showFacts();
    void refreshReceipts();
    void showReceipts(contract::ReceiptPage page);

    Session& session_;
    Theme& theme_;
    contract::Link link_;
    QString url_;
    ReceiptsModel receipts_;
    QTimer refresh_;
    QLabel* name_;
    QLabel* state_;
    QrView* qr_;
    QLabel* address_;
    QLabel* facts_;
    QPushButton* copy_;
    QPushButton* edit_;
    QPushButton* revoke_;
    QLabel* takenBy_;
    QTableView* table_;
};

} // namespace spillway::ui
