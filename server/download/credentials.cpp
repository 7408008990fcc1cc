// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/credentials.h"

#include "server/http/accept.h"
#include "server/http/query.h"

#include <algorithm>
#include <array>

namespace spillway::download {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool sameText(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

/// What follows "scheme " in Authorization; null data() for another scheme.
std::string_view credentialsOf(std::string_view authorization, std::string_view scheme)
{
    if (authorization.size() <= scheme.size() || !sameText(authorization.substr(0, scheme.size()), scheme) ||
        authorization[scheme.size()] != ' ')
        return {};
    authorization.remove_prefix(scheme.size());
    while (authorization.starts_with(' '))
        authorization.remove_prefix(1);
    return authorization;
}

/// RFC 4648 §4, with or without "=".
std::optional<std::string> decodeBase64(std::string_view text)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string out;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        group = group << 6 | static_cast<std::uint32_t>(value);
        if (bits += 6; bits >= 8) {
            bits -= 8;
            out += static_cast<char>(group >> bits);
        }
    }
    return out;
}

/// Without the port that the scheme has anyway.
std::string_view withoutDefaultPort(std::string_view authority)
{
    for (const std::string_view port : {":80", ":443"})
        if (authority.ends_with(port))
            return authority.substr(0, authority.size() - port.size());
    return authority;
}

} // namespace

bool isPageRequest(const http::RequestHead& head)
{
    return head.method == http::Method::Get && !head.range.data() &&
           (!head.secFetchDest.data() || head.secFetchDest == "document") &&
           http::acceptNames(head.accept, "text/html");
}

bool wantsFilePage(const http::RequestHead& head)
{
    if (!isPageRequest(head))
        return false;
    const http::Query query(head.rawQuery);
    return !query.contains("dl") && !query.contains("sha256");
}

bool wantsForm(const http::RequestHead& head)
{
    const bool sent = head.method == http::Method::Post && http::acceptNames(head.accept, "text/html");
    return sent || isPageRequest(head);
}

bool isForm(const http::RequestHead& head)
{
    std::string_view type = head.contentType.substr(0, head.contentType.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    return sameText(type, "application/x-www-form-urlencoded");
}

std::string_view bearerToken(std::string_view authorization)
{
    return credentialsOf(authorization, "bearer");
}

std::optional<std::string> basicPassword(std::string_view authorization)
{
    const std::string_view text = credentialsOf(authorization, "basic");
    const auto pair = text.data() ? decodeBase64(text) : std::nullopt;
    const auto colon = pair ? pair->find(':') : std::string::npos;
    return colon == std::string::npos ? std::nullopt : std::optional(pair->substr(colon + 1));
}

std::string formValue(std::string_view body, std::string_view name)
{
    const auto field = http::Query(body).find(name);
    if (!field)
        return {};
    std::string raw(field->rawValue), value;
    std::replace(raw.begin(), raw.end(), '+', ' ');
    return http::percentDecode(raw, value) ? value : std::string();
}

bool isSameOrigin(const http::RequestHead& head, std::string_view publicHost)
{
    if (!head.origin.data())
        return true;
    const auto scheme = head.origin.find("://");
    if (scheme == std::string_view::npos)
        return false;
    const std::string_view authority = withoutDefaultPort(head.origin.substr(scheme + 3));
    return sameText(authority, withoutDefaultPort(head.host)) ||
           (!publicHost.empty() && sameText(authority, withoutDefaultPort(publicHost)));
}

std::vector<std::string_view> cookieValues(std::string_view field, std::string_view name)
{
    constexpr std::size_t most = 8;
    std::vector<std::string_view> values;
    while (!field.empty() && values.size() < most) {
        std::string_view pair = field.substr(0, field.find(';'));
        field.remove_prefix(std::min(field.size(), pair.size() + 1));
        while (pair.starts_with(' '))
            pair.remove_prefix(1);
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            values.push_back(pair.substr(name.size() + 1));
    }
    return values;
}

std::string setCookie(const Cookie& cookie)
{
    std::string line = "Set-Cookie: ";
    line.append(cookie.name).append(1, '=').append(cookie.value);
    line.append("; Path=").append(cookie.path);
    line.append("; Max-Age=" + std::to_string(cookie.lifetime.count()));
    line.append("; HttpOnly; SameSite=Lax");
    if (cookie.secure)
        line.append("; Secure");
    return line + "\r\n";
}

std::string ownAddress(const http::RequestHead& head, std::string_view without)
{
    std::string address = "./";
    address += head.rawPath.substr(head.rawPath.find_last_of('/') + 1);
    char separator = '?';
    for (const http::QueryParameter& parameter : http::Query(head.rawQuery)) {
        if (!without.empty() && parameter.nameIs(without))
            continue;
        address += separator;
        separator = '&';
        address += parameter.rawName;
        if (parameter.rawValue.data())
            address.append(1, '=').append(parameter.rawValue);
    }
    if (address.starts_with(
            "./?")) // the query alone says the same, and old versions of curl get the other one wrong
        address.erase(0, 2);
    return address;
}

} // namespace spillway::download
