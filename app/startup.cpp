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

Result<config::Settings> loadSettings(const config::ParsedCommand& command, const std::string& dataFolder)
{
    config::SettingSources sources;
    const char* variable = std::getenv("SPILLWAY_CONFIG");
    const bool named = command.has("--config") || (variable && *variable);
    sources.fileName = command.has("--config") ? command.value("--config")
                       : named                 ? std::string(variable)
                                               : dataFolder + "/spillway.toml";
    auto text = config::readSettingsFile(sources.fileName);
    if (text)
        sources.fileText = std::move(*text);
    else if (named || text.error().code != ErrorCode::NotFound)
        return fail(text.error());
    sources.environment = config::settingsEnvironment();
    sources.arguments = command.settings;
    auto settings = config::load(sources);
    if (settings)
        return std::move(*settings);
    std::string problems;
    for (const config::Problem& problem : settings.error()) {
        if (!problems.empty())
            problems += '\n';
        problems += problem.text();
    }
    return fail(ErrorCode::InvalidArgument, std::move(problems));
}

} // namespace spillway::app
