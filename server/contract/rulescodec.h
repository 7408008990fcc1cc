// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/contract/bans.h"
#include "server/contract/limits.h"
#include "server/contract/receipts.h"
#include "server/contract/tokens.h"

#include <QtCore/QJsonObject>

// The JSON of limits, tokens, bans and receipts, as codec.h has that of the rest (which includes this).
namespace spillway::contract {

[[nodiscard]] QJsonObject parameters(const ListLimits& command);
[[nodiscard]] QJsonObject parameters(const SetLimit& command);
[[nodiscard]] QJsonObject parameters(const ListTokens& command);
[[nodiscard]] QJsonObject parameters(const CreateToken& command);
[[nodiscard]] QJsonObject parameters(const RevokeToken& command);
[[nodiscard]] QJsonObject parameters(const ListBans& command);
[[nodiscard]] QJsonObject parameters(const GetBanRules& command);
[[nodiscard]] QJsonObject parameters(const AddBan& command);
[[nodiscard]] QJsonObject parameters(const LiftBan& command);
[[nodiscard]] QJsonObject parameters(const LinkReceipts& command);

template<class Answer>
[[nodiscard]] Result<Answer> decode(const QJsonValue& json);

template<>
Result<Limit> decode(const QJsonValue& json);
template<>
Result<std::vector<Limit>> decode(const QJsonValue& json);
template<>
Result<Token> decode(const QJsonValue& json);
template<>
Result<std::vector<Token>> decode(const QJsonValue& json);
template<>
Result<Ban> decode(const QJsonValue& json);
template<>
Result<std::vector<Ban>> decode(const QJsonValue& json);
template<>
Result<BanRules> decode(const QJsonValue& json);
template<>
Result<ReceiptPage> decode(const QJsonValue& json);

} // namespace spillway::contract
