// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/units.h"
#include "server/config/cidr.h"
#include "server/config/settingstable.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace spillway::config {

using Value = std::variant<bool, std::int64_t, Bytes, BytesPerSecond, std::chrono::milliseconds, std::string,
                           std::vector<Endpoint>, std::vector<Cidr>, std::vector<std::string>>;

/// The C++ type behind a row's type.
template<Type type>
struct ValueOf
{
    using type_t = std::string; // String, Choice, Url
};
template<>
struct ValueOf<Type::Bool>
{
    using type_t = bool;
};
template<>
struct ValueOf<Type::Integer>
{
    using type_t = std::int64_t;
};
template<>
struct ValueOf<Type::Bytes>
{
    using type_t = Bytes;
};
template<>
struct ValueOf<Type::Rate>
{
    using type_t = BytesPerSecond;
};
template<>
struct ValueOf<Type::Duration>
{
    using type_t = std::chrono::milliseconds;
};
template<>
struct ValueOf<Type::Endpoints>
{
    using type_t = std::vector<Endpoint>;
};
template<>
struct ValueOf<Type::Cidrs>
{
    using type_t = std::vector<Cidr>;
};
template<>
struct ValueOf<Type::Folders>
{
    using type_t = std::vector<std::string>; // without a slash at the end, but for "/"
};

[[nodiscard]] constexpr bool isList(Type type)
{
    return type == Type::Endpoints || type == Type::Cidrs || type == Type::Folders;
}
[[nodiscard]] const char* typeName(Type type); ///< for people: "duration", "list of ADDR:PORT"

/// One text for a scalar, any number for a list. InvalidArgument with what was wrong and what is allowed; the
/// text of a secret is not repeated.
[[nodiscard]] Result<Value> parseValue(const Row& row, const std::vector<std::string>& texts);
/// "a, b" as the pieces of a list: the form of the environment and of defaults.
[[nodiscard]] std::vector<std::string> splitList(std::string_view text);

/// Texts that parse back to the value: one for a scalar.
[[nodiscard]] std::vector<std::string> formatValue(const Row& row, const Value& value);
/// As a line of spillway.toml has it behind the "=": 10, true, "10s", ["a", "b"].
[[nodiscard]] std::string formatToml(const Row& row, const Value& value);
/// "1s to 1h"; empty where there is nothing to say.
[[nodiscard]] std::string formatRange(const Row& row);

} // namespace spillway::config
