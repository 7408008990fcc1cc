// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"

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
    if (command.expiry.kind == LinkExpiry::Kind::Never)
        object.insert(QStringLiteral("expires"), QStringLiteral("never"));
    else if (command.expiry.kind == LinkExpiry::Kind::After)
        object.insert(QStringLiteral("expires"), static_cast<qint64>(command.expiry.after.count()));
    if (!command.note.isEmpty())
        object.insert(QStringLiteral("note"), command.note);
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
