// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/tokens.h"

#include "server/auth/base64url.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <openssl/sha.h>
#include <sodium/utils.h>
#include <sys/random.h>

namespace spillway::auth {

using catalog::TokenScope;

namespace {

struct NamedScope
{
    TokenScope scope;
    std::string_view name;
};
constexpr std::array<NamedScope, 5> kScopes{{{TokenScope::Download, "download"},
                                             {TokenScope::List, "list"},
                                             {TokenScope::Share, "share"},
                                             {TokenScope::View, "view"},
                                             {TokenScope::Admin, "admin"}}};

} // namespace

Result<std::string> generateToken()
{
    Mac random;
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
        return fail(osError("cannot get random bytes for a token", errno));
    std::string text(kTokenPrefix);
    text += encodeMac(random);
    sodium_memzero(random.data(), random.size());
    return text;
}

std::string hashToken(std::string_view text)
{
    std::string hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

std::string_view scopeName(TokenScope scope)
{
    for (const NamedScope& named : kScopes)
        if (named.scope == scope)
            return named.name;
    return "unknown";
}

Result<std::uint8_t> parseScopes(std::string_view text)
{
    std::uint8_t scopes = 0;
    while (!text.empty()) {
        const std::string_view name = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), name.size() + 1));
        const auto found = std::find_if(kScopes.begin(), kScopes.end(),
                                        [name](const NamedScope& named) { return named.name == name; });
        if (found == kScopes.end())
            return fail(ErrorCode::InvalidArgument, "\"" + std::string(name) +
                                                        "\" is no scope; there are download, list, share, "
                                                        "view and admin");
        scopes = static_cast<std::uint8_t>(scopes | static_cast<std::uint8_t>(found->scope));
    }
    if (scopes == 0)
        return fail(ErrorCode::InvalidArgument,
                    "a token needs a scope: download, list, share, view or admin");
    return scopes;
}

std::vector<std::string> scopeNames(std::uint8_t scopes)
{
    std::vector<std::string> names;
    for (const NamedScope& named : kScopes)
        if ((scopes & static_cast<std::uint8_t>(named.scope)) != 0)
            names.emplace_back(named.name);
    return names;
}

bool KnownToken::covers(catalog::ShareId share) const
{
    return record.allShares || std::binary_search(record.shares.begin(), record.shares.end(), share);
}

void KnownToken::used(std::int64_t now) const
{
    // A look first: the line stays shared between the workers but for one write a second.
    if (lastUse->load(std::memory_order_relaxed) != now)
        lastUse->store(now, std::memory_order_relaxed);
}

TokenTable::TokenTable(std::vector<catalog::Token> records, const TokenTable& previous)
{
    for (catalog::Token& record : records) {
        auto known = std::make_shared<KnownToken>();
        const auto old = previous.byId_.find(record.id);
        known->lastUse = old != previous.byId_.end() ? old->second->lastUse
                                                     : std::make_shared<std::atomic<std::int64_t>>(0);
        known->record = std::move(record);
        byHash_.emplace(known->record.hash, known);
        byId_.emplace(known->record.id, known);
    }
}

TokenTable::TokenPtr TokenTable::find(std::string_view text) const
{
    if (text.size() != kTokenTextSize || !text.starts_with(kTokenPrefix))
        return nullptr;
    const auto found = byHash_.find(hashToken(text));
    return found == byHash_.end() ? nullptr : found->second;
}

TokenTable::TokenPtr TokenTable::byId(std::string_view id) const
{
    const auto found = byId_.find(std::string(id));
    return found == byId_.end() ? nullptr : found->second;
}

} // namespace spillway::auth
