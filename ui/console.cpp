// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console.h"

#include "ui/desktop/computergroup.h"
#include "ui/desktop/suspendinhibitor.h"
#include "ui/desktop/tray.h"
#include "ui/dialogs/connectdialog.h"
#include "ui/pages/settingspage.h"
#include "ui/session/linkrules.h"
#include "ui/session/session.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/window/mainwindow.h"
#include "ui/window/sidebar.h"

#include <QtCore/QLibraryInfo>
#include <QtCore/QStandardPaths>
#include <QtCore/QTranslator>
#include <QtGui/QActionGroup>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>

static void takeTranslations()
{
    Q_INIT_RESOURCE(translations);
}

namespace spillway::ui {

namespace {

QString configFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
}

} // namespace

Console::Console(QApplication& application, contract::EngineClient& client, const QString& stateFile,
                 LaunchCommands commands)
    : application_(application), preferences_(std::make_unique<Preferences>(stateFile)),
      commands_(std::move(commands)), own_(client), book_(stateFile)
{
    takeTranslations();
    application_.setQuitOnLastWindowClosed(false);
    application_.setWindowIcon(productIcon());
    loadLanguage();
    theme_ = std::make_unique<Theme>(application_);
    theme_->choose(preferences_->scheme());
    service_ = std::make_unique<UserService>(commands_.withoutWindow, configFolder());
    inhibitor_ = std::make_unique<SuspendInhibitor>();
    makeSession(client);
    connect(preferences_.get(), &Preferences::changed, this, [this] { follow(); });
    makeTray();
    makeWindow();
}

void Console::makeSession(contract::EngineClient& client)
{
    session_ = std::make_unique<Session>(client);
    session_->setLastRules(rulesFromText(preferences_->linkRules()));
    connect(session_.get(), &Session::lastRulesChanged, this,
            [this] { preferences_->setLinkRules(rulesToText(session_->lastRules())); });
    inhibitor_->setSending(false);
    connect(session_.get(), &Session::snapshotCame, inhibitor_.get(), [this] {
        const bool sending = !session_->live().running.transfers.empty();
        inhibitor_->setSending(sending && preferences_->keepsAwake() && session_->client().sharesOurFiles());
    });
}

Console::~Console()
{
    keepState();
    introduction_.reset();
    window_.reset();
    tray_.reset();
}

void Console::keepState()
{
    if (window_)
        preferences_->setWindow(window_->saveGeometry(), window_->currentPage());
}

/// Something of this computer's settings changed, here or on the settings page.
void Console::follow()
{
    if (theme_->choice() != preferences_->scheme())
        theme_->choose(preferences_->scheme());
    // Not inside a menu's or a field's own signal: they go with the window.
    if (language_ != preferences_->language())
        QTimer::singleShot(0, this, [this] { setLanguage(preferences_->language()); });
    else
        fillViewMenu();
}

void Console::makeWindow()
{
    window_ = std::make_unique<MainWindow>(*session_, *theme_);
    if (!window_->restoreGeometry(preferences_->geometry()))
        window_->resize(1280, 800);
    window_->settingsPage().addGroup(tr("This computer"),
                                     new ComputerGroup(*preferences_,
                                                       Autostart(commands_.inBackground, configFolder()),
                                                       *service_, *session_, *theme_));
    // A server without shares begins where one is made.
    window_->openPage(std::clamp(preferences_->page(MainWindow::Shares), 0, MainWindow::PageCount - 1));
    connect(window_.get(), &MainWindow::closeWanted, this, [this] { closeWindow(); });
    connect(window_.get(), &MainWindow::restartWanted, this, [this] { leave(true); });
    connect(window_.get(), &MainWindow::mendServerWanted, this, [this] {
        openConnectDialog(remote_ ? remoteEntry_ : book_.find(QLatin1String("https://") + own_.serverName()));
    });
    fillServerMenu();
    viewMenu_ = std::make_unique<QMenu>();
    fillViewMenu();
    SidebarButton& view = window_->sidebar().menuButton();
    connect(&view, &QAbstractButton::clicked, this, [this, &view] {
        const QPoint above = view.mapToGlobal(QPoint(8, 0));
        viewMenu_->popup(QPoint(above.x(), above.y() - viewMenu_->sizeHint().height()));
    });
}

void Console::fillViewMenu()
{
    viewMenu_->clear();
    const auto choices = [this](const QString& title, const std::vector<std::pair<QString, bool>>& names,
                                auto chosen) {
        QMenu* menu = viewMenu_->addMenu(title);
        auto* group = new QActionGroup(menu);
        for (std::size_t i = 0; i < names.size(); ++i) {
            QAction* action = menu->addAction(names[i].first);
            action->setCheckable(true);
            action->setChecked(names[i].second);
            group->addAction(action);
            // Queued: the change fills this very menu anew.
            connect(
                action, &QAction::triggered, this, [chosen, i] { chosen(static_cast<int>(i)); },
                Qt::QueuedConnection);
        }
    };
    const Theme::Choice scheme = preferences_->scheme();
    choices(tr("Appearance"),
            {{tr("As the desktop"), scheme == Theme::Choice::Desktop},
             {tr("Light"), scheme == Theme::Choice::Light},
             {tr("Dark"), scheme == Theme::Choice::Dark}},
            [this](int choice) { preferences_->setScheme(static_cast<Theme::Choice>(choice)); });
    const QString language = preferences_->language();
    choices(tr("Language"),
            {{tr("As the desktop"), language.isEmpty()},
             {QStringLiteral("English"), language == QLatin1String("en")},
             {QStringLiteral("简体中文"), language == QLatin1String("zh_CN")}},
            [this](int choice) {
                static constexpr std::array<const char*, 3> names{"", "en", "zh_CN"};
                preferences_->setLanguage(QLatin1String(names[static_cast<std::size_t>(choice)]));
            });
    viewMenu_->addSeparator();
    viewMenu_->addAction(tr("Go to anything…"), window_.get(), &MainWindow::openPalette)
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_K));
    viewMenu_->addAction(tr("Keyboard shortcuts"), window_.get(), &MainWindow::openShortcuts)
        ->setShortcut(QKeySequence(Qt::Key_F1));
    viewMenu_->addSeparator();
    viewMenu_->addAction(hasOwn_ ? tr("Stop the server and quit") : tr("Quit"), this, [this] { quit(); });
}

void Console::setLanguage(const QString& language)
{
    language_ = language; // what preferences_ tells us next is no news
    preferences_->setLanguage(language);
    keepState();
    loadLanguage();
    const bool visible = window_->isVisible();
    makeTray();
    makeWindow();
    if (visible)
        window_->show();
}

void Console::loadLanguage()
{
    for (const auto& translator : translators_)
        QCoreApplication::removeTranslator(translator.get());
    translators_.clear();
    const QString chosen = preferences_->language();
    language_ = chosen;
    const QLocale locale = chosen.isEmpty() ? QLocale::system() : QLocale(chosen);
    QLocale::setDefault(locale);
    const auto load = [&](const QString& name, const QString& folder) {
        auto translator = std::make_unique<QTranslator>();
        if (!translator->load(name, folder))
            return;
        QCoreApplication::installTranslator(translator.get());
        translators_.push_back(std::move(translator));
    };
    const bool chinese =
        locale.language() == QLocale::Chinese && locale.script() != QLocale::TraditionalHanScript;
    if (chinese)
        load(QStringLiteral("qtbase_zh_CN"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    // The English one holds the plurals alone.
    load(chinese ? QStringLiteral("spillway_zh_CN") : QStringLiteral("spillway_en"),
         QStringLiteral(":/translations"));
}

void Console::makeTray()
{
    tray_.reset();
    tray_ = Tray::make(*session_, *preferences_);
    if (!tray_)
        return;
    tray_->setWindowInFront([this] { return window_ && window_->isActiveWindow(); });
    connect(tray_.get(), &Tray::showWanted, this, [this] { showWindow(); });
    connect(tray_.get(), &Tray::quitWanted, this, [this] { quit(); });
}

void Console::setConnector(contract::Connector& connector, bool hasOwn)
{
    connector_ = &connector;
    hasOwn_ = hasOwn;
    fillServerMenu();
    fillViewMenu();
}

/// Of the header: this computer, the servers that were seen, and the way to a new one.
void Console::fillServerMenu()
{
    serverMenu_.reset();
    const QString shown = remote_ ? remoteEntry_.shownName() : session_->client().serverName();
    if (connector_) {
        serverMenu_ = std::make_unique<QMenu>();
        const auto add = [this](const QString& name, bool isShown, auto open) {
            QAction* action = serverMenu_->addAction(name);
            action->setCheckable(true);
            action->setChecked(isShown);
            // Not inside the menu's own signal: it goes with the window.
            connect(action, &QAction::triggered, this, [this, open] { QTimer::singleShot(0, this, open); });
        };
        if (hasOwn_)
            add(tr("This computer"), !remote_, [this] { openOwn(); });
        for (const contract::ServerEntry& entry : book_.entries())
            add(entry.shownName(), remote_ && entry.url == remoteEntry_.url,
                [this, url = entry.url] { openServer(url); });
        serverMenu_->addSeparator();
        serverMenu_->addAction(tr("Connect to a server…"), this, [this] { openConnectDialog({}); });
        if (remote_)
            serverMenu_->addAction(tr("Forget this server"), this, [this] {
                book_.forget(remoteEntry_.url);
                connector_->keepToken(this, remoteEntry_.url, {}, [](bool) {});
                QTimer::singleShot(0, this, [this] { hasOwn_ ? openOwn() : quit(); });
            });
    }
    window_->setServer(shown, serverMenu_.get());
}

void Console::showClient(contract::EngineClient& client)
{
    const bool visible = window_->isVisible();
    keepState();
    session_->flush();
    window_.reset();
    tray_.reset();
    introduction_.reset();
    makeSession(client);
    makeTray();
    makeWindow();
    if (visible)
        showWindow();
}

void Console::openOwn()
{
    if (!remote_)
        return;
    const auto old = std::move(remote_); // outlives its session
    showClient(own_);
}

void Console::showRemote(std::unique_ptr<contract::EngineClient> client, const contract::ServerEntry& entry)
{
    const auto old = std::exchange(remote_, std::move(client));
    remoteEntry_ = entry;
    showClient(*remote_);
}

void Console::openServer(const QString& url)
{
    const contract::ServerEntry entry = book_.find(url);
    connector_->readToken(this, url, [this, entry](const QString& token) {
        showRemote(connector_->connect(entry, token), entry);
    });
}

void Console::openConnectDialog(const contract::ServerEntry& entry)
{
    auto* dialog = new ConnectDialog(*connector_, book_, entry, *theme_, window_.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const contract::ServerEntry connected = dialog->entry();
        book_.keep(connected);
        connector_->keepToken(this, connected.url, dialog->token(), [this](bool kept) {
            if (!kept)
                Q_EMIT session_->notice(
                    {tr("This desktop has no keychain, so the token is known until Spillway ends"),
                     {},
                     {},
                     std::chrono::seconds(10)});
        });
        // The dialog is a child of the window that goes.
        QTimer::singleShot(0, this,
                           [this, connected,
                            client = std::make_shared<std::unique_ptr<contract::EngineClient>>(
                                dialog->takeClient())] { showRemote(std::move(*client), connected); });
    });
    dialog->open();
}

void Console::showWindow()
{
    if (window_->isMinimized())
        window_->showNormal();
    window_->show();
    window_->raise();
    window_->activateWindow();
}

void Console::hideWindow()
{
    if (tray_)
        window_->hide();
    else
        window_->showMinimized();
}

void Console::introduce()
{
    if (preferences_->introduced() || !session_->client().sharesOurFiles())
        return;
    // Whether nothing is shared is known in a moment.
    introduction_ = std::make_unique<QObject>();
    const auto look = [this] {
        if (!session_->sharesKnown() || !introduction_)
            return;
        introduction_.release()->deleteLater();
        preferences_->setIntroduced();
        if (session_->shares().empty())
            window_->openAssistant();
    };
    connect(session_.get(), &Session::sharesChanged, introduction_.get(), look);
    QMetaObject::invokeMethod(introduction_.get(), look, Qt::QueuedConnection);
}

void Console::closeWindow()
{
    if (!hasOwn_) // nothing is served from here
        return quit();
    using Closing = Preferences::Closing;
    Closing closing = preferences_->closing();
    if (closing == Closing::Ask) {
        QMessageBox ask(window_.get());
        ask.setWindowTitle(QStringLiteral("Spillway"));
        ask.setText(tr("Keep serving in the background?"));
        ask.setInformativeText(
            tr("Links only work while Spillway runs. Running downloads are finished first when it stops."));
        const QPushButton* keep = ask.addButton(tr("Keep serving"), QMessageBox::AcceptRole);
        const QPushButton* stop = ask.addButton(tr("Stop and quit"), QMessageBox::DestructiveRole);
        ask.addButton(tr("Cancel"), QMessageBox::RejectRole);
        auto* remember = new QCheckBox(tr("Do not ask again"));
        remember->setChecked(true);
        ask.setCheckBox(remember);
        ask.exec();
        if (ask.clickedButton() != keep && ask.clickedButton() != stop)
            return;
        closing = ask.clickedButton() == keep ? Closing::Background : Closing::Stop;
        if (remember->isChecked())
            preferences_->setClosing(closing);
    }
    if (closing == Closing::Stop)
        return quit();
    keepState();
    session_->flush();
    hideWindow();
}

/// The server ends, and with it this console; `again`: and starts anew.
void Console::leave(bool again)
{
    keepState();
    session_->flush();
    window_->setEnabled(false);
    if (again)
        Q_EMIT restartWanted();
    else
        Q_EMIT quitWanted();
}

void Console::quit()
{
    leave(false);
}

} // namespace spillway::ui
