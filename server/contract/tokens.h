// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringList>
#include <cstdint>
#include <optional>
#include <vector>

// API tokens as a console sees and makes them.
namespace spillway::contract {

enum class TokenState : std::uint8_t
{
    Active,
    Expired,
    Revoked,
    Other ///< a state that this console does not know
};
[[nodiscard]] TokenState tokenStateFromName(const QString& name);

struct Token
{
    QString id;
    QString name;
    QStringList scopes;
    std::optional<QStringList> shares; ///< none: all
    TokenState state = TokenState::Active;
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> expiresAt, revokedAt, lastUsedAt;
    QString text; ///< the secret itself; only in the answer to CreateToken
    friend bool operator==(const Token&, const Token&) = default;
};

struct ListTokens
{
    static constexpr const char* operation = "token.list";
    using Answer = std::vector<Token>; ///< oldest first
};

struct CreateToken
{
    static constexpr const char* operation = "token.create";
    using Answer = Token;
    QString name;
    QStringList scopes;
    QStringList shares = {};                       ///< by name; empty: all
    std::optional<std::int64_t> expiresAfter = {}; ///< seconds; none: never
};

struct RevokeToken
{
    static constexpr const char* operation = "token.revoke";
    using Answer = Token;
    QString id;
};

} // namespace spillway::contract
