// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"

#include <QtCore/QObject>
#include <memory>

class QApplication;
class QMenu;
class QSettings;
class QSystemTrayIcon;
class QTranslator;

namespace spillway::ui {

class MainWindow;
class Session;
class Theme;

/// The desktop console of one server: theme, language, tray, window. Owned by the front end, on the main
/// thread; `client` outlives it. What it remembers (window, language, scheme, what closing means) is in
/// `stateFile`.
///
/// A closed window asks once whether the server goes on in the background. Without a tray, "in the
/// background" is a minimised window: the only window never vanishes.
class Console final : public QObject
{
    Q_OBJECT
public:
    Console(QApplication& application, contract::EngineClient& client, const QString& stateFile);
    ~Console() override;

    void showWindow();
    [[nodiscard]] MainWindow& window() { return *window_; }
    [[nodiscard]] Session& session() { return *session_; }
    [[nodiscard]] Theme& theme() { return *theme_; }
    /// "en", "zh_CN"; empty: the system's.
    void setLanguage(const QString& language);

Q_SIGNALS:
    /// The server shall end, downloads first.
    void quitWanted();

private:
    enum class Closing : int
    {
        Ask,
        Background,
        Stop
    };
    void makeWindow();
    void makeTray();
    void fillViewMenu();
    void loadLanguage();
    void closeWindow();
    void setClosing(Closing closing);
    void quit();
    void keepState();

    QApplication& application_;
    std::unique_ptr<QSettings> state_;
    std::vector<std::unique_ptr<QTranslator>> translators_;
    std::unique_ptr<Theme> theme_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<QMenu> trayMenu_;
    std::unique_ptr<QSystemTrayIcon> tray_;
    std::unique_ptr<QMenu> viewMenu_;
    std::unique_ptr<MainWindow> window_;
};

} // namespace spillway::ui
