// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/zipfolders.h"
#include "server/catalog/index/fileindex.h"

namespace spillway::download {

/// Gives a new plan the checksums that the index has of its files, later, on a thread of the index. Each is
/// compared with what the walk found; what the index does not know, the archive computes by itself.
void learnChecksums(catalog::FileIndex& index, const body::ZipFolder& folder, const body::ZipPlanPtr& plan);

} // namespace spillway::download
