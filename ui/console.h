// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"

#include <QtCore/QObject>
#include <memory>

class QApplication;
class QMenu;
class QTranslator;

namespace spillway::ui {

class MainWindow;
class Preferences;
class Session;
class SuspendInhibitor;
class Theme;
class Tray;
class UserService;

/// How this program is started by others than a person, each with the program first; empty where it cannot
/// be.
struct LaunchCommands
{
    QStringList inBackground;  ///< with its window, not shown
    QStringList withoutWindow; ///< as a service
};

/// The desktop console of one server: theme, language, tray, window. Owned by the front end, on the main
/// thread; `client` outlives it. What it remembers is in `stateFile` (Preferences).
///
/// A closed window asks once whether the server goes on in the background. Without a tray, "in the
/// background" is a minimised window: the only window never vanishes.
class Console final : public QObject
{
    Q_OBJECT
public:
    Console(QApplication& application, contract::EngineClient& client, const QString& stateFile,
            LaunchCommands commands = {});
    ~Console() override;

    void showWindow();
    /// For a start that nobody asked a window of: in the tray, or minimised where there is none.
    void hideWindow();
    /// The assistant, where this window was never used before and nothing is shared; else nothing.
    void introduce();
    [[nodiscard]] MainWindow& window() { return *window_; }
    [[nodiscard]] Session& session() { return *session_; }
    [[nodiscard]] Theme& theme() { return *theme_; }
    /// "en", "zh_CN"; empty: the system's.
    void setLanguage(const QString& language);

Q_SIGNALS:
    /// The server shall end, downloads first.
    void quitWanted();
    /// It shall end and start again.
    void restartWanted();

private:
    void makeWindow();
    void makeTray();
    void fillViewMenu();
    void loadLanguage();
    void closeWindow();
    void leave(bool again);
    void quit();
    void keepState();
    void follow();

    QApplication& application_;
    std::unique_ptr<Preferences> preferences_;
    const LaunchCommands commands_;
    QString language_; ///< as loaded
    std::vector<std::unique_ptr<QTranslator>> translators_;
    std::unique_ptr<Theme> theme_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<UserService> service_;
    std::unique_ptr<SuspendInhibitor> inhibitor_;
    std::unique_ptr<Tray> tray_;
    std::unique_ptr<QMenu> viewMenu_;
    std::unique_ptr<MainWindow> window_;
    std::unique_ptr<QObject> introduction_; ///< until the shares are known
};

} // namespace spillway::ui
