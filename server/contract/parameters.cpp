// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"

#include <QtCore/QJsonArray>

namespace spillway::contract {

namespace {

/// A parameter of bytes: as text where it is UTF-8, else as base64, never both.
void giveBytes(QJsonObject& object, const QString& name, const QByteArray& bytes)
{
    const QString text = QString::fromUtf8(bytes);
    if (text.toUtf8() == bytes)
        object.insert(name, text);
    else
        object.insert(name + QLatin1String("_base64"), QString::fromLatin1(bytes.toBase64()));
}

template<class T>
void giveOptional(QJsonObject& object, const QString& name, const std::optional<T>& value)
{
    if (value)
        object.insert(name, *value);
}

/// Nothing for the default.
void giveExpiry(QJsonObject& object, const LinkExpiry& expiry)
{
    if (expiry.kind == LinkExpiry::Kind::Never)
        object.insert(QStringLiteral("expires"), QStringLiteral("never"));
    else if (expiry.kind == LinkExpiry::Kind::After)
        object.insert(QStringLiteral("expires"), static_cast<qint64>(expiry.after.count()));
}

QJsonObject idOnly(const QString& id)
{
    return {{QStringLiteral("id"), id}};
}

} // namespace

QJsonObject parameters(const ListShares&)
{
    return {};
}

QJsonObject parameters(const AddShare& command)
{
    QJsonObject object{{QStringLiteral("name"), command.name}, {QStringLiteral("public"), command.isPublic}};
    giveBytes(object, QStringLiteral("path"), command.path);
    return object;
}

QJsonObject parameters(const UpdateShare& command)
{
    QJsonObject object{{QStringLiteral("name"), command.name}};
    giveOptional(object, QStringLiteral("new_name"), command.newName);
    giveOptional(object, QStringLiteral("public"), command.isPublic);
    giveOptional(object, QStringLiteral("dot_files"), command.dotFiles);
    giveOptional(object, QStringLiteral("listing"), command.listing);
    giveOptional(object, QStringLiteral("if_match"), command.version);
    return object;
}

QJsonObject parameters(const RemoveShare& command)
{
    return {{QStringLiteral("name"), command.name}};
}

QJsonObject parameters(const ListFolder& command)
{
    QJsonObject object{{QStringLiteral("name"), command.share},
                       {QStringLiteral("limit"), QString::number(command.limit)}};
    giveBytes(object, QStringLiteral("path"), command.path);
    return object;
}

QJsonObject parameters(const BrowseFolders& command)
{
    QJsonObject object{{QStringLiteral("limit"), QString::number(command.limit)},
                       {QStringLiteral("files"), QLatin1String(command.files ? "true" : "false")}};
    if (!command.path.isEmpty())
        giveBytes(object, QStringLiteral("path"), command.path);
    return object;
}

QJsonObject parameters(const Search& command)
{
    QJsonObject object{{QStringLiteral("q"), command.text},
                       {QStringLiteral("limit"), QString::number(command.limit)}};
    giveOptional(object, QStringLiteral("share"), command.share);
    return object;
}

QJsonObject parameters(const ListLinks& command)
{
    QJsonObject object{{QStringLiteral("all"), QLatin1String(command.all ? "true" : "false")},
                       {QStringLiteral("limit"), QString::number(command.limit)}};
    if (!command.after.isEmpty())
        object.insert(QStringLiteral("after"), command.after);
    return object;
}

QJsonObject parameters(const CreateLink& command)
{
    QJsonObject object{{QStringLiteral("page"), command.page}};
    giveBytes(object, QStringLiteral("target"), command.target);
    giveExpiry(object, command.expiry);
    if (!command.note.isEmpty())
        object.insert(QStringLiteral("note"), command.note);
    if (command.maxDownloads > 0)
        object.insert(QStringLiteral("max_downloads"), static_cast<qint64>(command.maxDownloads));
    if (!command.password.isEmpty())
        object.insert(QStringLiteral("password"), command.password);
    if (!command.allow.isEmpty())
        object.insert(QStringLiteral("allow"), QJsonArray::fromStringList(command.allow));
    if (command.rate > 0)
        object.insert(QStringLiteral("rate"), static_cast<qint64>(command.rate));
    if (command.concurrency > 0)
        object.insert(QStringLiteral("concurrency"), static_cast<qint64>(command.concurrency));
    return object;
}

QJsonObject parameters(const UpdateLink& command)
{
    QJsonObject object = idOnly(command.id);
    if (command.expiry)
        giveExpiry(object, *command.expiry);
    const auto number = [&object](const QString& name, const std::optional<std::int64_t>& value) {
        if (value)
            object.insert(name, static_cast<qint64>(*value));
    };
    number(QStringLiteral("max_downloads"), command.maxDownloads);
    number(QStringLiteral("rate"), command.rate);
    number(QStringLiteral("concurrency"), command.concurrency);
    if (command.password && command.password->isEmpty())
        object.insert(QStringLiteral("no_password"), true);
    else
        giveOptional(object, QStringLiteral("password"), command.password);
    if (command.allow)
        object.insert(QStringLiteral("allow"), QJsonArray::fromStringList(*command.allow));
    giveOptional(object, QStringLiteral("note"), command.note);
    giveOptional(object, QStringLiteral("page"), command.page);
    giveOptional(object, QStringLiteral("if_match"), command.version);
    return object;
}

QJsonObject parameters(const ShowLink& command)
{
    return idOnly(command.id);
}

QJsonObject parameters(const RevokeLink& command)
{
    return idOnly(command.id);
}

QJsonObject parameters(const RestoreLink& command)
{
    return idOnly(command.id);
}

QJsonObject parameters(const GetStatus&)
{
    return {};
}

QJsonObject parameters(const ListTransfers&)
{
    return {};
}

QJsonObject parameters(const KickConnection& command)
{
    return idOnly(command.id);
}

} // namespace spillway::contract
