// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/serve.h"

#include "app/commands/backend.h"
#include "app/commands/output.h"
#include "app/server.h"
#include "app/sharefiles.h"
#include "app/startup.h"

#include <QtCore/QCoreApplication>
#include <cstdio>
#include <sys/stat.h>

namespace spillway::app {

int serve(const config::ParsedCommand& command, int argc, char** argv)
{
    if (command.has("--connect")) {
        std::fputs("spillway: --connect shows a window, and there is none here\n", stderr);
        return 2;
    }
    // Whatever is made in the data folder is for its owner alone.
    ::umask(077);
    Signals signals;
    const QCoreApplication application(argc, argv);
    if (command.has("--background")) {
        say("--background hides a window, and --no-gui has none");
        return 2;
    }
    if (!command.arguments.empty() && admin::isDataFolderHeld(dataFolderPath(command))) {
        auto backend = Backend::open(command, false);
        if (!backend)
            return failed(backend.error(), false);
        return shareFiles(
            [&backend](std::string_view operation, const QJsonObject& parameters) {
                return backend->run(operation, parameters);
            },
            command.arguments);
    }
    auto server = Server::start(command, signals);
    if (!server) {
        std::fprintf(stderr, "spillway: %s\n", server.error().message.c_str());
        return 1;
    }
    (*server)->announce();
    if (!command.arguments.empty())
        (void)shareFiles(
            [&server](std::string_view name, const QJsonObject& parameters) -> Result<QJsonValue> {
                admin::OperationContext context = (*server)->operations();
                return admin::runOperation(*admin::findOperation(name), context, parameters);
            },
            command.arguments);
    return QCoreApplication::exec();
}

} // namespace spillway::app
