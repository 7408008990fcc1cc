// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/tokens.h"
#include "server/catalog/sharerepository.h"
#include "server/catalog/tokenrepository.h"
#include "server/engine/management.h"
#include "server/engine/randomid.h"

#include <algorithm>
#include <unordered_map>

// The part of Management about API tokens.
namespace spillway::engine {

using catalog::Session;
using catalog::Token;
using catalog::TokenRepository;
using catalog::TokenScope;

namespace {

TokenState stateOf(const Token& token, std::int64_t now)
{
    if (token.revokedAt)
        return TokenState::Revoked;
    return token.expiresAt && now >= *token.expiresAt ? TokenState::Expired : TokenState::Active;
}

Result<std::vector<TokenInfo>> infosOf(Session& session, std::vector<Token> tokens, std::int64_t now)
{
    auto shares = catalog::ShareRepository::list(session);
    if (!shares)
        return fail(shares.error());
    std::unordered_map<catalog::ShareId, std::string> names;
    for (const catalog::Share& share : *shares)
        names.emplace(share.id, share.name);
    std::vector<TokenInfo> infos;
    for (Token& token : tokens) {
        TokenInfo info;
        info.state = stateOf(token, now);
        for (const catalog::ShareId share : token.shares)
            info.shares.push_back(names[share]);
        info.token = std::move(token);
        infos.push_back(std::move(info));
    }
    return infos;
}

/// Binds `token` to the shares of these names; none: to all.
Result<void> bindShares(Session& session, const std::vector<std::string>& names, Token& token)
{
    token.allShares = names.empty();
    for (const std::string& name : names) {
        auto share = catalog::ShareRepository::findByName(session, name);
        if (!share)
            return fail(share.error());
        if (!*share)
            return fail(ErrorCode::NotFound,
                        "there is no share named \"" + name + "\"; spillway share list shows them");
        token.shares.push_back((*share)->id);
    }
    std::sort(token.shares.begin(), token.shares.end());
    token.shares.erase(std::unique(token.shares.begin(), token.shares.end()), token.shares.end());
    return {};
}

} // namespace

const char* tokenStateName(TokenState state)
{
    switch (state) {
    case TokenState::Active:
        return "active";
    case TokenState::Expired:
        return "expired";
    case TokenState::Revoked:
        return "revoked";
    }
    return "unknown";
}

Result<TokenInfo> Management::createToken(const NewToken& wanted)
{
    Token token;
    token.name = wanted.name;
    token.scopes = wanted.scopes;
    if (!wanted.shares.empty() && (token.may(TokenScope::View) || token.may(TokenScope::Admin)))
        return fail(ErrorCode::InvalidArgument,
                    "the scopes view and admin are for the whole server; bind a token with download, list or "
                    "share to shares");
    if (wanted.expiry.kind == Expiry::Kind::After)
        token.expiresAt = expiresAt(wanted.expiry);
    token.createdAt = unixSeconds(clock_.wall());
    auto id = randomText(9);
    if (!id)
        return fail(id.error());
    token.id = std::move(*id);
    auto text = auth::generateToken();
    if (!text)
        return fail(text.error());
    token.hash = auth::hashToken(*text);

    std::lock_guard lock(changes_);
    auto made = catalog_
                    .write([&](Session& session) -> Result<TokenInfo> {
                        if (auto bound = bindShares(session, wanted.shares, token); !bound)
                            return fail(bound.error());
                        auto stored = TokenRepository::insert(session, token);
                        if (!stored)
                            return fail(stored.error());
                        auto infos = infosOf(session, {std::move(*stored)}, token.createdAt);
                        if (!infos)
                            return fail(infos.error());
                        return std::move(infos->front());
                    })
                    .get();
    if (!made)
        return made;
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    made->text = std::move(*text);
    return made;
}

Result<std::vector<TokenInfo>> Management::listTokens()
{
    const std::int64_t now = unixSeconds(clock_.wall());
    return catalog_
        .read([now](Session& session) -> Result<std::vector<TokenInfo>> {
            auto tokens = TokenRepository::list(session);
            if (!tokens)
                return fail(tokens.error());
            return infosOf(session, std::move(*tokens), now);
        })
        .get();
}

Result<TokenInfo> Management::revokeToken(const std::string& id)
{
    std::lock_guard lock(changes_);
    const std::int64_t now = unixSeconds(clock_.wall());
    auto revoked = catalog_
                       .write([&](Session& session) -> Result<TokenInfo> {
                           auto token = TokenRepository::revoke(session, id, now);
                           if (!token)
                               return fail(token.error());
                           auto infos = infosOf(session, {std::move(*token)}, now);
                           if (!infos)
                               return fail(infos.error());
                           return std::move(infos->front());
                       })
                       .get();
    if (!revoked)
        return fail(revoked.error().code == ErrorCode::NotFound
                        ? Error{ErrorCode::NotFound,
                                "there is no token \"" + id + "\"; spillway token list shows them", 0}
                        : revoked.error());
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return revoked;
}

} // namespace spillway::engine
