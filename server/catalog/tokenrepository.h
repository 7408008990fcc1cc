// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The tables `tokens` and `token_shares`. Changes only inside Catalog::write. Errors beside Session's:
/// InvalidArgument (a field breaks its rule in records.h), AlreadyExists (id or hash taken), NotFound (no
/// such token; for insert no such share).
struct TokenRepository
{
    static Result<Token> insert(Session& session, const Token& token);
    static Result<std::optional<Token>> find(Session& session, std::string_view id);
    static Result<std::vector<Token>> list(Session& session); ///< oldest first, revoked ones too
    /// Again on a revoked token keeps the first time.
    static Result<Token> revoke(Session& session, std::string_view id, std::int64_t when);
    /// Never goes back. Nothing to tell the caches: it changes nobody's rights. A token that is gone is fine.
    static Result<void> markUsed(Session& session, std::string_view id, std::int64_t when);
};

} // namespace spillway::catalog
