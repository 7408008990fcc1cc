// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The table `bans`: one row an address, those by hand and those by rule. Changes only inside Catalog::write.
/// Errors: Session's; InvalidArgument for an empty address.
struct BanRepository
{
    /// Replaces the address's row; but a ban by rule leaves one by hand that still holds at `createdAt`
    /// alone.
    static Result<void> put(Session& session, const Ban& ban);
    static Result<bool> remove(Session& session, std::string_view address); ///< false: was not there
    static Result<std::vector<Ban>> list(Session& session);                 ///< newest first
    /// Drops bans by hand that are over at `now`, those by rule that ended before `remembered`, and of the
    /// latter the oldest beyond `most`.
    static Result<void> tidy(Session& session, std::int64_t now, std::int64_t remembered, std::int64_t most);
};

} // namespace spillway::catalog
