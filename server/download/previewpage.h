// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/exchange.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::download {

/// What a chat's preview shows of a link: its name and size, never a byte of the file. `size`: none for a
/// folder.
void answerPreview(http::Exchange& exchange, std::string_view name, std::optional<std::uint64_t> size);

} // namespace spillway::download
