// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/frontend.h"
#include "app/serve.h"

namespace spillway::app {

int runFrontend(const config::ParsedCommand& command, int argc, char** argv)
{
    return serve(command, argc, argv);
}

} // namespace spillway::app
