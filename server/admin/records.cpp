// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/records.h"

#include "server/admin/arguments.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <algorithm>

namespace spillway::admin {

namespace {

/// Towards 0: 100 means all of it.
qint64 percentOf(qint64 part, qint64 whole)
{
    if (part >= whole)
        return 100;
    return std::min<qint64>(
        99, static_cast<qint64>(static_cast<double>(part) * 100 / static_cast<double>(whole)));
}

} // namespace

QJsonValue optionalNumber(const std::optional<std::int64_t>& value)
{
    return value ? QJsonValue(static_cast<qint64>(*value)) : QJsonValue(QJsonValue::Null);
}

void putVersion(QJsonObject& object, std::initializer_list<const char*> passing)
{
    QJsonObject lasting = object; // its members are in the order of their names
    for (const char* name : passing)
        lasting.remove(QLatin1String(name));
    const QByteArray digest = QCryptographicHash::hash(QJsonDocument(lasting).toJson(QJsonDocument::Compact),
                                                       QCryptographicHash::Sha256);
    object.insert(QStringLiteral("version"),
                  QString::fromLatin1(digest.left(12).toBase64(QByteArray::Base64UrlEncoding)));
}

QJsonObject toJson(const catalog::Share& share)
{
    QJsonObject object{{QStringLiteral("id"), static_cast<qint64>(share.id)},
                       {QStringLiteral("name"), toQString(share.name)},
                       {QStringLiteral("public"), share.isPublic},
                       {QStringLiteral("dot_files"), share.showDotFiles},
                       {QStringLiteral("listing"), share.listing},
                       {QStringLiteral("cache_max_age"), static_cast<qint64>(share.cacheMaxAge.count())},
                       {QStringLiteral("created_at"), static_cast<qint64>(share.createdAt)}};
    putBytes(object, "path", share.path);
    putVersion(object);
    return object;
}

QJsonObject toJson(const engine::LinkInfo& info)
{
    const catalog::Link& link = info.link;
    QJsonObject object{{QStringLiteral("id"), toQString(link.id)},
                       {QStringLiteral("share"), toQString(info.share)},
                       {QStringLiteral("folder"), link.isFolder},
                       {QStringLiteral("state"), toQString(engine::linkStateName(info.state))},
                       {QStringLiteral("key"), toQString(link.keyId)},
                       {QStringLiteral("expires_at"), optionalNumber(link.expiresAt)},
                       {QStringLiteral("revoked_at"), optionalNumber(link.revokedAt)},
                       {QStringLiteral("created_at"), static_cast<qint64>(link.createdAt)},
                       {QStringLiteral("downloads"), static_cast<qint64>(link.downloads)},
                       {QStringLiteral("max_downloads"), optionalNumber(link.maxDownloads)},
                       {QStringLiteral("password"), !link.passwordHash.empty()},
                       {QStringLiteral("rate"), static_cast<qint64>(link.rate.count)},
                       {QStringLiteral("concurrency"), static_cast<qint64>(link.concurrency)},
                       {QStringLiteral("note"), toQString(link.note)},
                       {QStringLiteral("page"), link.page}};
    QJsonArray allow;
    for (const std::string& block : link.allow)
        allow.append(toQString(block));
    object.insert(QStringLiteral("allow"), allow);
    putBytes(object, "path", link.path);
    putBytes(object, "name", link.name);
    putVersion(object, {"state", "downloads"});
    if (!info.url.empty())
        object.insert(QStringLiteral("url"), toQString(info.url));
    return object;
}

QJsonObject toJson(const catalog::Receipt& receipt)
{
    QJsonArray files;
    for (const catalog::ReceiptFile& file : receipt.files) {
        const auto arrived = static_cast<qint64>(file.arrived.covered());
        QJsonObject one{{QStringLiteral("size"), static_cast<qint64>(file.size)},
                        {QStringLiteral("arrived"), arrived},
                        {QStringLiteral("percent"), percentOf(arrived, file.size)},
                        {QStringLiteral("etag"), toQString(file.entityTag)}};
        putBytes(one, "path", file.path);
        files.append(one);
    }
    return {{QStringLiteral("id"), static_cast<qint64>(receipt.id)},
            {QStringLiteral("recipient"), toQString(receipt.recipient)},
            {QStringLiteral("started_at"), static_cast<qint64>(receipt.startedAt)},
            {QStringLiteral("last_at"), static_cast<qint64>(receipt.lastAt)},
            {QStringLiteral("finished_at"), optionalNumber(receipt.finishedAt)},
            {QStringLiteral("files"), files}};
}

QJsonObject toJson(const engine::Presigned& presigned)
{
    QJsonObject object{{QStringLiteral("url"), toQString(presigned.url)},
                       {QStringLiteral("share"), toQString(presigned.share)},
                       {QStringLiteral("folder"), presigned.isFolder},
                       {QStringLiteral("key"), toQString(presigned.keyId)},
                       {QStringLiteral("expires_at"), optionalNumber(presigned.expiresAt)}};
    putBytes(object, "path", presigned.path);
    return object;
}

QJsonObject toJson(const engine::KeyInfo& key)
{
    return {{QStringLiteral("id"), toQString(key.id)},
            {QStringLiteral("current"), key.current},
            {QStringLiteral("created_at"), static_cast<qint64>(key.createdAt)},
            {QStringLiteral("retired_at"), optionalNumber(key.retiredAt)}};
}

QJsonObject toJson(const engine::ModeState& state)
{
    return {{QStringLiteral("mode"), toQString(observe::modeName(state.mode))},
            {QStringLiteral("active"), state.active},
            {QStringLiteral("by_hand"), toQString(engine::handName(state.byHand))},
            {QStringLiteral("by_rule"), state.byRule},
            {QStringLiteral("reason"), toQString(state.reason)},
            {QStringLiteral("since"), optionalNumber(state.since)}};
}

QJsonObject toJson(const catalog::Ban& ban)
{
    return {{QStringLiteral("address"), toQString(ban.address)},
            {QStringLiteral("reason"), toQString(ban.reason)},
            {QStringLiteral("by_hand"), ban.byHand},
            {QStringLiteral("offences"), static_cast<qint64>(ban.offences)},
            {QStringLiteral("created_at"), static_cast<qint64>(ban.createdAt)},
            {QStringLiteral("until"), optionalNumber(ban.until)}};
}

} // namespace spillway::admin
