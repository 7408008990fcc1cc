// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/grant.h"

#include "server/http/query.h"

#include <array>

namespace spillway::download {

namespace {

/// Cookies of one request that are looked into: each costs a MAC.
constexpr int kMaxCookies = 4;

std::optional<std::string> nameIn(const auth::ValueSigner& signer, std::string_view grant,
                                  std::string_view link, std::int64_t now)
{
    auto payload = signer.open(auth::ValueKind::Grant, grant, now);
    // The id of a link has one length, so no other link's id begins so.
    if (!payload || !payload->starts_with(link) || payload->size() <= link.size())
        return std::nullopt;
    return payload->substr(link.size());
}

} // namespace

std::string makeGrant(const auth::ValueSigner& signer, std::string_view link, std::string_view name,
                      std::int64_t expiresAt)
{
    return signer.sign(auth::ValueKind::Grant, std::string(link).append(name), expiresAt);
}

bool mayHaveGrant(const http::RequestHead& head)
{
    return head.cookie.find(kGrantCookie) != std::string_view::npos ||
           (head.rawQuery.data() && http::Query(head.rawQuery).contains(kGrantParameter));
}

std::optional<std::string> grantedName(const auth::ValueSigner& signer, const http::RequestHead& head,
                                       std::string_view link, std::int64_t now)
{
    if (const auto parameter = http::Query(head.rawQuery).find(kGrantParameter))
        if (auto name = nameIn(signer, parameter->rawValue, link, now))
            return name;
    std::string_view cookies = head.cookie; // RFC 6265 §4.2.1: name=value, separated by "; "
    for (int seen = 0; !cookies.empty() && seen < kMaxCookies;) {
        std::string_view one = cookies.substr(0, cookies.find(';'));
        cookies.remove_prefix(std::min(one.size() + 1, cookies.size()));
        while (one.starts_with(' '))
            one.remove_prefix(1);
        if (!one.starts_with(kGrantCookie) || one.substr(kGrantCookie.size(), 1) != "=")
            continue;
        ++seen;
        if (auto name = nameIn(signer, one.substr(kGrantCookie.size() + 1), link, now))
            return name;
    }
    return std::nullopt;
}

} // namespace spillway::download
