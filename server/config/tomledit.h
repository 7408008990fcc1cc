// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settingsloader.h"

namespace spillway::config {

/// The text of a settings file with one setting changed, added or taken out; everything else stays byte for
/// byte: comments, order, blank lines, the way tables are written. `toml` is the value as formatToml() gives
/// it; none takes the setting out (a comment on its line stays, on a line of its own).
///
/// InvalidArgument for a text that is no TOML, and where the setting's table is written in a form that this
/// cannot add to or take from ("http = { … }"). The caller loads the result before it is trusted.
[[nodiscard]] Result<std::string> editToml(std::string_view text, std::string_view name,
                                           const std::optional<std::string>& toml);

} // namespace spillway::config
