// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/units.h"

#include <QtCore/QJsonObject>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::admin {

enum class ParameterType : std::uint8_t
{
    Text,
    Bytes, ///< text; bytes that are not UTF-8 come as base64 in NAME_base64 instead
    Boolean,
    Integer,
    TextOrNumber,      ///< a number is taken as its digits
    Duration,          ///< "1h", or seconds as a number
    DurationOrNever,   ///< or "never"
    DurationOrForever, ///< or "forever"
    Rate,              ///< "2MiB/s", or bytes per second as a number
    TextList,
};

enum class ParameterPlace : std::uint8_t
{
    Path, ///< {name} in the path template
    Query,
    Body,
    Header, ///< If-Match: the version that the caller has seen
};

struct Parameter
{
    std::string_view name;
    ParameterType type = ParameterType::Text;
    ParameterPlace place = ParameterPlace::Body;
    bool required = false;
    std::string_view help{};
};

/// Parameters of one call, checked: no unknown ones, each of its type, the required ones there. A plain
/// value.
class Arguments
{
public:
    /// Values from the path and the query are text and are read as their types want. InvalidArgument names
    /// the parameter.
    [[nodiscard]] static Result<Arguments> check(const std::vector<Parameter>& parameters,
                                                 const QJsonObject& given);

    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const; ///< Text and Bytes; empty where absent
    [[nodiscard]] std::optional<std::string> optionalText(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name, bool otherwise = false) const;
    [[nodiscard]] std::optional<bool> optionalFlag(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    [[nodiscard]] std::optional<std::chrono::seconds> duration(std::string_view name) const;
    [[nodiscard]] BytesPerSecond rate(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

private:
    QJsonObject values_; ///< durations as seconds, "never" as text, rates as numbers
};

/// Bytes as they go into JSON: under `name` as text (U+FFFD for what is not UTF-8), and where that loses
/// something under NAME_base64 exactly.
void putBytes(QJsonObject& object, std::string_view name, const std::string& bytes);
/// The reverse, for a member of a request.
[[nodiscard]] QString toQString(std::string_view utf8);

} // namespace spillway::admin
