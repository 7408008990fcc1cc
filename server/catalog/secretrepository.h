// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

namespace spillway::catalog {

/// The table `secrets`: what signs cookies and grants, 32 random bytes for each use. Changes only inside
/// Catalog::write. The bytes are for auth::ValueSigner and are never printed or logged; the caller wipes its
/// copy. Errors beside Session's: Io (no random bytes), Corrupt (a row of another size).
struct SecretRepository
{
    static constexpr std::size_t kSize = 32;

    /// The secret of this name; made, and then lasting, where there is none.
    static Result<std::string> getOrMake(Session& session, std::string_view name, std::int64_t now);
    static Result<std::optional<std::string>> find(Session& session, std::string_view name);
};

/// Signs sign-in cookies, password cookies and grants.
inline constexpr std::string_view kValueSecret = "signed-values";

} // namespace spillway::catalog
