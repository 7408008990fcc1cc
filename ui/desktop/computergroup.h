// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/desktop/autostart.h"
#include "ui/desktop/preferences.h"
#include "ui/desktop/userservice.h"

#include <QtWidgets/QWidget>

class QVBoxLayout;

namespace spillway::ui {

class Session;
class Switch;

/// What the settings page shows of this computer: how the window looks, what closing it means, whether it
/// starts with the desktop, whether the server goes on without it. Each takes effect at once.
class ComputerGroup final : public QWidget
{
    Q_OBJECT
public:
    ComputerGroup(Preferences& preferences, const Autostart& autostart, UserService& service,
                  Session& session, Theme& theme);

private:
    QWidget* addRow(const QString& text, const QString& more, QWidget* control);
    void addChoice(const QString& text, const QString& more, const QStringList& names, int current,
                   std::function<void(int)> chosen);
    Switch* addSwitch(const QString& text, const QString& more, bool on, std::function<void(bool)> flipped);
    void say(const QString& problem);

    Preferences& preferences_;
    const Autostart autostart_;
    UserService& service_;
    Session& session_;
    Theme& theme_;
    QVBoxLayout* rows_;
};

} // namespace spillway::ui
