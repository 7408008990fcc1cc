// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console.h"

#include "ui/models/format.h"
#include "ui/session/session.h"
#include "ui/style/icons.h"
#include "ui/style/theme.h"
#include "ui/window/mainwindow.h"
#include "ui/window/sidebar.h"

#include <QtCore/QLibraryInfo>
#include <QtCore/QSettings>
#include <QtCore/QTranslator>
#include <QtGui/QActionGroup>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSystemTrayIcon>

static void takeTranslations()
{
    Q_INIT_RESOURCE(translations);
}

namespace spillway::ui {

namespace {

constexpr auto kLanguage = "language";
constexpr auto kScheme = "scheme";
constexpr auto kClosing = "closing";
constexpr auto kGeometry = "window/geometry";
constexpr auto kPage = "window/page";

QString key(const char* name)
{
    return QLatin1String(name);
}

} // namespace

Console::Console(QApplication& application, contract::EngineClient& client, const QString& stateFile)
    : application_(application), state_(std::make_unique<QSettings>(stateFile, QSettings::IniFormat))
{
    takeTranslations();
    application_.setQuitOnLastWindowClosed(false);
    application_.setWindowIcon(productIcon());
    loadLanguage();
    theme_ = std::make_unique<Theme>(application_);
    theme_->choose(static_cast<Theme::Choice>(std::clamp(state_->value(key(kScheme), 0).toInt(), 0, 2)));
    session_ = std::make_unique<Session>(client);
    makeTray();
    makeWindow();
}

Console::~Console()
{
    keepState();
    window_.reset();
    tray_.reset();
}

void Console::keepState()
{
    if (!window_)
        return;
    state_->setValue(key(kGeometry), window_->saveGeometry());
    state_->setValue(key(kPage), window_->currentPage());
}

void Console::makeWindow()
{
    window_ = std::make_unique<MainWindow>(*session_, *theme_);
    if (!window_->restoreGeometry(state_->value(key(kGeometry)).toByteArray()))
        window_->resize(1280, 800);
    // A server without shares begins where one is made.
    const int page = state_->value(key(kPage), static_cast<int>(MainWindow::Shares)).toInt();
    window_->openPage(std::clamp(page, 0, MainWindow::PageCount - 1));
    connect(window_.get(), &MainWindow::closeWanted, this, [this] { closeWindow(); });
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
    const auto choices = [this](QMenu* menu, const std::vector<std::pair<QString, bool>>& names,
                                auto chosen) {
        auto* group = new QActionGroup(menu);
        for (std::size_t i = 0; i < names.size(); ++i) {
            QAction* action = menu->addAction(names[i].first);
            action->setCheckable(true);
            action->setChecked(names[i].second);
            group->addAction(action);
            connect(action, &QAction::triggered, this, [chosen, i] { chosen(static_cast<int>(i)); });
        }
    };
    const Theme::Choice scheme = theme_->choice();
    choices(viewMenu_->addMenu(tr("Appearance")),
            {{tr("As the desktop"), scheme == Theme::Choice::Desktop},
             {tr("Light"), scheme == Theme::Choice::Light},
             {tr("Dark"), scheme == Theme::Choice::Dark}},
            [this](int choice) {
                state_->setValue(key(kScheme), choice);
                theme_->choose(static_cast<Theme::Choice>(choice));
            });
    const QString language = state_->value(key(kLanguage)).toString();
    choices(viewMenu_->addMenu(tr("Language")),
            {{tr("As the desktop"), language.isEmpty()},
             {QStringLiteral("English"), language == QLatin1String("en")},
             {QStringLiteral("简体中文"), language == QLatin1String("zh_CN")}},
            [this](int choice) {
                static constexpr std::array<const char*, 3> names{"", "en", "zh_CN"};
                // Not inside the menu's own signal: it goes with the window.
                QTimer::singleShot(0, this, [this, choice] {
                    setLanguage(QLatin1String(names[static_cast<std::size_t>(choice)]));
                });
            });
    const auto closing = static_cast<Closing>(state_->value(key(kClosing), 0).toInt());
    choices(viewMenu_->addMenu(tr("When the window is closed")),
            {{tr("Ask"), closing == Closing::Ask},
             {tr("Keep serving in the background"), closing == Closing::Background},
             {tr("Stop the server"), closing == Closing::Stop}},
            [this](int choice) { setClosing(static_cast<Closing>(choice)); });
    viewMenu_->addSeparator();
    viewMenu_->addAction(tr("Stop the server and quit"), this, [this] { quit(); });
}

void Console::setLanguage(const QString& language)
{
    state_->setValue(key(kLanguage), language);
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
    const QString chosen = state_->value(key(kLanguage)).toString();
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
    trayMenu_.reset();
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    trayMenu_ = std::make_unique<QMenu>();
    trayMenu_->addAction(tr("Show Spillway"), this, [this] { showWindow(); });
    trayMenu_->addAction(tr("Copy the server's address"), this, [this] {
        session_->copyText(session_->status().publicUrl, tr("The server's address is in the clipboard"));
    });
    trayMenu_->addSeparator();
    trayMenu_->addAction(tr("Stop the server and quit"), this, [this] { quit(); });
    tray_ = std::make_unique<QSystemTrayIcon>(productIcon());
    tray_->setContextMenu(trayMenu_.get());
    tray_->setToolTip(QStringLiteral("Spillway"));
    connect(tray_.get(), &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            showWindow();
    });
    connect(session_.get(), &Session::snapshotCame, tray_.get(), [this] {
        tray_->setToolTip(QStringLiteral("Spillway · ↑ ") + formatRate(session_->live().sentRate));
    });
    tray_->show();
}

void Console::showWindow()
{
    if (window_->isMinimized())
        window_->showNormal();
    window_->show();
    window_->raise();
    window_->activateWindow();
}

void Console::setClosing(Closing closing)
{
    state_->setValue(key(kClosing), static_cast<int>(closing));
}

void Console::closeWindow()
{
    auto closing = static_cast<Closing>(state_->value(key(kClosing), 0).toInt());
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
            setClosing(closing);
    }
    if (closing == Closing::Stop)
        return quit();
    keepState();
    session_->flush();
    if (tray_)
        window_->hide();
    else
        window_->showMinimized();
}

void Console::quit()
{
    keepState();
    session_->flush();
    window_->setEnabled(false);
    Q_EMIT quitWanted();
}

} // namespace spillway::ui
