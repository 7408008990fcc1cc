// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/suspendinhibitor.h"

#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusPendingCallWatcher>
#include <QtDBus/QDBusPendingReply>

namespace spillway::ui {

using namespace std::chrono_literals;

namespace {

constexpr auto kLinger = 30s;
constexpr int kPatienceMs = 5000;

} // namespace

SuspendInhibitor::SuspendInhibitor(QObject* parent) : QObject(parent)
{
    release_.setSingleShot(true);
    release_.callOnTimeout(this, [this] { release(); });
}

void SuspendInhibitor::setSending(bool sending)
{
    if (!sending) {
        if (wanted_ && !release_.isActive())
            release_.start(kLinger);
        return;
    }
    release_.stop();
    if (!std::exchange(wanted_, true))
        take();
}

void SuspendInhibitor::take()
{
    QDBusConnection bus = QDBusConnection::systemBus();
    if (asking_ || isHeld() || !bus.isConnected())
        return;
    auto message = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
        QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("Inhibit"));
    message << QStringLiteral("sleep:idle") << QStringLiteral("Spillway") << tr("Sending files")
            << QStringLiteral("block");
    asking_ = true;
    auto* call = new QDBusPendingCallWatcher(bus.asyncCall(message, kPatienceMs), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *done;
        done->deleteLater();
        asking_ = false;
        if (!reply.isError() && wanted_)
            lock_ = reply.value();
    });
}

void SuspendInhibitor::release()
{
    wanted_ = false;
    lock_ = QDBusUnixFileDescriptor();
}

} // namespace spillway::ui
