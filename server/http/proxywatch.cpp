// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/proxywatch.h"

#include <algorithm>

namespace spillway::http {

bool ProxyWatch::isPrivate(const config::IpAddress& address)
{
    const auto& bytes = address.bytes;
    if (address.isLoopback())
        return true;
    if (address.isV4())
        return bytes[12] == 10 || (bytes[12] == 172 && (bytes[13] & 0xF0) == 16) ||
               (bytes[12] == 192 && bytes[13] == 168) || (bytes[12] == 169 && bytes[13] == 254) ||
               (bytes[12] == 100 && (bytes[13] & 0xC0) == 64);
    return (bytes[0] & 0xFE) == 0xFC || (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80);
}

bool ProxyWatch::note(const config::IpAddress& peer)
{
    if (!isPrivate(peer))
        return true;
    {
        const std::lock_guard lock(mutex_);
        auto* const known = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& seen) {
            return seen.requests > 0 && seen.address == peer;
        });
        if (known == seen_.end()) {
            auto* const least =
                std::min_element(seen_.begin(), seen_.end(),
                                 [](const Seen& a, const Seen& b) { return a.requests < b.requests; });
            // Those that were told of stay, so that they are not told of again.
            if (least->requests < kMany)
                *least = {peer, 1};
            return false;
        }
        if (known->requests >= kMany)
            return true;
        if (++known->requests < kMany)
            return false;
    }
    tell_(peer);
    return true;
}

bool ProxyWatch::suspects(const config::IpAddress& peer) const
{
    const std::lock_guard lock(mutex_);
    return std::any_of(seen_.begin(), seen_.end(),
                       [&](const Seen& seen) { return seen.requests > 0 && seen.address == peer; });
}

} // namespace spillway::http
