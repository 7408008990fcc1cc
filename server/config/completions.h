// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

// What a shell needs to complete spillway's command lines, made from the table of commands, so that it offers
// what the program understands and nothing else.
namespace spillway::config {

/// The script for "bash", "zsh" or "fish"; empty for another shell. It offers commands, their options, the
/// fixed words among an option's values ("never", "high"), and files where a file is meant.
[[nodiscard]] std::string completionScript(std::string_view shell);

} // namespace spillway::config
