// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"

class QAction;
class QMenu;
class QSystemTrayIcon;

namespace spillway::ui {

class Preferences;

/// The icon in the desktop's tray: the rate as its tool tip; pause, the latest links, the window in its menu;
/// a word when a download finishes and the window is not in front. Made only where there is a tray; a desktop
/// without one loses nothing but this.
class Tray final : public QObject
{
    Q_OBJECT
public:
    /// Null where the desktop has no tray.
    [[nodiscard]] static std::unique_ptr<Tray> make(Session& session, const Preferences& preferences);
    ~Tray() override;

    /// Says that a download finished; it says so only while this answers no.
    void setWindowInFront(std::function<bool()> inFront) { inFront_ = std::move(inFront); }
    [[nodiscard]] QMenu& menu() { return *menu_; }

Q_SIGNALS:
    void showWanted();
    void quitWanted();

private:
    Tray(Session& session, const Preferences& preferences);
    void fillMenu();
    void fillLinks();
    void say(const std::vector<contract::Transfer>& finished);

    Session& session_;
    const Preferences& preferences_;
    std::unique_ptr<QMenu> menu_;
    QMenu* links_ = nullptr;
    QAction* pause_ = nullptr;
    std::unique_ptr<QSystemTrayIcon> icon_;
    std::function<bool()> inFront_;
};

} // namespace spillway::ui
