// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <string>

namespace spillway::net {

/// A file for its owner only, whole or not at all: written beside, on the disk, then moved into its place.
[[nodiscard]] Result<void> writePrivateFile(const std::string& path, const std::string& bytes);

} // namespace spillway::net
