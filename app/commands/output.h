// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QJsonValue>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::app {

/// Rows under headings, columns as wide as their widest cell (in characters, not bytes). Control characters
/// in cells become
/// "?", so that no file name or note can write to the terminal.
[[nodiscard]] std::string table(const std::vector<std::string>& headings,
                                const std::vector<std::vector<std::string>>& rows);
/// Text of anybody for a terminal: without control characters.
[[nodiscard]] std::string printable(std::string_view text);

/// "2026-11-24 06:00" in local time; "-" for null.
[[nodiscard]] std::string timeText(const QJsonValue& unixSeconds);

void print(const std::string& text);     ///< standard output
void printJson(const QJsonValue& value); ///< one line
void say(const std::string& sentence);   ///< "spillway: …" on standard error
/// The sentence, with --json the object as well. Returns the exit code.
int failed(const Error& error, bool json);

} // namespace spillway::app
