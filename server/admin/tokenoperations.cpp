// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/tokenoperations.h"

#include "server/admin/records.h"
#include "server/auth/tokens.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

QJsonArray texts(const std::vector<std::string>& list)
{
    QJsonArray array;
    for (const std::string& text : list)
        array.append(toQString(text));
    return array;
}

} // namespace

QJsonObject toJson(const engine::TokenInfo& info)
{
    const catalog::Token& token = info.token;
    QJsonObject object{
        {QStringLiteral("id"), toQString(token.id)},
        {QStringLiteral("name"), toQString(token.name)},
        {QStringLiteral("scopes"), texts(auth::scopeNames(token.scopes))},
        {QStringLiteral("shares"), token.allShares ? QJsonValue(QJsonValue::Null) : texts(info.shares)},
        {QStringLiteral("state"), toQString(engine::tokenStateName(info.state))},
        {QStringLiteral("created_at"), static_cast<qint64>(token.createdAt)},
        {QStringLiteral("expires_at"), optionalNumber(token.expiresAt)},
        {QStringLiteral("revoked_at"), optionalNumber(token.revokedAt)},
        {QStringLiteral("last_used_at"), optionalNumber(token.lastUsedAt)}};
    if (!info.text.empty())
        object.insert(QStringLiteral("token"), toQString(info.text));
    return object;
}

Result<QJsonValue> tokenCreate(OperationContext& context, const Arguments& arguments)
{
    engine::NewToken wanted;
    wanted.name = arguments.text("name");
    std::string names;
    for (const std::string& name : arguments.list("scopes"))
        names += (names.empty() ? "" : ",") + name;
    auto scopes = auth::parseScopes(names);
    if (!scopes)
        return fail(scopes.error());
    wanted.scopes = *scopes;
    wanted.shares = arguments.list("shares");
    auto expiry = checkedExpiry(arguments);
    if (!expiry)
        return fail(expiry.error());
    wanted.expiry = *expiry;
    const auto made = context.management.createToken(wanted);
    if (!made)
        return fail(made.error());
    return QJsonValue(toJson(*made));
}

Result<QJsonValue> tokenList(OperationContext& context, const Arguments&)
{
    const auto tokens = context.management.listTokens();
    if (!tokens)
        return fail(tokens.error());
    QJsonArray array;
    for (const engine::TokenInfo& info : *tokens)
        array.append(toJson(info));
    return QJsonValue(array);
}

Result<QJsonValue> tokenRevoke(OperationContext& context, const Arguments& arguments)
{
    const auto revoked = context.management.revokeToken(arguments.text("id"));
    if (!revoked)
        return fail(revoked.error());
    return QJsonValue(toJson(*revoked));
}

} // namespace spillway::admin
