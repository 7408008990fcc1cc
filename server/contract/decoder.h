// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace spillway::contract {

/// Takes members out of one JSON object and remembers the first that was missing or of another type, so that
/// a decoder reads straight down and asks once, at its end, whether all went well.
class Decoder
{
public:
    explicit Decoder(const QJsonValue& json, const char* what);

    [[nodiscard]] QString text(const char* name);
    [[nodiscard]] QString textOr(const char* name, const QString& otherwise) const;
    [[nodiscard]] QByteArray bytes(const char* name); ///< NAME_base64 where it is there, else NAME
    [[nodiscard]] bool flag(const char* name);
    [[nodiscard]] bool flagOr(const char* name, bool otherwise) const;
    [[nodiscard]] std::int64_t number(const char* name);
    [[nodiscard]] std::int64_t numberOr(const char* name, std::int64_t otherwise) const;
    [[nodiscard]] double real(const char* name);
    [[nodiscard]] std::optional<std::int64_t>
    optionalNumber(const char* name) const; ///< null or not there: none
    [[nodiscard]] QJsonArray array(const char* name);
    [[nodiscard]] QStringList textList(const char* name) const; ///< not there: none

    [[nodiscard]] bool good() const { return wrong_.empty(); }
    [[nodiscard]] Error error() const;

private:
    [[nodiscard]] QJsonValue take(const char* name, QJsonValue::Type type);
    QJsonObject object_;
    const char* what_;
    std::string wrong_;
};

/// `value` where all that was taken was there, else what was wrong.
template<class T>
[[nodiscard]] Result<std::remove_cvref_t<T>> finish(const Decoder& decoder, T&& value)
{
    if (!decoder.good())
        return fail(decoder.error());
    return std::forward<T>(value);
}

template<class Answer>
[[nodiscard]] Result<Answer> decode(const QJsonValue& json); // codec.h

/// Each item by its own decoder; the first error ends it.
template<class T>
[[nodiscard]] Result<std::vector<T>> decodeAll(const QJsonArray& array)
{
    std::vector<T> all;
    all.reserve(static_cast<std::size_t>(array.size()));
    for (const QJsonValue item : array) {
        auto one = decode<T>(item);
        if (!one)
            return fail(one.error());
        all.push_back(std::move(*one));
    }
    return all;
}

/// An answer that is a list as a whole.
template<class T>
[[nodiscard]] Result<std::vector<T>> decodeList(const QJsonValue& json, const char* what)
{
    if (!json.isArray())
        return fail(ErrorCode::Corrupt, std::string("the server's answer is no list of ") + what);
    return decodeAll<T>(json.toArray());
}

} // namespace spillway::contract
