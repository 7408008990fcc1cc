// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "app/frontend.h"
#include "app/launch.h"
#include "app/remoteconnector.h"
#include "app/server.h"
#include "app/sharefiles.h"
#include "app/singleinstance.h"
#include "app/startup.h"
#include "server/admin/localengineclient.h"
#include "server/admin/runfile.h"
#include "ui/console.h"
#include "ui/desktop/userservice.h"
#include "ui/session/session.h"

#include <QtCore/QFile>
#include <QtCore/QStandardPaths>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMessageBox>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace spillway::app {

namespace {

constexpr const char* kNoDisplay =
    "spillway: there is no display for the window; spillway --no-gui serves without one\n";

constexpr int kAgain = -1; ///< the window asks for a new start

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

ui::LaunchCommands launchCommands(const config::ParsedCommand& command)
{
    QStringList all{QString::fromStdString(programPath())};
    for (const std::string& argument : launchArguments(command))
        all += QString::fromStdString(argument);
    return {all + QStringList{QStringLiteral("--background")}, all + QStringList{QStringLiteral("--no-gui")}};
}

/// Somebody serves this data folder already: a window comes to the front and takes the files, the user
/// service makes room for the window, another server shares the files. The exit code; none where the start
/// goes on, if only to say what is wrong.
std::optional<int> callRunning(const config::ParsedCommand& command, const std::string& dataFolder,
                               const ui::UserService& service)
{
    const std::vector<std::string> files = absolutePaths(command.arguments);
    const auto taken = SingleInstance::handOver(dataFolder, files);
    if (taken)
        return 0;
    if (taken.error().code != ErrorCode::NotFound)
        return complain(taken.error());
    if (service.stopNow() || files.empty())
        return std::nullopt;
    auto backend = Backend::open(command, false);
    if (!backend)
        return complain(backend.error());
    return shareFiles(
        [&backend](std::string_view operation, const QJsonObject& parameters) {
            return backend->run(operation, parameters);
        },
        files);
}

/// The window and its server, from start to end.
int runWindow(const config::ParsedCommand& command, Signals& signals, QApplication& application,
              const ui::LaunchCommands& commands, RemoteConnector& connector)
{
    auto server = Server::start(command, signals);
    if (!server)
        return complain(server.error());
    bool again = false;
    int code = 0;
    {
        const std::string dataFolder = (*server)->engine().dataFolder();
        admin::LocalEngineClient client((*server)->operations(), (*server)->engine());
        ui::Console console(application, client, QString::fromStdString(dataFolder + "/console.ini"),
                            commands);
        console.setConnector(connector, true);
        QObject::connect(&console, &ui::Console::quitWanted, &application, [&server] { (*server)->end(); });
        QObject::connect(&console, &ui::Console::restartWanted, &application, [&server, &again] {
            again = true;
            (*server)->end();
        });
        SingleInstance door;
        if (auto open = door.listen(dataFolder,
                                    [&console](const QStringList& files) {
                                        if (!files.isEmpty())
                                            console.openOwn(); // they are on this computer
                                        console.showWindow();
                                        if (!files.isEmpty())
                                            console.session().sharePaths(files);
                                    });
            !open)
            say(open.error().message);
        if (command.has("--background"))
            console.hideWindow();
        else
            console.showWindow();
        QStringList files;
        for (const std::string& file : absolutePaths(command.arguments))
            files += QFile::decodeName(QByteArray::fromStdString(file));
        if (!files.isEmpty())
            console.session().sharePaths(files);
        else if (!command.has("--background"))
            console.introduce();
        (*server)->announce();
        code = QApplication::exec();
    }
    return again ? kAgain : code;
}

/// The window alone, for a server elsewhere.
int runElsewhere(const config::ParsedCommand& command, QApplication& application, RemoteConnector& connector,
                 Signals& signals)
{
    const auto url = connector.addressOf(QString::fromStdString(command.value("--connect")));
    if (!url) {
        std::fprintf(stderr, "spillway: --connect: %s\n", url.error().message.c_str());
        return 2;
    }
    const std::string folder = dataFolderPath(command);
    std::error_code ignored; // then nothing is remembered
    std::filesystem::create_directories(folder, ignored);
    if (command.has("--share") || command.has("--public-share") || !command.arguments.empty()) {
        std::fputs("spillway: with --connect nothing of this computer is shared\n", stderr);
        return 2;
    }
    const auto unknown = connector.connect({{}, *url, {}}, {}); // until the keychain has said what it knows
    ui::Console console(application, *unknown, QString::fromStdString(folder + "/console.ini"));
    console.setConnector(connector, false);
    QObject::connect(&console, &ui::Console::quitWanted, &application, [] { QCoreApplication::exit(); });
    const auto end = [] { QCoreApplication::exit(); };
    signals.connect({.terminate = end, .reload = [] {}, .reopenLogs = [] {}});
    console.openServer(*url);
    console.showWindow();
    return QApplication::exec();
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

    RemoteConnector connector;
    if (command.has("--connect"))
        return runElsewhere(command, application, connector, signals);
    const std::string dataFolder = dataFolderPath(command);
    const ui::LaunchCommands commands = launchCommands(command);
    ui::UserService service(commands.withoutWindow,
                            QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation));
    if (admin::isDataFolderHeld(dataFolder))
        if (const auto code = callRunning(command, dataFolder, service))
            return *code;

    const int code = runWindow(command, signals, application, commands, connector);
    if (code == kAgain) {
        startAgain(argv);
        return complain({ErrorCode::Io, "cannot start again: start Spillway yourself", 0});
    }
    (void)service.startNow();
    return code;
}

} // namespace spillway::app
