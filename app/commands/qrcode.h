// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <string>
#include <string_view>

namespace spillway::app {

/// A QR code for a terminal: two rows of modules in a line of half blocks, with the quiet zone of four
/// modules that ISO/IEC 18004 asks for. Dark modules are drawn on a light ground by colour, so that it reads
/// the same on dark and light terminals. InvalidArgument for a text that is too long (about 2.9 kB).
[[nodiscard]] Result<std::string> terminalQrCode(std::string_view text);

} // namespace spillway::app
