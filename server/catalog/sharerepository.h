// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The table `shares`. Changes only inside Catalog::write.
///
/// Errors beside Session's: InvalidArgument (name or path breaks its rule in records.h), AlreadyExists (name
/// taken), NotFound (no such id).
struct ShareRepository
{
    /// The id comes from the table; `share.id` is ignored.
    static Result<Share> add(Session& session, const Share& share);
    static Result<std::optional<Share>> find(Session& session, ShareId id);
    static Result<std::optional<Share>> findByName(Session& session, std::string_view name);
    static Result<std::vector<Share>> list(Session& session); ///< by name
    /// Everything but id and createdAt.
    static Result<Share> update(Session& session, const Share& share);
    /// Its links go with it.
    static Result<void> remove(Session& session, ShareId id);
};

} // namespace spillway::catalog
