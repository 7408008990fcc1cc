// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/secretrepository.h"

#include <cerrno>
#include <sys/random.h>

namespace spillway::catalog {

Result<std::optional<std::string>> SecretRepository::find(Session& session, std::string_view name)
{
    Statement select = session.prepare("SELECT secret FROM secrets WHERE name = ?");
    select.bindText(name);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::optional<std::string>();
    std::string secret = select.blob(0);
    if (secret.size() != kSize)
        return fail(ErrorCode::Corrupt, "the secret " + std::string(name) + " has not 32 bytes");
    return std::optional(std::move(secret));
}

Result<std::string> SecretRepository::getOrMake(Session& session, std::string_view name, std::int64_t now)
{
    auto known = find(session, name);
    if (!known)
        return fail(known.error());
    if (*known)
        return std::move(**known);
    std::string secret(kSize, '\0');
    // Up to 256 bytes come whole or not at all (getrandom(2)).
    if (::getrandom(secret.data(), secret.size(), 0) != static_cast<ssize_t>(secret.size()))
        return fail(osError("cannot get random bytes for a secret", errno));
    Statement add = session.prepare("INSERT INTO secrets (name, secret, created_at) VALUES (?, ?, ?)");
    add.bindText(name).bindBlob(secret).bind(now);
    if (auto ran = add.run(); !ran)
        return fail(ran.error());
    return secret;
}

} // namespace spillway::catalog
