// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// Which links list() gives, newest first. A page ends at `limit`; the next starts `after` the last id of
/// this one.
struct LinkFilter
{
    std::optional<ShareId> share = {};
    bool includeRevoked = false;
    std::string search = {};  ///< part of id, name, path or note, ASCII case ignored; empty: all
    std::string after = {};   ///< a link's id; empty: from the start
    std::int64_t limit = 100; ///< 1 to 10000
};

/// The table `links`. Changes only inside Catalog::write.
///
/// Errors beside Session's: InvalidArgument (a field breaks its rule in records.h), AlreadyExists (id taken),
/// NotFound (no such link; for insert no such share or key; for list no link `after`).
struct LinkRepository
{
    static Result<Link> insert(Session& session, const Link& link);
    static Result<std::optional<Link>> find(Session& session, std::string_view id); ///< revoked ones too
    static Result<std::vector<Link>> list(Session& session, const LinkFilter& filter);
    /// The rules that may change: expiry, maximum, password, addresses, rate, concurrency, note, page.
    /// What its URL shows and signs (share, path, name, key), its count and its revocation stay.
    static Result<Link> update(Session& session, const Link& link);
    /// Again on a revoked link keeps the first time.
    static Result<Link> revoke(Session& session, std::string_view id, std::int64_t when);
    /// Takes a revocation back; a link that is not revoked stays as it is.
    static Result<Link> restore(Session& session, std::string_view id);
    /// Adds to the count of downloads; Exhausted, and nothing added, where that would pass the maximum,
    /// unless it was given away already (`beyond`).
    static Result<Link> addDownloads(Session& session, std::string_view id, std::int64_t count,
                                     bool beyond = false);
};

} // namespace spillway::catalog
