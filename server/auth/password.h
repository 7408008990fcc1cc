// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <string>
#include <string_view>

// Passwords of links: Argon2id by libsodium, with its "interactive" costs (64 MiB and about 0.1 s each time).
// Both calls take that long and that much: off the workers, and few at a time. Any thread.
namespace spillway::auth {

inline constexpr std::size_t kMaxPassword = 1024; ///< bytes

/// Text with algorithm, costs and salt in it. InvalidArgument for an empty or too long password; Exhausted
/// where there is no memory for it.
[[nodiscard]] Result<std::string> hashPassword(std::string_view password);
/// False also where the hash cannot be read.
[[nodiscard]] bool verifyPassword(const std::string& hash, std::string_view password);

} // namespace spillway::auth
