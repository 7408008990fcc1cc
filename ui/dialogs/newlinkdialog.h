// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace spillway::ui {

class LinkRulesForm;
class QrView;

/// A link with its rules, on one screen; its address and QR code appear in the same place, copied already. It
/// begins with the rules of the last link.
class NewLinkDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `target` as contract::CreateLink takes it; empty: the person says.
    NewLinkDialog(Session& session, Theme& theme, const QByteArray& target, QWidget* parent);

private:
    [[nodiscard]] QWidget* buildRules(Theme& theme);
    [[nodiscard]] QWidget* buildResult(Theme& theme);
    void create();
    void say(const Error& error);
    void showLink(const contract::Link& link);

    Session& session_;
    QByteArray target_; ///< exact bytes of what the field shows, while nobody edited it
    QLineEdit* field_;
    LinkRulesForm* rules_;
    QLabel* problem_;
    QPushButton* create_;
    QStackedWidget* stack_;
    QrView* qr_;
    QLabel* address_;
    QLabel* made_;
    QString url_;
};

} // namespace spillway::ui
