// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>
#include <functional>
#include <memory>

namespace spillway::app {

/// Unix signals as calls on the main thread's event loop: SIGTERM and SIGINT, SIGHUP, SIGUSR1. Made before
/// any thread is started, so that every thread inherits the blocked signals and they arrive here alone
/// (signalfd). SIGPIPE and SIGXFSZ are ignored.
class Signals
{
public:
    struct Handlers
    {
        std::function<void()> terminate, reload, reopenLogs;
    };
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// Needs the application object. Signals that came before are delivered then.
    void connect(Handlers handlers);

private:
    void read();

    int fd_ = -1;
    Handlers handlers_;
    std::unique_ptr<QSocketNotifier> notifier_;
};

/// Tells systemd (sd_notify(3)): "READY=1", "STOPPING=1", "RELOADING=1". Nothing where nobody asked for it.
void notifySystemd(const char* state);

} // namespace spillway::app
