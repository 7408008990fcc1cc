// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/base/result.h"
#include "server/body/zipplan.h"
#include "server/body/zipwatch.h"

#include <memory>
#include <string>
#include <vector>

namespace spillway::body {

/// Walks a folder of a share for its archive. Blocks: on a pool's thread. A large folder's files are looked
/// at by `helpers` too, where they have nothing else to do.
///
/// `selection` are paths below the folder, bytes; empty: all of it. What the archive holds is what a listing
/// shows, each folder sorted by bytes, so that its order is nobody's accident: dot files by the share's rule,
/// symlinks to files as the files that they lead to. Not in it, and counted by ZipPlan::leftOut(): what the
/// server may not read, names with a backslash or too long for a path, and folders that are reached by a
/// symlink, so that nothing goes in circles (but for one that was selected by its name).
///
/// `watch` is blind afterwards where it does not see all that the plan rests on, as with any selection.
///
/// Errors: those of ShareRoot::open; NotFound also for a selected path that is not there, and where the
/// folder is a file; InvalidArgument for a selected path that is none; Unsupported where the plan would take
/// more than `mostBytes`.
[[nodiscard]] Result<ZipPlanPtr> planZip(const std::shared_ptr<ShareRoot>& root, const std::string& folder,
                                         const std::vector<std::string>& selection, std::size_t mostBytes,
                                         BlockingPool& helpers, std::shared_ptr<ZipWatch> watch = nullptr);

} // namespace spillway::body
