// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/decoder.h"

namespace spillway::contract {

Decoder::Decoder(const QJsonValue& json, const char* what) : object_(json.toObject()), what_(what)
{
    if (!json.isObject())
        wrong_ = "no object";
}

QJsonValue Decoder::take(const char* name, QJsonValue::Type type)
{
    const QJsonValue value = object_.value(QLatin1String(name));
    if (value.type() != type && wrong_.empty())
        wrong_ = std::string("\"") + name + (value.isUndefined() ? "\" is missing" : "\" has another type");
    return value;
}

QString Decoder::text(const char* name)
{
    return take(name, QJsonValue::String).toString();
}

QString Decoder::textOr(const char* name, const QString& otherwise) const
{
    return object_.value(QLatin1String(name)).toString(otherwise);
}

QByteArray Decoder::bytes(const char* name)
{
    const QJsonValue encoded = object_.value(QLatin1String(name) + QLatin1String("_base64"));
    if (encoded.isString())
        return QByteArray::fromBase64(encoded.toString().toLatin1());
    return text(name).toUtf8();
}

bool Decoder::flag(const char* name)
{
    return take(name, QJsonValue::Bool).toBool();
}

bool Decoder::flagOr(const char* name, bool otherwise) const
{
    return object_.value(QLatin1String(name)).toBool(otherwise);
}

std::int64_t Decoder::number(const char* name)
{
    return take(name, QJsonValue::Double).toInteger();
}

std::int64_t Decoder::numberOr(const char* name, std::int64_t otherwise) const
{
    return object_.value(QLatin1String(name)).toInteger(otherwise);
}

double Decoder::real(const char* name)
{
    return take(name, QJsonValue::Double).toDouble();
}

std::optional<std::int64_t> Decoder::optionalNumber(const char* name) const
{
    const QJsonValue value = object_.value(QLatin1String(name));
    return value.isDouble() ? std::optional<std::int64_t>(value.toInteger()) : std::nullopt;
}

QJsonArray Decoder::array(const char* name)
{
    return take(name, QJsonValue::Array).toArray();
}

QStringList Decoder::textList(const char* name) const
{
    QStringList list;
    for (const QJsonValue item : object_.value(QLatin1String(name)).toArray())
        list.append(item.toString());
    return list;
}

Error Decoder::error() const
{
    return {ErrorCode::Corrupt, std::string("the server's answer is no ") + what_ + ": " + wrong_, 0};
}

} // namespace spillway::contract
