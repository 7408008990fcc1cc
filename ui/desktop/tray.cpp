// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/tray.h"

#include "ui/desktop/preferences.h"
#include "ui/models/format.h"
#include "ui/style/icons.h"

#include <QtWidgets/QMenu>
#include <QtWidgets/QSystemTrayIcon>

namespace spillway::ui {

namespace {

constexpr int kRecent = 5;

} // namespace

std::unique_ptr<Tray> Tray::make(Session& session, const Preferences& preferences)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return nullptr;
    return std::unique_ptr<Tray>(new Tray(session, preferences));
}

Tray::Tray(Session& session, const Preferences& preferences)
    : session_(session), preferences_(preferences), menu_(std::make_unique<QMenu>()),
      icon_(std::make_unique<QSystemTrayIcon>(productIcon()))
{
    fillMenu();
    icon_->setContextMenu(menu_.get());
    icon_->setToolTip(QStringLiteral("Spillway"));
    connect(icon_.get(), &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger)
            Q_EMIT showWanted();
    });
    connect(icon_.get(), &QSystemTrayIcon::messageClicked, this, &Tray::showWanted);
    connect(&session, &Session::snapshotCame, this, [this] {
        QString text = QStringLiteral("Spillway · ↑ ") + formatRate(session_.live().sentRate);
        if (session_.live().mode != QLatin1String("normal") && !session_.live().mode.isEmpty())
            text += QStringLiteral(" · ") + modeText(session_.live().mode);
        icon_->setToolTip(text);
    });
    connect(&session, &Session::downloadsFinished, this, &Tray::say);
    icon_->show();
}

Tray::~Tray() = default;

void Tray::fillMenu()
{
    menu_->addAction(tr("Show Spillway"), this, &Tray::showWanted);
    menu_->addAction(tr("Copy the server's address"), this, [this] {
        session_.copyText(session_.status().publicUrl, tr("The server's address is in the clipboard"));
    });
    links_ = menu_->addMenu(tr("Copy a recent link"));
    menu_->addSeparator();
    pause_ = menu_->addAction(tr("Pause new downloads"), this, [this](bool on) {
        session_.modes().set(QStringLiteral("paused"), on ? QStringLiteral("on") : QStringLiteral("off"));
    });
    pause_->setCheckable(true);
    pause_->setObjectName(QStringLiteral("pause"));
    menu_->addSeparator();
    menu_->addAction(tr("Stop the server and quit"), this, &Tray::quitWanted);
    // Kept right all the time, not when it opens: desktops show such menus in another process.
    connect(&session_.modes(), &Modes::changed, this, [this] {
        const contract::ModeState* paused = session_.modes().find(QStringLiteral("paused"));
        pause_->setChecked(paused && paused->active);
    });
    connect(&session_, &Session::linksChanged, this, [this] { fillLinks(); });
    fillLinks();
}

void Tray::fillLinks()
{
    links_->clear();
    for (const contract::Link& link : session_.links().newestActive(kRecent))
        links_->addAction(linkLocation(link), &session_, [this, id = link.id] { session_.copyLink(id); });
    links_->setEnabled(!links_->isEmpty());
}

void Tray::say(const std::vector<contract::Transfer>& finished)
{
    if (!preferences_.notifies() || (inFront_ && inFront_()) || !QSystemTrayIcon::supportsMessages())
        return;
    const contract::Transfer& one = finished.front();
    const QString text = finished.size() == 1
                             ? tr("%1 was downloaded by %2").arg(transferFile(one), one.client)
                             : tr("%n downloads finished", nullptr, static_cast<int>(finished.size()));
    icon_->showMessage(QStringLiteral("Spillway"), text, productIcon(), 5000);
}

} // namespace spillway::ui
