// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/startup.h"

#include <cstdlib>

namespace spillway::app {

std::string dataFolderPath(const config::ParsedCommand& command)
{
    if (command.has("--data"))
        return command.value("--data");
    if (const char* data = std::getenv("SPILLWAY_DATA"); data && *data)
        return data;
    // Relative values of XDG variables are to be ignored (XDG Base Directory Specification).
    if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg && xdg[0] == '/')
        return std::string(xdg) + "/spillway";
    const char* home = std::getenv("HOME");
    return std::string(home && home[0] == '/' ? home : "/root") + "/.local/share/spillway";
}

config::SettingsStore settingsStore(const config::ParsedCommand& command, const std::string& dataFolder)
{
    const char* variable = std::getenv("SPILLWAY_CONFIG");
    const bool named = command.has("--config") || (variable && *variable);
    return {command.has("--config") ? command.value("--config")
            : named                 ? std::string(variable)
                                    : dataFolder + "/spillway.toml",
            named, config::settingsEnvironment(), command.settings};
}

Result<config::Settings> loadSettings(const config::ParsedCommand& command, const std::string& dataFolder)
{
    return settingsStore(command, dataFolder).read();
}

} // namespace spillway::app
