// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/redact.h"

#include <algorithm>
#include <array>

namespace spillway::observe {
namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Whether `encoded`, percent-decoded once, is `name`, without case: hiding too much costs nothing.
bool decodesTo(std::string_view encoded, std::string_view name)
{
    std::size_t matched = 0;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        char c = encoded[i];
        if (c == '%' && i + 2 < encoded.size() && hexValue(encoded[i + 1]) >= 0 &&
            hexValue(encoded[i + 2]) >= 0) {
            c = static_cast<char>(hexValue(encoded[i + 1]) * 16 + hexValue(encoded[i + 2]));
            i += 2;
        }
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if (matched == name.size() || c != name[matched])
            return false;
        ++matched;
    }
    return matched == name.size();
}

bool isSecret(std::string_view name)
{
    constexpr std::array<std::string_view, 4> secrets{"s", "token", "password", "g"};
    return std::any_of(secrets.begin(), secrets.end(),
                       [name](std::string_view secret) { return decodesTo(name, secret); });
}

/// Where "&", ";", "?" or "#" is, or npos. Not find_first_of, which calls memchr for each character of the
/// query: it was a fifth of the time of a log line.
std::size_t endOfParameter(std::string_view query)
{
    const auto* found = std::find_if(query.begin(), query.end(),
                                     [](char c) { return c == '&' || c == ';' || c == '?' || c == '#'; });
    return found == query.end() ? std::string_view::npos : static_cast<std::size_t>(found - query.begin());
}

/// Appends what stands before the query with "***" for the "user:password" of each absolute URL in it (RFC
/// 3986 §3.2.1); a User-Agent may name several.
void appendBeforeQuery(std::string_view text, std::string& out)
{
    // Hosts are shorter: what is longer and has no end is a user and password that a bound has cut off.
    constexpr std::size_t longestHost = 200;
    std::size_t done = 0;
    std::size_t scheme = text.starts_with('/') ? std::string_view::npos : text.find("://");
    while (scheme != std::string_view::npos) {
        const std::size_t start = scheme + 3;
        std::size_t length = 0;
        while (start + length < text.size() && text[start + length] != '/' && text[start + length] != ' ')
            ++length;
        std::size_t hidden = std::min(text.substr(start, length).rfind('@'), length);
        if (hidden == length && (start + length < text.size() || length <= longestHost))
            hidden = 0;
        if (hidden > 0) {
            out.append(text.substr(done, start - done)).append("***");
            done = start + hidden;
        }
        scheme = text.find("://", start);
    }
    out.append(text.substr(done));
}

} // namespace

void redactTarget(std::string_view target, std::string& out)
{
    // A fragment may carry parameters as a query does. Two calls of memchr, see above.
    const std::size_t question = std::min(target.find('?'), target.size());
    const std::size_t start = std::min(target.substr(0, question).find('#'), question);
    appendBeforeQuery(target.substr(0, start), out);
    if (start == target.size())
        return;
    out += target[start];
    std::string_view query = target.substr(start + 1);
    for (bool first = true; first || !query.empty(); first = false) {
        // A name may start after more separators than the server knows, a secret ends only at the one it does
        // know: where the two readings differ, more is hidden, not less.
        std::size_t end = endOfParameter(query);
        const std::string_view parameter = query.substr(0, end);
        const std::size_t equals = parameter.find('=');
        if (equals != std::string_view::npos && isSecret(parameter.substr(0, equals))) {
            out.append(parameter.substr(0, equals + 1)).append("***");
            end = query.find('&');
        } else {
            out.append(parameter);
        }
        if (end == std::string_view::npos)
            return;
        out += query[end];
        query.remove_prefix(end + 1);
    }
}

} // namespace spillway::observe
