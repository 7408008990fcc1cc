// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/catalog/records.h"

#include <string>
#include <string_view>
#include <vector>

namespace spillway::engine {

/// What a person may share: the canonical path of a readable folder or regular file. The path must be
/// absolute. InvalidArgument: "/", the data folder, anything in it or above it (it holds the signing keys),
/// devices and the like. NotFound, PermissionDenied, Io as the file system says.
[[nodiscard]] Result<std::string> sharePath(const std::string& path, const std::string& dataFolder);

/// Absolute, without symlinks. InvalidArgument where `path` is not absolute; NotFound and others as the file
/// system says.
[[nodiscard]] Result<std::string> canonicalPath(const std::string& path);

/// By their texts, of two paths that are written plainly. True for the folder itself.
[[nodiscard]] bool liesIn(std::string_view path, std::string_view folder);

/// A file or folder below a share, there and readable at the time of the call.
struct ShareTarget
{
    catalog::Share share;
    std::string path; ///< below the share, without slashes at its ends; empty: the share itself
    bool isFolder = false;
    std::string name; ///< what its URL shows
};

/// "SHARE", "SHARE/PATH", or an absolute path that lies in a share (the innermost one). Bytes, not
/// percent-encoded. NotFound where there is no such share or nothing there; InvalidArgument for "..", empty
/// parts and the like; Unavailable where the share's folder is gone. Blocks on the disk.
[[nodiscard]] Result<ShareTarget> findTarget(std::string_view target,
                                             const std::vector<catalog::Share>& shares, const Clock& clock);

} // namespace spillway::engine
