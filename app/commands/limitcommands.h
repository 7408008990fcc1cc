// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commands/backend.h"

#include <QtCore/QJsonObject>

namespace spillway::app {

/// `spillway limit show` and `limit set`. Says what is wrong where the first argument is no level.
[[nodiscard]] bool isLimitLevel(const config::ParsedCommand& command);
[[nodiscard]] QJsonObject limitToSet(const config::ParsedCommand& command);
[[nodiscard]] std::string limitDetails(const QJsonValue& limit);
/// One where a level is given, else all. The exit code.
[[nodiscard]] int showLimits(Backend& backend, const config::ParsedCommand& command, bool json);

} // namespace spillway::app
