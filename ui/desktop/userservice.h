// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <functional>

namespace spillway::ui {

/// Serving without a window and beyond the end of the session: a unit of the user's systemd, and lingering.
/// Its name is that of the packaged unit, which it goes before: it knows this window's data folder.
///
/// One process at a time has the data folder. So the unit does not start while the window serves; the front
/// end stops it before it begins and starts it when it has ended (app/frontend_widgets.cpp).
class UserService final : public QObject
{
    Q_OBJECT
public:
    /// `command`: what serves without a window. `configFolder`: the user's ($XDG_CONFIG_HOME).
    UserService(QStringList command, QString configFolder);

    /// There is a systemd to ask, and a command to give it.
    [[nodiscard]] bool isAvailable() const;
    [[nodiscard]] bool isOn() const;
    /// Does not block; `done` is called once, from the event loop.
    void set(bool on, std::function<void(Result<void>)> done);
    /// Both wait, for as long as systemd does; nothing where it is off. True where systemd did it.
    bool stopNow() const;
    bool startNow() const;
    [[nodiscard]] QString file() const;
    [[nodiscard]] QByteArray unit() const; ///< the unit file's text

private:
    void run(QStringList arguments, std::function<void(Result<void>)> done);
    [[nodiscard]] bool runNow(const QString& verb) const;

    QStringList command_;
    QString folder_;
};

} // namespace spillway::ui
