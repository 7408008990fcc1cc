// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/catalog/records.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// API tokens: "spw_" and 256 random bits as base64url. They are kept as their SHA-256: with so many random
// bits there is nothing to guess, so no slow hash is needed and a look-up costs one hash.
namespace spillway::auth {

inline constexpr std::string_view kTokenPrefix = "spw_";
inline constexpr std::size_t kTokenTextSize = 47;

/// A new token's text. Io where there are no random bytes.
[[nodiscard]] Result<std::string> generateToken();
/// SHA-256 of the text, 32 bytes.
[[nodiscard]] std::string hashToken(std::string_view text);

/// "download", "list", "share", "view", "admin".
[[nodiscard]] std::string_view scopeName(catalog::TokenScope scope);
/// From text as "download,list". InvalidArgument for an unknown name and for none.
[[nodiscard]] Result<std::uint8_t> parseScopes(std::string_view text);
/// The names of the bits, in the order above.
[[nodiscard]] std::vector<std::string> scopeNames(std::uint8_t scopes);

/// A token as requests meet it. Immutable but for its last use, which any thread notes.
struct KnownToken
{
    catalog::Token record;
    /// Of this process, seconds since 1970; 0: not yet. Goes from one snapshot to the next.
    std::shared_ptr<std::atomic<std::int64_t>> lastUse;

    [[nodiscard]] bool goodAt(std::int64_t now) const
    {
        return !record.revokedAt && !(record.expiresAt && now >= *record.expiresAt);
    }
    [[nodiscard]] bool may(catalog::TokenScope scope) const { return record.may(scope); }
    [[nodiscard]] bool covers(catalog::ShareId share) const;
    void used(std::int64_t now) const;
};

/// All tokens, revoked ones too (so that they are no guesses), as an immutable snapshot. Any thread.
class TokenTable
{
public:
    using TokenPtr = std::shared_ptr<const KnownToken>;

    TokenTable() = default;
    /// `previous` hands on when its tokens were last used.
    TokenTable(std::vector<catalog::Token> records, const TokenTable& previous);

    /// By what a client showed; null: nobody's.
    [[nodiscard]] TokenPtr find(std::string_view text) const;
    [[nodiscard]] TokenPtr byId(std::string_view id) const;
    [[nodiscard]] const std::unordered_map<std::string, TokenPtr>& all() const { return byId_; }

private:
    std::unordered_map<std::string, TokenPtr> byHash_, byId_;
};

} // namespace spillway::auth
