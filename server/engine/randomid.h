// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <cstddef>
#include <string>

namespace spillway::engine {

/// Bytes of getrandom(2) as base64url text without padding (RFC 4648 §5): link ids (12 bytes, 16 characters),
/// the admin token (32 bytes, 43 characters). At most 256 bytes, so that the call gives all or nothing. Any
/// thread.
[[nodiscard]] Result<std::string> randomText(std::size_t bytes);

} // namespace spillway::engine
