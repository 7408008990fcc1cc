// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/frontend.h"
#include "app/server.h"
#include "server/admin/localengineclient.h"
#include "ui/console.h"

#include <QtWidgets/QApplication>
#include <QtWidgets/QMessageBox>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/stat.h>

namespace spillway::app {

namespace {

constexpr const char* kNoDisplay =
    "spillway: there is no display for the window; spillway --no-gui serves without one\n";

bool isSet(const char* variable)
{
    const char* value = std::getenv(variable);
    return value && *value;
}

/// Qt aborts where a display is named but does not answer; here it is a plain refusal.
void refuseWithoutDisplay(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtFatalMsg) {
        std::fputs(kNoDisplay, stderr);
        std::_Exit(2);
    }
    if (!text.startsWith(QLatin1String("qt.qpa")) && type != QtDebugMsg && type != QtInfoMsg &&
        !text.contains(QLatin1String("platform plugin")) && !text.contains(QLatin1String("display")))
        std::fprintf(stderr, "spillway: %s\n", text.toLocal8Bit().constData());
}

/// A person who clicked an icon sees no standard error.
int complain(const Error& error)
{
    std::fprintf(stderr, "spillway: %s\n", error.message.c_str());
    QMessageBox::critical(nullptr, QStringLiteral("Spillway"), QString::fromStdString(error.message));
    return 1;
}

} // namespace

int runFrontend(const config::ParsedCommand& command, int argc, char** argv)
{
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("QT_QPA_PLATFORM")) {
        std::fputs(kNoDisplay, stderr);
        return 2;
    }
    // Whatever is made in the data folder is for its owner alone.
    ::umask(077);
    Signals signals;
    const QtMessageHandler before = qInstallMessageHandler(refuseWithoutDisplay);
    QApplication application(argc, argv);
    qInstallMessageHandler(before);
    QCoreApplication::setApplicationName(QStringLiteral("spillway"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.spillway.Console"));

    auto server = Server::start(command, signals);
    if (!server)
        return complain(server.error());
    int code = 0;
    {
        admin::LocalEngineClient client((*server)->operations(), (*server)->engine());
        ui::Console console(application, client,
                            QString::fromStdString((*server)->engine().dataFolder()) +
                                QLatin1String("/console.ini"));
        QObject::connect(&console, &ui::Console::quitWanted, &application, [&server] { (*server)->end(); });
        console.showWindow();
        (*server)->announce();
        code = QApplication::exec();
    }
    return code;
}

} // namespace spillway::app
