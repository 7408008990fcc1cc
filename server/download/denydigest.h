// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/link.h"

#include <string>

namespace spillway::download {

/// The name of a presigned URL in the deny list: SHA-256 (32 bytes) of what its signature covers, so that
/// spelling it in another way does not get around the list.
[[nodiscard]] std::string denyDigest(const auth::PresignedLink& link);

} // namespace spillway::download
