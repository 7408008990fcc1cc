// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <vector>

namespace spillway::catalog {

/// The table `signing_keys`: the key ring. At most one key is current. Changes only inside Catalog::write.
/// Keys are never deleted: a retired one's id must not come back with another secret.
///
/// Errors beside Session's: InvalidArgument (id or secret breaks its rule in records.h), AlreadyExists (id
/// taken), NotFound, Conflict (retiring the current key; a second current key; a current key that is
/// retired). No message holds a secret.
struct KeyRepository
{
    static Result<std::vector<SigningKey>> list(Session& session); ///< oldest first, retired ones too
    static Result<std::optional<SigningKey>> find(Session& session, std::string_view id);
    static Result<std::optional<SigningKey>> current(Session& session);
    static Result<SigningKey> insert(Session& session, const SigningKey& key);
    /// Adds the key and makes it the current one; the one before stays good for old links.
    static Result<SigningKey> rotate(Session& session, const SigningKey& key);
    /// Again on a retired key keeps the first time.
    static Result<SigningKey> retire(Session& session, std::string_view id, std::int64_t when);
};

} // namespace spillway::catalog
