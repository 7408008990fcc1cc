// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commands/systemfacts.h"
#include "server/base/clock.h"
#include "server/config/cli.h"
#include "server/config/settings.h"

#include <QtCore/QJsonValue>
#include <string>
#include <vector>

namespace spillway::app {

struct Check
{
    enum class Level : std::uint8_t
    {
        Ok,
        Warning, ///< it works, but not as well as it could
        Problem, ///< something will not work
    } level = Level::Ok;
    std::string name; ///< stable, for scripts: "open-files"
    std::string text;
    std::string mend; ///< the command or the step that mends it; empty where all is well
};

/// Pure: what the facts mean for a server with these settings.
[[nodiscard]] std::vector<Check> checkSystem(const SystemFacts& facts, const config::Settings& settings);
[[nodiscard]] std::vector<Check> checkDataFolder(const std::string& path, const FolderFacts& facts,
                                                 std::uint32_t userId);
/// Files of the data folder that others may read.
[[nodiscard]] std::vector<Check> checkPrivateFiles(const std::string& dataFolder);
/// Whether each address of `listen` and `admin.listen` can be had, or a server of ours has it.
[[nodiscard]] std::vector<Check> checkPorts(const config::Settings& settings, bool ourServerRuns);

/// Whether other machines get through to the server of these settings, or to the one that runs, whose answer
/// to `status` it is (else null). `firewall` as engine::runningFirewall has it.
[[nodiscard]] Check checkReach(const config::Settings& settings, const QJsonValue& status,
                               const std::string& firewall);

/// Where HTTPS is on: whether each certificate can be used, and for how long; whether the kernel encrypts.
[[nodiscard]] std::vector<Check> checkTls(const config::Settings& settings, const std::string& dataFolder,
                                          const Clock& clock, bool kernelTls);

/// `spillway doctor`: exit code 1 where there is a problem.
int runDoctor(const config::ParsedCommand& command, bool json);

} // namespace spillway::app
