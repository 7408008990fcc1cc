// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

// What was downloaded most, as JSON.
namespace spillway::contract {

namespace {

void putUse(QJsonObject& object, const TopUse& use)
{
    object.insert(QStringLiteral("bytes"), static_cast<qint64>(use.bytes));
    object.insert(QStringLiteral("downloads"), static_cast<qint64>(use.downloads));
}

TopUse useFrom(Decoder& from)
{
    return {from.number("bytes"), from.number("downloads")};
}

QJsonObject rowJson(const TopLink& link)
{
    QJsonObject object{{QStringLiteral("id"), link.id},
                       {QStringLiteral("share"), link.share},
                       {QStringLiteral("note"), link.note}};
    putBytes(object, QStringLiteral("path"), link.path);
    putUse(object, link.use);
    return object;
}

QJsonObject rowJson(const TopClient& client)
{
    QJsonObject object{{QStringLiteral("address"), client.address}};
    putUse(object, client.use);
    return object;
}

QJsonObject rowJson(const TopFile& file)
{
    QJsonObject object{{QStringLiteral("share"), file.share}, {QStringLiteral("archive"), file.archive}};
    putBytes(object, QStringLiteral("path"), file.path);
    putUse(object, file.use);
    return object;
}

template<class Row>
QJsonArray rowsJson(const std::vector<Row>& rows)
{
    QJsonArray array;
    for (const Row& row : rows)
        array.append(rowJson(row));
    return array;
}

} // namespace

QJsonObject toJson(const TopPage& page)
{
    return {{QStringLiteral("span"), historySpanName(page.span)},
            {QStringLiteral("links"), rowsJson(page.links)},
            {QStringLiteral("clients"), rowsJson(page.clients)},
            {QStringLiteral("files"), rowsJson(page.files)}};
}

template<>
Result<TopLink> decode(const QJsonValue& json)
{
    Decoder from(json, "link that was downloaded most");
    TopLink link;
    link.id = from.text("id");
    link.share = from.text("share");
    link.path = from.bytes("path");
    link.note = from.text("note");
    link.use = useFrom(from);
    return finish(from, link);
}

template<>
Result<TopClient> decode(const QJsonValue& json)
{
    Decoder from(json, "client that downloaded most");
    TopClient client;
    client.address = from.text("address");
    client.use = useFrom(from);
    return finish(from, client);
}

template<>
Result<TopFile> decode(const QJsonValue& json)
{
    Decoder from(json, "file that was downloaded most");
    TopFile file;
    file.share = from.text("share");
    file.path = from.bytes("path");
    file.archive = from.flag("archive");
    file.use = useFrom(from);
    return finish(from, file);
}

template<>
Result<TopPage> decode(const QJsonValue& json)
{
    Decoder from(json, "list of what was downloaded most");
    const QString name = from.text("span");
    auto links = decodeAll<TopLink>(from.array("links"));
    auto clients = decodeAll<TopClient>(from.array("clients"));
    auto files = decodeAll<TopFile>(from.array("files"));
    if (!from.good())
        return fail(from.error());
    if (!links)
        return fail(links.error());
    if (!clients)
        return fail(clients.error());
    if (!files)
        return fail(files.error());
    const auto span = historySpanFromName(name);
    if (!span)
        return fail(ErrorCode::Corrupt, "the server's list of what was downloaded most has the span \"" +
                                            name.toStdString() + "\", which this console does not know");
    return TopPage{*span, std::move(*links), std::move(*clients), std::move(*files)};
}

QJsonObject parameters(const GetTop& command)
{
    return {{QStringLiteral("span"), historySpanName(command.span)},
            {QStringLiteral("limit"), QString::number(command.limit)}};
}

} // namespace spillway::contract
