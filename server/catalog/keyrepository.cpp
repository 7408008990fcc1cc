// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/keyrepository.h"

#include "server/base/base64chars.h"

#include <algorithm>

namespace spillway::catalog {

namespace {

constexpr const char* columns = "id, secret, created_at, retired_at, is_current";

SigningKey fromRow(const Statement& row)
{
    return {row.text(0), row.blob(1), row.integer(2), row.optionalInteger(3), row.integer(4) != 0};
}

Result<void> check(const SigningKey& key)
{
    if (key.id.empty() || key.id.size() > 16 ||
        !std::all_of(key.id.begin(), key.id.end(), isBase64UrlCharacter))
        return fail(ErrorCode::InvalidArgument, "a key's id has 1 to 16 letters, digits, '_' or '-'");
    if (key.secret.size() < 32)
        return fail(ErrorCode::InvalidArgument,
                    "key " + key.id + " is too short; a key has at least 32 random bytes");
    if (key.current && key.retiredAt)
        return fail(ErrorCode::Conflict, "key " + key.id + " cannot be current and retired");
    return {};
}

Result<std::optional<SigningKey>> one(Statement row)
{
    auto found = row.next();
    if (!found)
        return fail(found.error());
    return *found ? std::optional(fromRow(row)) : std::nullopt;
}

} // namespace

Result<std::vector<SigningKey>> KeyRepository::list(Session& session)
{
    static const std::string sql =
        std::string("SELECT ") + columns + " FROM signing_keys ORDER BY created_at, rowid";
    Statement rows = session.prepare(sql);
    std::vector<SigningKey> keys;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return keys;
        keys.push_back(fromRow(rows));
    }
}

Result<std::optional<SigningKey>> KeyRepository::find(Session& session, std::string_view id)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM signing_keys WHERE id = ?";
    Statement select = session.prepare(sql);
    select.bindText(id);
    return one(std::move(select));
}

Result<std::optional<SigningKey>> KeyRepository::current(Session& session)
{
    static const std::string sql =
        std::string("SELECT ") + columns + " FROM signing_keys WHERE is_current = 1";
    return one(session.prepare(sql));
}

Result<SigningKey> KeyRepository::insert(Session& session, const SigningKey& key)
{
    if (auto fits = check(key); !fits)
        return fail(fits.error());
    if (key.current) {
        auto other = current(session);
        if (!other)
            return fail(other.error());
        if (*other)
            return fail(ErrorCode::Conflict,
                        "key " + (*other)->id + " is the current one; rotate to replace it");
    }
    Statement add = session.prepare(
        "INSERT INTO signing_keys (id, secret, created_at, retired_at, is_current) VALUES (?, ?, ?, ?, ?)");
    add.bindText(key.id)
        .bindBlob(key.secret)
        .bind(key.createdAt)
        .bind(key.retiredAt)
        .bind(std::int64_t{key.current});
    if (auto ran = add.run(); !ran)
        return fail(ran.error().code == ErrorCode::AlreadyExists
                        ? Error{ErrorCode::AlreadyExists, "key " + key.id + " is already there", 0}
                        : ran.error());
    session.changes().keys = true;
    return key;
}

Result<SigningKey> KeyRepository::rotate(Session& session, const SigningKey& key)
{
    // Checked before the old one steps down: a caller's transaction may go on after our error.
    SigningKey next = key;
    next.current = true;
    if (auto fits = check(next); !fits)
        return fail(fits.error());
    auto taken = find(session, key.id);
    if (!taken)
        return fail(taken.error());
    if (*taken)
        return fail(ErrorCode::AlreadyExists, "key " + key.id + " is already there");
    if (auto stepped = session.prepare("UPDATE signing_keys SET is_current = 0 WHERE is_current = 1").run();
        !stepped)
        return fail(stepped.error());
    return insert(session, next);
}

Result<SigningKey> KeyRepository::retire(Session& session, std::string_view id, std::int64_t when)
{
    auto key = find(session, id);
    if (!key)
        return fail(key.error());
    if (!*key)
        return fail(ErrorCode::NotFound, "key " + std::string(id) + " is not there");
    if ((*key)->current)
        return fail(ErrorCode::Conflict,
                    "key " + std::string(id) + " signs new links; rotate to another key, then retire it");
    if ((*key)->retiredAt)
        return std::move(**key);
    Statement change = session.prepare("UPDATE signing_keys SET retired_at = ? WHERE id = ?");
    change.bind(when).bindText(id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    session.changes().keys = true;
    (*key)->retiredAt = when;
    return std::move(**key);
}

} // namespace spillway::catalog
