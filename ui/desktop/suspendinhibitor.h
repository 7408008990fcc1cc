// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <QtDBus/QDBusUnixFileDescriptor>

namespace spillway::ui {

/// Keeps the computer from suspending while something is sent: a lock of systemd-logind
/// (org.freedesktop.login1, Inhibit), which lasts as long as its descriptor is open. Given back half a minute
/// after the last byte, so that a client between two files finds the server awake. Where nobody answers,
/// nothing happens.
class SuspendInhibitor final : public QObject
{
    Q_OBJECT
public:
    explicit SuspendInhibitor(QObject* parent = nullptr);

    void setSending(bool sending); ///< as often as one likes
    [[nodiscard]] bool isHeld() const { return lock_.isValid(); }

private:
    void take();
    void release();

    QDBusUnixFileDescriptor lock_;
    QTimer release_;
    bool wanted_ = false, asking_ = false;
};

} // namespace spillway::ui
