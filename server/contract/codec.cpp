// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"

#include "server/contract/decoder.h"

namespace spillway::contract {

template<>
Result<Share> decode(const QJsonValue& json)
{
    Decoder from(json, "share");
    Share share;
    share.id = from.number("id");
    share.name = from.text("name");
    share.path = from.bytes("path");
    share.isPublic = from.flag("public");
    share.dotFiles = from.flag("dot_files");
    share.listing = from.flag("listing");
    share.cacheMaxAge = std::chrono::seconds(from.number("cache_max_age"));
    share.createdAt = from.number("created_at");
    share.version = from.textOr("version", {});
    return finish(from, std::move(share));
}

template<>
Result<std::vector<Share>> decode(const QJsonValue& json)
{
    return decodeList<Share>(json, "shares");
}

template<>
Result<RemovedShare> decode(const QJsonValue& json)
{
    auto share = decode<Share>(json);
    if (!share)
        return fail(share.error());
    Decoder from(json, "removed share");
    RemovedShare removed{std::move(*share), from.number("links_ended")};
    return finish(from, std::move(removed));
}

template<>
Result<FolderEntry> decode(const QJsonValue& json)
{
    Decoder from(json, "folder entry");
    FolderEntry entry;
    entry.name = from.bytes("name");
    entry.isFolder = from.flag("folder");
    entry.size = from.number("size");
    entry.modifiedAt = from.number("modified_at");
    return finish(from, std::move(entry));
}

template<>
Result<FolderListing> decode(const QJsonValue& json)
{
    Decoder from(json, "folder");
    auto entries = decodeAll<FolderEntry>(from.array("entries"));
    if (!entries)
        return fail(entries.error());
    FolderListing listing{std::move(*entries), from.flag("truncated")};
    return finish(from, std::move(listing));
}

template<>
Result<FoundEntry> decode(const QJsonValue& json)
{
    Decoder from(json, "search result");
    FoundEntry entry;
    entry.share = from.text("share");
    entry.path = from.bytes("path");
    entry.isFolder = from.flag("folder");
    entry.size = from.number("size");
    entry.modifiedAt = from.number("modified_at");
    return finish(from, std::move(entry));
}

template<>
Result<FoundPage> decode(const QJsonValue& json)
{
    Decoder from(json, "page of search results");
    auto entries = decodeAll<FoundEntry>(from.array("entries"));
    if (!entries)
        return fail(entries.error());
    FoundPage page{std::move(*entries), from.optionalNumber("next")};
    return finish(from, std::move(page));
}

template<>
Result<Link> decode(const QJsonValue& json)
{
    Decoder from(json, "link");
    Link link;
    link.id = from.text("id");
    link.share = from.text("share");
    link.path = from.bytes("path");
    link.name = from.bytes("name");
    link.isFolder = from.flag("folder");
    link.state = linkStateFromName(from.text("state"));
    link.key = from.text("key");
    link.expiresAt = from.optionalNumber("expires_at");
    link.revokedAt = from.optionalNumber("revoked_at");
    link.createdAt = from.number("created_at");
    link.downloads = from.number("downloads");
    link.maxDownloads = from.optionalNumber("max_downloads");
    link.hasPassword = from.flagOr("password", false);
    link.allow = from.textList("allow");
    link.rate = from.numberOr("rate", 0);
    link.concurrency = from.numberOr("concurrency", 0);
    link.note = from.text("note");
    link.page = from.flag("page");
    link.version = from.textOr("version", {});
    link.url = from.textOr("url", {});
    return finish(from, std::move(link));
}

template<>
Result<LinkPage> decode(const QJsonValue& json)
{
    Decoder from(json, "page of links");
    auto links = decodeAll<Link>(from.array("links"));
    if (!links)
        return fail(links.error());
    LinkPage page{std::move(*links), from.textOr("next", {})};
    return finish(from, std::move(page));
}

template<>
Result<IndexProgress> decode(const QJsonValue& json)
{
    Decoder from(json, "state of an index");
    IndexProgress progress;
    progress.share = from.text("share");
    progress.state = from.text("state");
    progress.files = from.number("files");
    progress.folders = from.number("folders");
    progress.bytes = from.number("bytes");
    progress.filesHashed = from.number("files_hashed");
    progress.seenByScan = from.number("seen_by_scan");
    return finish(from, std::move(progress));
}

template<>
Result<ServerStatus> decode(const QJsonValue& json)
{
    Decoder from(json, "status");
    ServerStatus status;
    status.publicUrl = from.text("public_url");
    status.addresses = from.textList("addresses");
    status.mode = from.text("mode");
    status.ready = from.flag("ready");
    status.startedAt = from.number("started_at");
    status.dataFolder = from.bytes("data");
    status.version = from.textOr("version", {});
    status.workers = from.numberOr("workers", 0);
    status.connections = from.numberOr("connections", 0);
    status.requests = from.numberOr("requests", 0);
    status.sentBytes = from.numberOr("sent_bytes", 0);
    auto index = decodeAll<IndexProgress>(from.array("index"));
    if (!index)
        return fail(index.error());
    status.index = std::move(*index);
    status.firewall = from.textOr("firewall", {});
    if (const QJsonValue contact = json.toObject().value(QLatin1String("reached_by")); contact.isObject()) {
        Decoder inside(contact, "contact");
        status.reachedBy = inside.text("address");
        status.reachedAt = inside.number("at");
        if (!inside.good())
            return fail(inside.error());
    }
    return finish(from, std::move(status));
}

template<>
Result<Transfer> decode(const QJsonValue& json)
{
    Decoder from(json, "transfer");
    Transfer transfer;
    transfer.id = from.text("id");
    transfer.client = from.text("client");
    transfer.path = from.bytes("path");
    transfer.share = from.text("share");
    transfer.link = from.text("link");
    transfer.userAgent = from.text("user_agent");
    transfer.tls = from.flag("tls");
    transfer.startedAtMs = from.number("started_at_ms");
    transfer.sent = from.number("sent");
    transfer.total = from.optionalNumber("total");
    transfer.token = from.textOr("token", {});
    transfer.priority = from.textOr("priority", {});
    return finish(from, std::move(transfer));
}

template<>
Result<TransferList> decode(const QJsonValue& json)
{
    Decoder from(json, "list of transfers");
    auto transfers = decodeAll<Transfer>(from.array("transfers"));
    if (!transfers)
        return fail(transfers.error());
    TransferList list{std::move(*transfers), from.number("omitted")};
    return finish(from, std::move(list));
}

template<>
Result<KickConnection::Answer> decode(const QJsonValue& json)
{
    Decoder from(json, "ended connection");
    KickConnection::Answer answer{from.text("id")};
    return finish(from, std::move(answer));
}

QJsonObject toJson(const Transfer& transfer)
{
    QJsonObject object{{QStringLiteral("id"), transfer.id},
                       {QStringLiteral("client"), transfer.client},
                       {QStringLiteral("share"), transfer.share},
                       {QStringLiteral("link"), transfer.link},
                       {QStringLiteral("user_agent"), transfer.userAgent},
                       {QStringLiteral("tls"), transfer.tls},
                       {QStringLiteral("started_at_ms"), static_cast<qint64>(transfer.startedAtMs)},
                       {QStringLiteral("sent"), static_cast<qint64>(transfer.sent)},
                       {QStringLiteral("total"), transfer.total
                                                     ? QJsonValue(static_cast<qint64>(*transfer.total))
                                                     : QJsonValue(QJsonValue::Null)},
                       {QStringLiteral("token"), transfer.token},
                       {QStringLiteral("priority"), transfer.priority}};
    putBytes(object, QStringLiteral("path"), transfer.path);
    return object;
}

QJsonObject toJson(const FolderEntry& entry)
{
    QJsonObject object{{QStringLiteral("folder"), entry.isFolder},
                       {QStringLiteral("size"), static_cast<qint64>(entry.size)},
                       {QStringLiteral("modified_at"), static_cast<qint64>(entry.modifiedAt)}};
    putBytes(object, QStringLiteral("name"), entry.name);
    return object;
}

void putBytes(QJsonObject& object, const QString& name, const QByteArray& bytes)
{
    const QString text = QString::fromUtf8(bytes);
    object.insert(name, text);
    if (text.toUtf8() != bytes)
        object.insert(name + QLatin1String("_base64"), QString::fromLatin1(bytes.toBase64()));
}

} // namespace spillway::contract
