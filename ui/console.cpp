// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console.h"

#include "ui/desktop/computergroup.h"
#include "ui/desktop/suspendinhibitor.h"
#include "ui/desktop/tray.h"
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
      commands_(std::move(commands))
{
    takeTranslations();
    application_.setQuitOnLastWindowClosed(false);
    application_.setWindowIcon(productIcon());
    loadLanguage();
    theme_ = std::make_unique<Theme>(application_);
    theme_->choose(preferences_->scheme());
    session_ = std::make_unique<Session>(client);
    session_->setLastRules(rulesFromText(preferences_->linkRules()));
    connect(session_.get(), &Session::lastRulesChanged, this,
            [this] { preferences_->setLinkRules(rulesToText(session_->lastRules())); });
    service_ = std::make_unique<UserService>(commands_.withoutWindow, configFolder());
    inhibitor_ = std::make_unique<SuspendInhibitor>();
    connect(session_.get(), &Session::snapshotCame, inhibitor_.get(), [this] {
        const bool sending = !session_->live().running.transfers.empty();
        inhibitor_->setSending(sending && preferences_->keepsAwake() && session_->client().sharesOurFiles());
    });
    connect(preferences_.get(), &Preferences::changed, this, [this] { follow(); });
    makeTray();
    makeWindow();
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
    viewMenu_->addAction(tr("Stop the server and quit"), this, [this] { quit(); });
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
