// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/escape.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace spillway::observe {
namespace {

constexpr std::array<char, 16> lowerHex{'0', '1', '2', '3', '4', '5', '6', '7',
                                        '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
constexpr std::array<char, 16> upperHex{'0', '1', '2', '3', '4', '5', '6', '7',
                                        '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

constexpr auto plainBytes = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x7f; ++c)
        table[c] = c != '"' && c != '\\';
    return table;
}();

bool isPlain(char c)
{
    return plainBytes[static_cast<unsigned char>(c)];
}

/// Nonzero where a byte of `word` may not be plain; exact in the lowest such byte, which is all that matters
/// here.
std::uint64_t notPlain(std::uint64_t word)
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    const auto hasByte = [word](std::uint64_t byte) {
        const std::uint64_t difference = word ^ (ones * byte);
        return (difference - ones) & ~difference;
    };
    const std::uint64_t controls = (word - ones * 0x20) & ~word;
    return (controls | hasByte('"') | hasByte('\\') | hasByte(0x7f) | word) & tops;
}

/// Eight bytes at a time: a log line is mostly plain text, and byte by byte this was half of its formatting.
std::size_t plainPrefix(std::string_view text)
{
    std::size_t length = 0;
    for (std::uint64_t word = 0; length + sizeof word <= text.size(); length += sizeof word) {
        std::memcpy(&word, text.data() + length, sizeof word);
        if (notPlain(word) != 0)
            break;
    }
    while (length < text.size() && isPlain(text[length]))
        ++length;
    return length;
}

/// The length of the valid UTF-8 sequence that `text` starts with and its code point (RFC 3629 §4), or 0.
std::size_t utf8Sequence(std::string_view text, std::uint32_t& codePoint)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xc2 && first < 0xe0 ? 2
                               : (first & 0xf0U) == 0xe0       ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0 || text.size() < length)
        return 0;
    codePoint = length == 1 ? first : first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80)
            return 0;
        codePoint = (codePoint << 6U) | (byte(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && codePoint < 0x800) || (length == 4 && codePoint < 0x10000);
    const bool surrogate = codePoint >= 0xd800 && codePoint < 0xe000;
    return overlong || surrogate || codePoint > 0x10ffff ? 0 : length;
}

void appendUnicodeEscape(std::string& out, std::uint32_t codePoint)
{
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += lowerHex[(codePoint >> static_cast<unsigned>(shift)) & 0xfU];
}

} // namespace

void appendJsonEscaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const std::size_t plain = plainPrefix(text);
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty())
            return;
        std::uint32_t codePoint = 0;
        const std::size_t length = utf8Sequence(text, codePoint);
        if (length == 0)
            out += "\\ufffd";
        else if (codePoint == '"' || codePoint == '\\')
            (out += '\\') += static_cast<char>(codePoint);
        else if (codePoint < 0xa0 || codePoint == 0x2028 || codePoint == 0x2029)
            appendUnicodeEscape(out, codePoint);
        else
            out.append(text.substr(0, length));
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

void appendLogEscaped(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const std::size_t plain = plainPrefix(text);
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty())
            return;
        const auto byte = static_cast<unsigned char>(text.front());
        out += "\\x";
        out += upperHex[byte >> 4U];
        out += upperHex[byte & 0xfU];
        text.remove_prefix(1);
    }
}

void appendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    appendJsonEscaped(out, text);
    out += '"';
}

} // namespace spillway::observe
