// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/serve.h"

#include "app/server.h"

#include <QtCore/QCoreApplication>
#include <cstdio>
#include <sys/stat.h>

namespace spillway::app {

int serve(const config::ParsedCommand& command, int argc, char** argv)
{
    // Whatever is made in the data folder is for its owner alone.
    ::umask(077);
    Signals signals;
    const QCoreApplication application(argc, argv);
    auto server = Server::start(command, signals);
    if (!server) {
        std::fprintf(stderr, "spillway: %s\n", server.error().message.c_str());
        return 1;
    }
    (*server)->announce();
    return QCoreApplication::exec();
}

} // namespace spillway::app
