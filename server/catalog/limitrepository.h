// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The table `limits`. Changes only inside Catalog::write. Errors beside Session's: Corrupt for a row of a
/// level or priority that this version does not know.
struct LimitRepository
{
    static Result<std::vector<Limit>> list(Session& session); ///< outer levels first, defaults before others
    /// No fields where there is no row.
    static Result<Limit> find(Session& session, policy::LimitLevel level, std::string_view subject);
    /// The row as it is given; one without fields is removed.
    static Result<void> set(Session& session, const Limit& limit);
};

} // namespace spillway::catalog
