// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/base64url.h"

namespace spillway::auth {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint32_t kInvalid =
    0x8000'0000U; ///< survives the shifts below, so one test at the end is enough

constexpr auto kValues = [] {
    std::array<std::uint32_t, 256> values{};
    values.fill(kInvalid);
    for (std::uint32_t i = 0; i < kAlphabet.size(); ++i)
        values[static_cast<std::uint8_t>(kAlphabet[i])] = i;
    return values;
}();

std::uint32_t valueOf(char c)
{
    return kValues[static_cast<std::uint8_t>(c)];
}

} // namespace

std::string encodeMac(const Mac& mac)
{
    std::string text;
    text.reserve(kMacTextSize + 1);
    for (std::size_t i = 0; i < mac.size(); i += 3) {
        const std::uint32_t second = i + 1 < mac.size() ? mac[i + 1] : 0U;
        const std::uint32_t third = i + 2 < mac.size() ? mac[i + 2] : 0U;
        const std::uint32_t group = std::uint32_t{mac[i]} << 16 | second << 8 | third;
        for (int shift = 18; shift >= 0; shift -= 6)
            text += kAlphabet[group >> shift & 63];
    }
    text.resize(kMacTextSize);
    return text;
}

bool decodeMac(std::string_view text, Mac& mac)
{
    if (text.size() != kMacTextSize)
        return false;
    std::uint32_t seen = 0;
    std::size_t out = 0;
    for (std::size_t in = 0; in + 4 <= text.size(); in += 4) {
        const std::uint32_t a = valueOf(text[in]), b = valueOf(text[in + 1]);
        const std::uint32_t c = valueOf(text[in + 2]), d = valueOf(text[in + 3]);
        seen |= a | b | c | d;
        const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
        mac[out++] = static_cast<std::uint8_t>(group >> 16);
        mac[out++] = static_cast<std::uint8_t>(group >> 8);
        mac[out++] = static_cast<std::uint8_t>(group);
    }
    const std::uint32_t a = valueOf(text[40]), b = valueOf(text[41]), c = valueOf(text[42]);
    seen |= a | b | c;
    const std::uint32_t group = a << 12 | b << 6 | c;
    mac[30] = static_cast<std::uint8_t>(group >> 10);
    mac[31] = static_cast<std::uint8_t>(group >> 2);
    return (seen & kInvalid) == 0 && (group & 3) == 0;
}

std::string encodeBase64Url(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        group = group << 8 | static_cast<std::uint8_t>(c);
        for (bits += 8; bits >= 6; bits -= 6)
            text += kAlphabet[group >> (bits - 6) & 63];
    }
    if (bits > 0)
        text += kAlphabet[group << (6 - bits) & 63];
    return text;
}

bool decodeBase64Url(std::string_view text, std::string& out)
{
    out.clear();
    out.reserve(text.size() * 3 / 4);
    std::uint32_t group = 0, seen = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::uint32_t value = valueOf(c);
        seen |= value;
        group = group << 6 | (value & 63);
        if (bits += 6; bits >= 8) {
            bits -= 8;
            out += static_cast<char>(group >> bits);
        }
    }
    // A lone character holds no byte, and spare bits are zero.
    return (seen & kInvalid) == 0 && bits < 6 && (group & ((1U << bits) - 1)) == 0;
}

} // namespace spillway::auth
