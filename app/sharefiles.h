// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QJsonObject>
#include <functional>
#include <string>
#include <vector>

namespace spillway::app {

/// Runs an operation of server/admin/operations.h by its name.
using RunOperation =
    std::function<Result<QJsonValue>(std::string_view operation, const QJsonObject& parameters)>;

/// `spillway -- FILE…` without a window: a link for each, printed one a line. What lies in a share already
/// gets a link, anything else a share first. Returns the exit code; 1 where one could not be shared.
int shareFiles(const RunOperation& run, const std::vector<std::string>& files);

/// The paths of the command line, absolute: another process may be the one that shares them.
[[nodiscard]] std::vector<std::string> absolutePaths(const std::vector<std::string>& files);

} // namespace spillway::app
