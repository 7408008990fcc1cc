// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/denyrepository.h"

namespace spillway::catalog {

Result<void> DenyRepository::add(Session& session, const DenyEntry& entry)
{
    if (entry.digest.size() != 32)
        return fail(ErrorCode::InvalidArgument, "a denied URL is named by its SHA-256, 32 bytes");
    Statement change = session.prepare(
        "INSERT INTO denied_urls (digest, expires_at, created_at, note) VALUES (?, ?, ?, ?) ON CONFLICT "
        "(digest) DO UPDATE "
        "SET expires_at = CASE WHEN expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL "
        "ELSE max(expires_at, excluded.expires_at) END, note = excluded.note");
    change.bindBlob(entry.digest).bind(entry.expiresAt).bind(entry.createdAt).bindText(entry.note);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    session.changes().denied.push_back(entry.digest);
    return {};
}

Result<bool> DenyRepository::contains(Session& session, std::string_view digest)
{
    Statement select = session.prepare("SELECT 1 FROM denied_urls WHERE digest = ?");
    select.bindBlob(digest);
    return select.next();
}

Result<std::vector<DenyEntry>> DenyRepository::list(Session& session)
{
    Statement rows = session.prepare(
        "SELECT digest, expires_at, created_at, note FROM denied_urls ORDER BY created_at DESC, digest");
    std::vector<DenyEntry> entries;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return entries;
        entries.push_back({rows.blob(0), rows.optionalInteger(1), rows.integer(2), rows.text(3)});
    }
}

Result<bool> DenyRepository::remove(Session& session, std::string_view digest)
{
    Statement change = session.prepare("DELETE FROM denied_urls WHERE digest = ?");
    change.bindBlob(digest);
    auto changed = change.run();
    if (!changed)
        return fail(changed.error());
    if (*changed > 0)
        session.changes().denied.emplace_back(digest);
    return *changed > 0;
}

Result<std::int64_t> DenyRepository::removeExpired(Session& session, std::int64_t now)
{
    Statement change = session.prepare("DELETE FROM denied_urls WHERE expires_at <= ?");
    change.bind(now);
    return change.run();
}

} // namespace spillway::catalog
