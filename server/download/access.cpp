// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/access.h"

#include "server/config/cidr.h"

#include <algorithm>

namespace spillway::download {

bool isAllowed(const std::vector<std::string>& blocks, const net::PeerAddress& client)
{
    const config::IpAddress address{client.address};
    return blocks.empty() || std::any_of(blocks.begin(), blocks.end(), [&address](const std::string& text) {
               const auto block = config::parseCidr(text);
               return block && block->contains(address);
           });
}

bool opens(const catalog::Link& link, const Rules& rules, std::int64_t now, const net::PeerAddress& client)
{
    return !link.revokedAt && !(link.expiresAt && now >= *link.expiresAt) &&
           rules.byId.contains(link.share) && rules.keys->find(link.keyId) && isAllowed(link.allow, client);
}

bool opens(const auth::KnownToken& token, const Rules& rules, std::int64_t now, catalog::ShareId share)
{
    const auto current = rules.tokens->byId(token.record.id);
    return current && current->goodAt(now) && current->covers(share) && rules.byId.contains(share);
}

bool presignedHolds(const Right& right, const Rules& rules, std::int64_t now)
{
    return !(right.expiresAt != 0 && now >= right.expiresAt) && rules.keys->find(right.keyId) &&
           !rules.denied.contains(right.urlDigest) && rules.byId.contains(right.share);
}

} // namespace spillway::download
