// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;

namespace spillway::ui {

/// The line above every page: which server, its address (a click copies it), its mode in a word, what it
/// sends now.
class HeaderBar final : public QWidget
{
    Q_OBJECT
public:
    HeaderBar(Session& session, Theme& theme);

private:
    void showStatus();
    void showLive();

    Session& session_;
    Theme& theme_;
    QLabel* host_;
    QPushButton* address_;
    QLabel* mode_;
    QLabel* rate_;
    QLabel* downloads_;
    QString url_;
};

/// "Normal", "Draining": a mode of the server in a word.
[[nodiscard]] QString modeText(const QString& mode);

} // namespace spillway::ui
