// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/runcommand.h"
#include "app/frontend.h"
#include "app/get/getcommand.h"
#include "app/serve.h"
#include "server/config/cli.h"
#include "server/config/completions.h"
#include "server/config/manpages.h"

#include <cstdio>
#include <string_view>
#include <vector>

int main(int argc, char** argv)
{
    using namespace spillway;
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    const auto command = config::parseCommandLine(arguments);
    if (!command) {
        std::fprintf(stderr, "spillway: %s\n", command.error().message.c_str());
        return 2;
    }
    if (command->version) {
        std::puts("spillway " SPILLWAY_VERSION);
        return 0;
    }
    if (command->help && command->has("--man")) {
        std::fputs(config::programManPage(SPILLWAY_VERSION).c_str(), stdout);
        return 0;
    }
    if (command->help && command->has("--completion")) {
        const std::string script = config::completionScript(command->value("--completion"));
        if (script.empty()) {
            std::fputs("spillway: --completion wants bash, zsh or fish\n", stderr);
            return 2;
        }
        std::fputs(script.c_str(), stdout);
        return 0;
    }
    if (command->help) {
        const std::string_view words = command->command->words;
        const bool all = words.empty() || words == "help";
        std::fputs((all ? config::helpText() : config::usageText(*command->command)).c_str(), stdout);
        return 0;
    }
    if (command->command->words.empty())
        return command->has("--no-gui") ? app::serve(*command, argc, argv)
                                        : app::runFrontend(*command, argc, argv);
    if (command->command->words == "get")
        return get::runGet(*command, argc, argv);
    return app::runCommand(*command, argc, argv);
}
