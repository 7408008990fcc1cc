// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/rulescodec.h"

#include "server/contract/decoder.h"

#include <array>
#include <utility>

namespace spillway::contract {

namespace {

constexpr std::array<QLatin1String, kLimitLevels> kLevels{
    QLatin1String("server"), QLatin1String("share"), QLatin1String("token"),
    QLatin1String("link"),   QLatin1String("ip"),    QLatin1String("connection")};

QJsonArray arrayOf(const QStringList& texts)
{
    return QJsonArray::fromStringList(texts);
}

} // namespace

QString limitLevelName(LimitLevel level)
{
    return kLevels[static_cast<std::size_t>(level)];
}

std::optional<LimitLevel> limitLevelFromName(const QString& name)
{
    for (std::size_t i = 0; i < kLevels.size(); ++i)
        if (name == kLevels[i])
            return static_cast<LimitLevel>(i);
    return std::nullopt;
}

TokenState tokenStateFromName(const QString& name)
{
    if (name == QLatin1String("active"))
        return TokenState::Active;
    if (name == QLatin1String("expired"))
        return TokenState::Expired;
    return name == QLatin1String("revoked") ? TokenState::Revoked : TokenState::Other;
}

QJsonObject parameters(const ListLimits&)
{
    return {};
}

QJsonObject parameters(const SetLimit& command)
{
    QJsonObject object{{QStringLiteral("level"), limitLevelName(command.level)}};
    if (!command.id.isEmpty())
        object.insert(QStringLiteral("id"), command.id);
    for (auto field = command.fields.begin(); field != command.fields.end(); ++field)
        object.insert(field.key(), field.value());
    return object;
}

QJsonObject parameters(const ListTokens&)
{
    return {};
}

QJsonObject parameters(const CreateToken& command)
{
    QJsonObject object{{QStringLiteral("name"), command.name},
                       {QStringLiteral("scopes"), arrayOf(command.scopes)}};
    if (!command.shares.isEmpty())
        object.insert(QStringLiteral("shares"), arrayOf(command.shares));
    if (command.expiresAfter)
        object.insert(QStringLiteral("expires"), static_cast<qint64>(*command.expiresAfter));
    return object;
}

QJsonObject parameters(const RevokeToken& command)
{
    return {{QStringLiteral("id"), command.id}};
}

QJsonObject parameters(const ListBans&)
{
    return {};
}

QJsonObject parameters(const GetBanRules&)
{
    return {};
}

QJsonObject parameters(const AddBan& command)
{
    QJsonObject object{{QStringLiteral("address"), command.address}};
    object.insert(QStringLiteral("for"), command.seconds ? QJsonValue(static_cast<qint64>(*command.seconds))
                                                         : QJsonValue(QStringLiteral("forever")));
    if (!command.reason.isEmpty())
        object.insert(QStringLiteral("reason"), command.reason);
    return object;
}

QJsonObject parameters(const LiftBan& command)
{
    return {{QStringLiteral("address"), command.address}};
}

QJsonObject parameters(const LinkReceipts& command)
{
    QJsonObject object{{QStringLiteral("id"), command.id},
                       {QStringLiteral("limit"), QString::number(command.limit)}};
    if (command.after > 0)
        object.insert(QStringLiteral("after"), QString::number(command.after));
    return object;
}

template<>
Result<Limit> decode(const QJsonValue& json)
{
    Decoder from(json, "limit");
    const QString name = from.text("level");
    const auto level = limitLevelFromName(name);
    if (from.good() && !level)
        return fail(ErrorCode::Corrupt, "the server has limits at a level \"" + name.toStdString() +
                                            "\", which this console does not know");
    Limit limit;
    limit.level = level.value_or(LimitLevel::Server);
    limit.id = from.textOr("id", {});
    const QJsonObject object = json.toObject();
    const auto decimal = [&object](const char* field) {
        const QJsonValue value = object.value(QLatin1String(field));
        return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
    };
    limit.requests = decimal("requests");
    limit.burst = from.optionalNumber("burst");
    limit.bandwidth = from.optionalNumber("bandwidth");
    limit.connections = from.optionalNumber("connections");
    limit.downloads = from.optionalNumber("downloads");
    limit.queue = from.optionalNumber("queue");
    limit.wait = decimal("wait");
    limit.priority = from.textOr("priority", {});
    limit.running = from.numberOr("running", 0);
    limit.waiting = from.numberOr("waiting", 0);
    return finish(from, std::move(limit));
}

template<>
Result<std::vector<Limit>> decode(const QJsonValue& json)
{
    return decodeList<Limit>(json, "limits");
}

template<>
Result<Token> decode(const QJsonValue& json)
{
    Decoder from(json, "token");
    Token token;
    token.id = from.text("id");
    token.name = from.text("name");
    token.scopes = from.textList("scopes");
    if (json.toObject().value(QLatin1String("shares")).isArray())
        token.shares = from.textList("shares");
    token.state = tokenStateFromName(from.text("state"));
    token.createdAt = from.number("created_at");
    token.expiresAt = from.optionalNumber("expires_at");
    token.revokedAt = from.optionalNumber("revoked_at");
    token.lastUsedAt = from.optionalNumber("last_used_at");
    token.text = from.textOr("token", {});
    return finish(from, std::move(token));
}

template<>
Result<std::vector<Token>> decode(const QJsonValue& json)
{
    return decodeList<Token>(json, "tokens");
}

template<>
Result<Ban> decode(const QJsonValue& json)
{
    Decoder from(json, "ban");
    Ban ban;
    ban.address = from.text("address");
    ban.reason = from.text("reason");
    ban.byHand = from.flag("by_hand");
    ban.offences = from.number("offences");
    ban.createdAt = from.number("created_at");
    ban.until = from.optionalNumber("until");
    return finish(from, std::move(ban));
}

template<>
Result<std::vector<Ban>> decode(const QJsonValue& json)
{
    return decodeList<Ban>(json, "bans");
}

template<>
Result<BanRules> decode(const QJsonValue& json)
{
    Decoder from(json, "description of bans");
    BanRules rules;
    rules.threshold = from.number("threshold");
    rules.window = from.number("window");
    rules.duration = from.number("duration");
    rules.maxDuration = from.number("max_duration");
    rules.never = from.textList("never");
    return finish(from, std::move(rules));
}

template<>
Result<ReceiptFile> decode(const QJsonValue& json)
{
    Decoder from(json, "file of a receipt");
    ReceiptFile file;
    file.path = from.bytes("path");
    file.size = from.number("size");
    file.arrived = from.number("arrived");
    return finish(from, std::move(file));
}

template<>
Result<Receipt> decode(const QJsonValue& json)
{
    Decoder from(json, "receipt");
    Receipt receipt;
    receipt.id = from.number("id");
    receipt.recipient = from.text("recipient");
    receipt.startedAt = from.number("started_at");
    receipt.lastAt = from.number("last_at");
    receipt.finishedAt = from.optionalNumber("finished_at");
    auto files = decodeAll<ReceiptFile>(from.array("files"));
    if (!files)
        return fail(files.error());
    receipt.files = std::move(*files);
    return finish(from, std::move(receipt));
}

template<>
Result<ReceiptPage> decode(const QJsonValue& json)
{
    Decoder from(json, "page of receipts");
    auto receipts = decodeAll<Receipt>(from.array("receipts"));
    if (!receipts)
        return fail(receipts.error());
    ReceiptPage page{std::move(*receipts), from.optionalNumber("next")};
    return finish(from, std::move(page));
}

} // namespace spillway::contract
