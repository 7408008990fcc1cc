// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/index/indextypes.h"
#include "server/catalog/session.h"

#include <functional>
#include <string_view>

namespace spillway::catalog {

struct IndexSearch
{
    std::optional<ShareId> share = {}; ///< none: all
    std::string text = {};             ///< words; a name must hold every one
    std::int64_t limit = 100;          ///< 1 to 1000
    std::int64_t after = 0;            ///< id of the last entry of the page before
};

/// Files and folders whose name matches, by id. InvalidArgument for no words or a limit out of range.
Result<std::vector<IndexEntry>> searchIndex(Session& session, const IndexSearch& search);

/// The entry at a path below a share, if the index has it. Walks one row a component.
Result<std::optional<IndexEntry>> lookupIndex(Session& session, ShareId share, std::string_view path);

/// Calls `each` for every file below a folder whose checksums are known, folder by folder; its path is below
/// that folder. Nothing for a folder that the index has not.
Result<void> visitChecksums(Session& session, ShareId share, std::string_view folder,
                            const std::function<void(const IndexEntry&)>& each);

} // namespace spillway::catalog
