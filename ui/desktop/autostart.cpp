// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/autostart.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>

namespace spillway::ui {

Autostart::Autostart(QStringList command, QString configFolder)
    : command_(std::move(command)), folder_(std::move(configFolder) + QLatin1String("/autostart"))
{
}

QString Autostart::file() const
{
    return folder_ + QLatin1String("/spillway.desktop");
}

bool Autostart::isOn() const
{
    QFile entry(file());
    // Desktops switch an entry off by one of these lines.
    if (!entry.open(QIODevice::ReadOnly))
        return false;
    const QByteArray text = entry.read(64 * 1024);
    return !text.contains("\nHidden=true") && !text.contains("\nX-GNOME-Autostart-enabled=false");
}

Result<void> Autostart::set(bool on) const
{
    if (!on) {
        if (QFile::exists(file()) && !QFile::remove(file()))
            return fail(ErrorCode::PermissionDenied, "cannot remove " + file().toStdString());
        return {};
    }
    const QString text = QStringLiteral("[Desktop Entry]\n"
                                        "Type=Application\n"
                                        "Name=Spillway\n"
                                        "Comment=Share files\n"
                                        "Icon=spillway\n"
                                        "Exec=%1\n"
                                        "X-GNOME-Autostart-enabled=true\n")
                             .arg(execLine(command_));
    return writeSmallFile(file(), text.toUtf8());
}

QString execLine(const QStringList& command)
{
    QStringList quoted;
    for (QString argument : command) {
        // First the quotes of the Exec key, then the escapes of any text value, then field codes.
        for (const char special : {'\\', '"', '`', '$'})
            argument.replace(QLatin1Char(special), QLatin1Char('\\') + QString(QLatin1Char(special)));
        argument.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
        argument.replace(QLatin1Char('\n'), QLatin1String("\\n"));
        argument.replace(QLatin1Char('%'), QLatin1String("%%"));
        quoted += QLatin1Char('"') + argument + QLatin1Char('"');
    }
    return quoted.join(QLatin1Char(' '));
}

Result<void> writeSmallFile(const QString& path, const QByteArray& text)
{
    const auto refused = [&path](const QString& why) {
        return fail(ErrorCode::Io, "cannot write " + path.toStdString() + ": " + why.toStdString());
    };
    if (!QDir().mkpath(QFileInfo(path).path()))
        return refused(QStringLiteral("its folder cannot be made"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return refused(file.errorString());
    return {};
}

} // namespace spillway::ui
