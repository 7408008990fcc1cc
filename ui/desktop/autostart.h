// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QStringList>

namespace spillway::ui {

/// Starting with the desktop: an entry in the user's autostart folder (Desktop Application Autostart
/// Specification). The file is the state; nothing else remembers it.
class Autostart
{
public:
    /// `command`: the program and its arguments; empty: this cannot be offered. `configFolder`: the user's
    /// ($XDG_CONFIG_HOME).
    Autostart(QStringList command, QString configFolder);

    [[nodiscard]] bool isAvailable() const { return !command_.isEmpty(); }
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] Result<void> set(bool on) const; ///< PermissionDenied, Io
    [[nodiscard]] QString file() const;

private:
    QStringList command_;
    QString folder_;
};

/// A command as the Exec line of a desktop entry: each argument in quotes (Desktop Entry Specification, "The
/// Exec key").
[[nodiscard]] QString execLine(const QStringList& command);

/// Writes a small file as a whole, with the folders above it.
[[nodiscard]] Result<void> writeSmallFile(const QString& path, const QByteArray& text);

} // namespace spillway::ui
