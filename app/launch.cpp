// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch.h"

#include "app/sharefiles.h"

#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace spillway::app {

std::vector<std::string> launchArguments(const config::ParsedCommand& command)
{
    std::vector<std::string> arguments;
    for (const char* option : {"--data", "--config"})
        if (command.has(option)) {
            arguments.emplace_back(option);
            arguments.push_back(absolutePaths({command.value(option)}).front());
        }
    for (const config::SettingArgument& setting : command.settings) {
        const std::size_t index = config::findRow(setting.name);
        if (index < config::kSettingCount && config::rowAt(index).secret)
            continue;
        arguments.emplace_back("--set");
        arguments.push_back(setting.name + "=" + setting.text);
    }
    return arguments;
}

std::string programPath()
{
    std::error_code problem;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", problem);
    return problem ? "spillway" : path.string();
}

void startAgain(char** argv)
{
    std::vector<char*> arguments;
    for (char** argument = argv; *argument && std::strcmp(*argument, "--") != 0; ++argument)
        if (std::strcmp(*argument, "--background") != 0)
            arguments.push_back(*argument);
    arguments.push_back(nullptr);
    ::execv("/proc/self/exe", arguments.data());
}

} // namespace spillway::app
