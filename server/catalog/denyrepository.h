// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The table `denied_urls`: presigned URLs taken back one by one. Changes only inside Catalog::write.
/// Errors beside Session's: InvalidArgument (a digest is 32 bytes).
struct DenyRepository
{
    /// Again on the same digest keeps the later expiry (none is the latest).
    static Result<void> add(Session& session, const DenyEntry& entry);
    static Result<bool> contains(Session& session, std::string_view digest);
    static Result<std::vector<DenyEntry>> list(Session& session);          ///< newest first
    static Result<bool> remove(Session& session, std::string_view digest); ///< false: was not there
    /// Drops entries whose URL has expired by itself; says how many.
    static Result<std::int64_t> removeExpired(Session& session, std::int64_t now);
};

} // namespace spillway::catalog
