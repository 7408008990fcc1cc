// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/arguments.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <cmath>

namespace spillway::admin {

namespace {

constexpr std::string_view kBase64Suffix = "_base64";
constexpr double kMaxExact = 9007199254740992.0; ///< 2^53: JSON numbers are exact up to here

tl::unexpected<Error> wrong(std::string_view name, std::string_view what)
{
    return fail(ErrorCode::InvalidArgument, "\"" + std::string(name) + "\" " + std::string(what));
}

std::optional<std::int64_t> wholeNumber(const QJsonValue& value)
{
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (number != std::floor(number) || std::abs(number) > kMaxExact)
            return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    bool fits = false;
    const qlonglong number = value.toString().toLongLong(&fits);
    return fits ? std::optional<std::int64_t>(number) : std::nullopt;
}

Result<QJsonValue> checkDuration(const Parameter& parameter, const QJsonValue& value)
{
    if (value.isDouble()) {
        const auto seconds = wholeNumber(value);
        if (!seconds || *seconds < 0)
            return wrong(parameter.name, "is no whole number of seconds");
        return QJsonValue(static_cast<qint64>(*seconds));
    }
    if (!value.isString())
        return wrong(parameter.name, "is no duration");
    const std::string text = value.toString().toStdString();
    if ((parameter.type == ParameterType::DurationOrNever && text == "never") ||
        (parameter.type == ParameterType::DurationOrForever && text == "forever"))
        return value;
    const auto duration = parseDuration(text);
    if (!duration)
        return wrong(parameter.name, ": " + duration.error().message);
    return QJsonValue(static_cast<qint64>(std::chrono::floor<std::chrono::seconds>(*duration).count()));
}

Result<QJsonValue> checkRate(const Parameter& parameter, const QJsonValue& value)
{
    if (value.isDouble()) {
        const auto rate = wholeNumber(value);
        if (!rate || *rate < 0)
            return wrong(parameter.name, "is no rate in bytes per second");
        return QJsonValue(static_cast<qint64>(*rate));
    }
    const auto rate = parseRate(value.toString().toStdString());
    if (!value.isString() || !rate)
        return wrong(parameter.name, "is no rate, as \"2MiB/s\"");
    return QJsonValue(static_cast<qint64>(rate->count));
}

Result<QJsonValue> checkOne(const Parameter& parameter, const QJsonValue& value)
{
    const bool isText = parameter.place != ParameterPlace::Body;
    switch (parameter.type) {
    case ParameterType::Text:
    case ParameterType::Bytes:
        if (!value.isString() || value.toString().contains(QChar(0)))
            return wrong(parameter.name, "is no text");
        return value;
    case ParameterType::Boolean:
        if (value.isBool())
            return value;
        if (isText &&
            (value.toString() == QLatin1String("true") || value.toString() == QLatin1String("false")))
            return QJsonValue(value.toString() == QLatin1String("true"));
        return wrong(parameter.name, "is neither true nor false");
    case ParameterType::Integer: {
        const auto number = isText || value.isDouble() ? wholeNumber(value) : std::nullopt;
        if (!number)
            return wrong(parameter.name, "is no whole number");
        return QJsonValue(static_cast<qint64>(*number));
    }
    case ParameterType::Duration:
    case ParameterType::DurationOrNever:
    case ParameterType::DurationOrForever:
        return checkDuration(parameter, value);
    case ParameterType::Rate:
        return checkRate(parameter, value);
    case ParameterType::TextList: {
        const QJsonArray items = value.toArray();
        if (!value.isArray() ||
            std::any_of(items.begin(), items.end(), [](const QJsonValue& item) { return !item.isString(); }))
            return wrong(parameter.name, "is no list of texts");
        return value;
    }
    }
    return wrong(parameter.name, "has a type that is not known");
}

} // namespace

QString toQString(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

void putBytes(QJsonObject& object, std::string_view name, const std::string& bytes)
{
    const QString text = toQString(bytes);
    object.insert(toQString(name), text);
    if (text.toStdString() != bytes)
        object.insert(toQString(name) + toQString(kBase64Suffix),
                      QString::fromLatin1(QByteArray::fromStdString(bytes).toBase64()));
}

Result<Arguments> Arguments::check(const std::vector<Parameter>& parameters, const QJsonObject& given)
{
    Arguments arguments;
    QJsonObject rest = given;
    for (const Parameter& parameter : parameters) {
        const QString name = toQString(parameter.name);
        const QString encodedName = name + toQString(kBase64Suffix);
        const QJsonValue value = rest.take(name);
        if (parameter.type == ParameterType::Bytes && rest.contains(encodedName)) {
            const QJsonValue encoded = rest.take(encodedName);
            const auto bytes = QByteArray::fromBase64Encoding(encoded.toString().toLatin1(),
                                                              QByteArray::AbortOnBase64DecodingErrors);
            if (!encoded.isString() || !bytes || bytes.decoded.contains('\0'))
                return wrong(encodedName.toStdString(), "is no base64");
            arguments.values_.insert(encodedName, encoded);
            continue;
        }
        if (value.isUndefined() || value.isNull()) {
            if (parameter.required)
                return wrong(parameter.name, "is missing");
            continue;
        }
        auto checked = checkOne(parameter, value);
        if (!checked)
            return fail(checked.error());
        arguments.values_.insert(name, *checked);
    }
    if (!rest.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    "there is no parameter \"" + rest.constBegin().key().toStdString() + "\" here");
    return arguments;
}

bool Arguments::has(std::string_view name) const
{
    return values_.contains(toQString(name)) || values_.contains(toQString(name) + toQString(kBase64Suffix));
}

std::string Arguments::text(std::string_view name) const
{
    const QJsonValue encoded = values_.value(toQString(name) + toQString(kBase64Suffix));
    if (encoded.isString())
        return QByteArray::fromBase64(encoded.toString().toLatin1()).toStdString();
    return values_.value(toQString(name)).toString().toStdString();
}

std::optional<std::string> Arguments::optionalText(std::string_view name) const
{
    return has(name) ? std::optional(text(name)) : std::nullopt;
}

std::optional<bool> Arguments::optionalFlag(std::string_view name) const
{
    return has(name) ? std::optional(values_.value(toQString(name)).toBool()) : std::nullopt;
}

bool Arguments::flag(std::string_view name, bool otherwise) const
{
    return optionalFlag(name).value_or(otherwise);
}

std::int64_t Arguments::integer(std::string_view name, std::int64_t otherwise) const
{
    return values_.value(toQString(name)).toInteger(otherwise);
}

std::optional<std::chrono::seconds> Arguments::duration(std::string_view name) const
{
    const QJsonValue value = values_.value(toQString(name));
    return value.isDouble() ? std::optional(std::chrono::seconds(value.toInteger())) : std::nullopt;
}

BytesPerSecond Arguments::rate(std::string_view name) const
{
    return BytesPerSecond{integer(name, 0)};
}

std::vector<std::string> Arguments::list(std::string_view name) const
{
    std::vector<std::string> items;
    for (const QJsonValue item : values_.value(toQString(name)).toArray())
        items.push_back(item.toString().toStdString());
    return items;
}

} // namespace spillway::admin
