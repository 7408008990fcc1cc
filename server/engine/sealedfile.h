// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QByteArray>
#include <optional>
#include <string>
#include <string_view>

// Small files of ours that are read and written as a whole:
//
//     magic, a line │ body │ SHA-256 of both
//
// All block on the disk.
namespace spillway::engine {

/// The body; nothing where there is no such file. Corrupt where it is damaged, or begins with another line.
[[nodiscard]] Result<std::optional<QByteArray>> readSealed(const std::string& path, std::string_view magic);
/// For its owner only, whole or not at all.
[[nodiscard]] Result<void> writeSealed(const std::string& path, std::string_view magic,
                                       const QByteArray& body);
/// What readSealed() fails with, for a body that makes no sense.
[[nodiscard]] Error damagedFile(const std::string& path);

} // namespace spillway::engine
