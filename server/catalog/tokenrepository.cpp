// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/tokenrepository.h"

#include "server/base/base64chars.h"

#include <algorithm>

namespace spillway::catalog {

namespace {

constexpr const char* columns =
    "id, name, hash, scopes, all_shares, created_at, expires_at, revoked_at, last_used_at";
constexpr std::uint8_t kAllScopes = 31;

Token fromRow(const Statement& row)
{
    Token token;
    token.id = row.text(0);
    token.name = row.text(1);
    token.hash = row.blob(2);
    token.scopes = static_cast<std::uint8_t>(row.integer(3));
    token.allShares = row.integer(4) != 0;
    token.createdAt = row.integer(5);
    token.expiresAt = row.optionalInteger(6);
    token.revokedAt = row.optionalInteger(7);
    token.lastUsedAt = row.optionalInteger(8);
    return token;
}

Result<void> readShares(Session& session, Token& token)
{
    Statement rows = session.prepare("SELECT share FROM token_shares WHERE token = ? ORDER BY share");
    rows.bindText(token.id);
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return {};
        token.shares.push_back(rows.integer(0));
    }
}

Result<void> check(const Token& token)
{
    const auto bad = [](const std::string& what) {
        return fail(ErrorCode::InvalidArgument, "a token's " + what);
    };
    if (token.id.size() != 12 || !std::all_of(token.id.begin(), token.id.end(), isBase64UrlCharacter))
        return bad("id is 12 characters of base64url");
    if (token.name.empty() || token.name.size() > 100)
        return bad("name has 1 to 100 bytes");
    if (token.hash.size() != 32)
        return bad("hash has 32 bytes");
    if (token.scopes == 0 || (token.scopes & ~kAllScopes) != 0)
        return bad("scopes are one or more of those that there are");
    if (token.allShares ? !token.shares.empty() : token.shares.empty())
        return bad("shares are all of them, or at least one");
    return {};
}

} // namespace

Result<Token> TokenRepository::insert(Session& session, const Token& token)
{
    if (auto fits = check(token); !fits)
        return fail(fits.error());
    Statement add =
        session.prepare("INSERT INTO tokens (id, name, hash, scopes, all_shares, created_at, expires_at, "
                        "revoked_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    add.bindText(token.id).bindText(token.name).bindBlob(token.hash).bind(std::int64_t{token.scopes});
    add.bind(std::int64_t{token.allShares})
        .bind(token.createdAt)
        .bind(token.expiresAt)
        .bind(token.revokedAt)
        .bind(token.lastUsedAt);
    if (auto ran = add.run(); !ran)
        return fail(ran.error().code == ErrorCode::AlreadyExists
                        ? Error{ErrorCode::AlreadyExists, "token " + token.id + " is already there", 0}
                        : ran.error());
    for (const ShareId share : token.shares) {
        Statement known = session.prepare("SELECT 1 FROM shares WHERE id = ?");
        known.bind(share);
        auto found = known.next();
        if (!found)
            return fail(found.error());
        if (!*found)
            return fail(ErrorCode::NotFound, "there is no share " + std::to_string(share));
        Statement bound = session.prepare("INSERT OR IGNORE INTO token_shares (token, share) VALUES (?, ?)");
        bound.bindText(token.id).bind(share);
        if (auto ran = bound.run(); !ran)
            return fail(ran.error());
    }
    session.changes().tokens.push_back(token.id);
    auto stored = find(session, token.id);
    if (!stored)
        return fail(stored.error());
    return std::move(**stored);
}

Result<std::optional<Token>> TokenRepository::find(Session& session, std::string_view id)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM tokens WHERE id = ?";
    Statement select = session.prepare(sql);
    select.bindText(id);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::optional<Token>();
    Token token = fromRow(select);
    if (auto read = readShares(session, token); !read)
        return fail(read.error());
    return std::optional(std::move(token));
}

Result<std::vector<Token>> TokenRepository::list(Session& session)
{
    static const std::string sql =
        std::string("SELECT ") + columns + " FROM tokens ORDER BY created_at, rowid";
    Statement rows = session.prepare(sql);
    std::vector<Token> tokens;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        tokens.push_back(fromRow(rows));
    }
    for (Token& token : tokens)
        if (auto read = readShares(session, token); !read)
            return fail(read.error());
    return tokens;
}

Result<Token> TokenRepository::revoke(Session& session, std::string_view id, std::int64_t when)
{
    Statement change =
        session.prepare("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL");
    change.bind(when).bindText(id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    auto token = find(session, id);
    if (!token)
        return fail(token.error());
    if (!*token)
        return fail(ErrorCode::NotFound, "token " + std::string(id) + " is not there");
    session.changes().tokens.emplace_back(id);
    return std::move(**token);
}

Result<void> TokenRepository::markUsed(Session& session, std::string_view id, std::int64_t when)
{
    Statement change = session.prepare(
        "UPDATE tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)");
    change.bind(when).bindText(id).bind(when);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    return {};
}

} // namespace spillway::catalog
