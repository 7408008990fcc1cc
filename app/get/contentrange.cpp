// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/contentrange.h"

#include <limits>

namespace spillway::get {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool isBytesUnit(std::string_view unit)
{
    constexpr std::string_view bytes = "bytes";
    if (unit.size() != bytes.size())
        return false;
    for (std::size_t i = 0; i < unit.size(); ++i)
        if ((unit[i] | 0x20) != bytes[i])
            return false;
    return true;
}

} // namespace

std::optional<std::uint64_t> parseLength(std::string_view field)
{
    const std::string_view digits = trimmed(field);
    if (digits.empty())
        return std::nullopt;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (most - digit) / 10)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

std::optional<ContentRange> parseContentRange(std::string_view field)
{
    const std::string_view text = trimmed(field);
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos || !isBytesUnit(text.substr(0, blank)))
        return std::nullopt;
    const std::string_view range = text.substr(blank + 1);
    const auto slash = range.find('/');
    // parseLength takes blanks at the ends, which are none of this field's.
    if (slash == std::string_view::npos || range.find_first_of(" \t") != std::string_view::npos)
        return std::nullopt;
    const std::string_view part = range.substr(0, slash), total = range.substr(slash + 1);
    ContentRange parsed;
    if (total != "*") {
        parsed.total = parseLength(total);
        if (!parsed.total)
            return std::nullopt;
    }
    if (part == "*") {
        if (!parsed.total)
            return std::nullopt;
        return parsed;
    }
    const auto dash = part.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    parsed.first = parseLength(part.substr(0, dash));
    parsed.last = parseLength(part.substr(dash + 1));
    if (!parsed.first || !parsed.last || *parsed.first > *parsed.last ||
        (parsed.total && *parsed.last >= *parsed.total))
        return std::nullopt;
    return parsed;
}

} // namespace spillway::get
