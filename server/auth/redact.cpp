// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/redact.h"

#include <algorithm>
#include <array>

namespace spillway::auth {

namespace {

constexpr std::array<std::string_view, 3> kSecretNames{"s", "token", "password"};

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Percent-encoding and case are seen through: a reader of the query may decode names, and hiding too much is
/// harmless.
bool spells(std::string_view name, std::string_view word)
{
    for (char wanted : word) {
        if (name.empty())
            return false;
        char c = name.front();
        std::size_t taken = 1;
        if (c == '%' && name.size() > 2 && hexValue(name[1]) >= 0 && hexValue(name[2]) >= 0) {
            c = static_cast<char>(hexValue(name[1]) << 4 | hexValue(name[2]));
            taken = 3;
        }
        if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != wanted)
            return false;
        name.remove_prefix(taken);
    }
    return name.empty();
}

bool isSecret(std::string_view name)
{
    return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                       [&](std::string_view secret) { return spells(name, secret); });
}

/// Where the next secret value lies in `text` from `from` on; empty at the end where there is none.
struct Range
{
    std::size_t begin, end;
};

Range userInfo(std::string_view text)
{
    const Range none{text.size(), text.size()};
    if (text.starts_with('/'))
        return none;
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos ||
        text.substr(0, scheme).find_first_of("/?#") != std::string_view::npos)
        return none;
    const auto start = scheme + 3;
    const auto authority = text.substr(start, text.find_first_of("/?#", start) - start);
    const auto at = authority.rfind('@');
    return at == std::string_view::npos || at == 0 ? none : Range{start, start + at};
}

Range nextParameter(std::string_view text, std::size_t from)
{
    while (from < text.size()) {
        // A name may start after more separators than the server knows; a secret ends only at the one it does
        // know, "&": a "?" may stand in a value (RFC 3986 §3.4).
        std::size_t end = from;
        std::size_t equals = text.size();
        for (; end < text.size() && text[end] != '&' && text[end] != '?' && text[end] != '#'; ++end)
            if (text[end] == '=' && equals == text.size())
                equals = end;
        if (equals < end && isSecret(text.substr(from, equals - from))) {
            end = std::min(text.find('&', end), text.size());
            if (equals + 1 < end)
                return {equals + 1, end};
        }
        from = end + 1;
    }
    return {text.size(), text.size()};
}

/// Past the first "?" or "#"; the text's size where there is none.
std::size_t queryStart(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '?' || text[i] == '#')
            return i + 1;
    return text.size();
}

} // namespace

std::string_view redact(std::string_view text, std::span<char> buffer)
{
    const std::size_t afterPath = queryStart(text);
    Range secret = userInfo(text);
    if (secret.begin == text.size())
        secret = nextParameter(text, afterPath);
    if (secret.begin == text.size())
        return text;

    std::size_t used = 0;
    const auto put = [&](std::string_view piece) {
        const auto room = std::min(piece.size(), buffer.size() - used);
        std::copy_n(piece.begin(), room, buffer.begin() + static_cast<std::ptrdiff_t>(used));
        used += room;
    };
    std::size_t done = 0;
    while (secret.begin < text.size()) {
        put(text.substr(done, secret.begin - done));
        put("*");
        done = secret.end;
        secret = nextParameter(text, std::max(done + 1, afterPath));
    }
    if (done < text.size())
        put(text.substr(done));
    return {buffer.data(), used};
}

} // namespace spillway::auth
