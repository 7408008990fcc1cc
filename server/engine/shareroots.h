// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"

#include <string>
#include <string_view>
#include <vector>

// The folders of the setting share_roots: what those who ask from elsewhere may see and share of this
// machine.
namespace spillway::engine {

/// A path that lies in a root, by its text.
struct RootedPath
{
    std::string root;  ///< as the setting has it
    std::string below; ///< without slashes at its ends; empty: the root itself
};

/// In the innermost root. PermissionDenied where it lies in none, or there is none: the message says which
/// setting to set. Asks nothing of the disk, so that nobody learns what lies outside.
[[nodiscard]] Result<RootedPath> findRoot(std::string_view path, const std::vector<std::string>& roots);

/// The canonical path of something that lies in a root, also behind its symlinks. NotFound for dot files and
/// what a symlink leads out of the root to (as body::ShareRoot has it); Unavailable where the root is gone.
[[nodiscard]] Result<std::string> pathInRoots(std::string_view path, const std::vector<std::string>& roots,
                                              const Clock& clock);

} // namespace spillway::engine
