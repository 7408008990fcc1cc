// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Character classes of RFC 9110 and RFC 3986 as one table of bits, so that a scan is a load and a test for
// each byte.
namespace spillway::http::chars {

enum Class : std::uint8_t
{
    Token = 1,   ///< tchar (RFC 9110 §5.6.2)
    Digit = 2,   ///< 0-9
    Hex = 4,     ///< 0-9 a-f A-F
    RegName = 8, ///< unreserved and sub-delims, what a host name may be made of but for "%" (RFC 3986 §3.2.2)
    FieldValue = 16, ///< VCHAR, SP, HTAB, obs-text (RFC 9110 §5.5)
    EtagChar = 32,   ///< etagc (RFC 9110 §8.8.3)
    Attr = 64,       ///< attr-char (RFC 8187 §3.2.1)
};

namespace detail {

constexpr bool contains(std::string_view set, char c)
{
    return set.find(c) != std::string_view::npos;
}

constexpr std::array<std::uint8_t, 256> makeTable()
{
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        const bool digit = i >= '0' && i <= '9';
        const bool alpha = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
        const bool visible = i > 0x20 && i < 0x7f;
        unsigned bits = 0;
        if (digit)
            bits |= Digit;
        if (digit || (i >= 'a' && i <= 'f') || (i >= 'A' && i <= 'F'))
            bits |= Hex;
        if (digit || alpha || (i != 0 && contains("!#$%&'*+-.^_`|~", c)))
            bits |= Token;
        if (digit || alpha || (i != 0 && contains("-._~!$&'()*+,;=", c)))
            bits |= RegName;
        if (digit || alpha || (i != 0 && contains("!#$&+-.^_`|~", c)))
            bits |= Attr;
        if (visible || i == ' ' || i == '\t' || i >= 0x80)
            bits |= FieldValue;
        if ((visible && c != '"') || i >= 0x80)
            bits |= EtagChar;
        table[i] = static_cast<std::uint8_t>(bits);
    }
    return table;
}

} // namespace detail

inline constexpr std::array<std::uint8_t, 256> kTable = detail::makeTable();

[[nodiscard]] constexpr bool is(char c, std::uint8_t classes)
{
    return (kTable[static_cast<unsigned char>(c)] & classes) != 0;
}

/// Value of a hexadecimal digit; only for characters of class Hex.
[[nodiscard]] constexpr unsigned hexValue(char c)
{
    return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a') + 10U;
}

[[nodiscard]] constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

[[nodiscard]] constexpr char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// Equal without regard to ASCII case. `lower` is in lower case already.
[[nodiscard]] constexpr bool equalsLower(std::string_view text, std::string_view lower)
{
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (toLower(text[i]) != lower[i])
            return false;
    return true;
}

/// Without the SP and HTAB around it.
[[nodiscard]] constexpr std::string_view trim(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Takes the next member of a comma-separated list off the front of `rest`, trimmed. Commas in quoted strings
/// count as commas: for lists of tokens only. False at the end; empty members are passed over (RFC 9110
/// §5.6.1.2).
constexpr bool nextMember(std::string_view& rest, std::string_view& member)
{
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        member = trim(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        if (!member.empty())
            return true;
    }
    return false;
}

} // namespace spillway::http::chars
