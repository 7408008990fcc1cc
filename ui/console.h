// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/connector.h"
#include "ui/session/addressbook.h"

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

    /// Servers elsewhere can be connected to from now on. `hasOwn`: the client of the constructor is a server
    /// of this process; else it is one elsewhere, too. `connector` outlives this.
    void setConnector(contract::Connector& connector, bool hasOwn);
    /// Shows the server with this URL, with what the address book and the keychain know of it.
    void openServer(const QString& url);
    void openOwn();
    void openConnectDialog(const contract::ServerEntry& entry);

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
    void makeSession(contract::EngineClient& client);
    void makeWindow();
    void makeTray();
    void fillServerMenu();
    void showClient(contract::EngineClient& client);
    void showRemote(std::unique_ptr<contract::EngineClient> client, const contract::ServerEntry& entry);
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
    contract::EngineClient& own_;
    contract::Connector* connector_ = nullptr; ///< null: there are no servers elsewhere
    bool hasOwn_ = true;
    AddressBook book_;
    contract::ServerEntry remoteEntry_;
    std::unique_ptr<contract::EngineClient> remote_; ///< what is shown, where it is not own_
    std::unique_ptr<Session> session_;
    std::unique_ptr<UserService> service_;
    std::unique_ptr<SuspendInhibitor> inhibitor_;
    std::unique_ptr<Tray> tray_;
    std::unique_ptr<QMenu> viewMenu_, serverMenu_;
    std::unique_ptr<MainWindow> window_;
    std::unique_ptr<QObject> introduction_; ///< until the shares are known
};

} // namespace spillway::ui
