// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

// Whole files and folders of ours, read and written so that a crash leaves nothing half. All block on the
// disk; `path` of a function that takes a descriptor is for its message.
namespace spillway::config {

/// `size` bytes from `offset` on, or as many as there are.
[[nodiscard]] Result<std::string> readAt(int fd, std::uint64_t offset, std::size_t size,
                                         const std::string& path);
[[nodiscard]] Result<void> writeAll(int fd, std::string_view bytes, const std::string& path);

/// A file for its owner only, whole or not at all: written beside, on the disk, then moved into its place.
/// The move itself is on the disk after syncFolder().
[[nodiscard]] Result<void> writePrivateFile(const std::string& path, std::string_view bytes);

/// Makes a rename or a new file in this folder durable.
[[nodiscard]] Result<void> syncFolder(const std::string& path);

} // namespace spillway::config
