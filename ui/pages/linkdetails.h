// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

class QFormLayout;
class QLabel;
class QPushButton;

namespace spillway::ui {

class QrView;

/// The inspector of one link: QR code, address, facts, actions. The address is asked for when the link is
/// shown, and forgotten with it: it is a secret.
class LinkDetails final : public QWidget
{
    Q_OBJECT
public:
    LinkDetails(Session& session, Theme& theme);
    void show(const contract::Link& link);
    [[nodiscard]] const QString& shownUrl() const { return url_; }

private:
    void showUrl(const QString& url);

    Session& session_;
    Theme& theme_;
    contract::Link link_;
    QString url_;
    QLabel* name_;
    QLabel* state_;
    QrView* qr_;
    QLabel* address_;
    QLabel* facts_;
    QPushButton* copy_;
    QPushButton* revoke_;
};

} // namespace spillway::ui
