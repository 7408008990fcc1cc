// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

// The manual pages, made from the tables that the program itself uses, so that they cannot tell another story
// than it does. The pages are roff in man(7) macros; `mandoc -T lint` has nothing to say about them.
namespace spillway::config {

/// spillway(1), from commands(): every command with its options, signals, files, exit status.
[[nodiscard]] std::string programManPage(std::string_view version);
/// spillway.toml(5), from the settings table.
[[nodiscard]] std::string settingsManPage(std::string_view version);

/// Text as roff shows it literally: "-" stays a minus, backslashes and a leading "." or "'" are escaped.
[[nodiscard]] std::string roffText(std::string_view text);

} // namespace spillway::config
