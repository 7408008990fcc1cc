// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

class QLabel;
class QMenu;
class QPushButton;

namespace spillway::ui {

/// The line above every page: which server, its address (a click copies it), its mode in a word (a click sets
/// it), what it sends now.
class HeaderBar final : public QWidget
{
    Q_OBJECT
public:
    HeaderBar(Session& session, Theme& theme);
    /// `name` is empty for the server of this process; `menu` chooses another one, where it is not null.
    void setServer(const QString& name, QMenu* menu);

Q_SIGNALS:
    void modesWanted(); ///< the page about them

private:
    void showStatus();
    void showLive();
    void fillModeMenu();

    Session& session_;
    Theme& theme_;
    QPushButton* server_;
    QPushButton* address_;
    QPushButton* mode_;
    QMenu* modeMenu_;
    QString shownMode_; ///< with the colour of its dot
    QLabel* rate_;
    QLabel* downloads_;
    QString url_;
};

} // namespace spillway::ui
