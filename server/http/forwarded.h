// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/cidr.h"
#include "server/http/requesthead.h"

#include <vector>

namespace spillway::http {

/// Whom a request is from when proxies stand between.
struct Origin
{
    config::IpAddress client; ///< the peer, or whom trusted proxies name
    bool secure = false;      ///< a trusted proxy says that the client came by HTTPS
    bool unusable = false;    ///< a trusted proxy's fields could not be used to the end
};

/// The proxies whose Forwarded (RFC 7239), X-Forwarded-For and X-Forwarded-Proto are believed. An immutable
/// value: one snapshot for all workers, replaced as a whole on a reload.
///
/// The chain of hops is walked from its right end, which the peer wrote: while the one it names is trusted,
/// too, the next one to the left is asked. Who is not trusted is the client, and nothing left of it is even
/// read, so that what a client makes up cannot matter. Strict: what is not a well-formed element with an
/// address ("unknown", an obfuscated identifier, a list beyond 32 hops) ends the walk at the nearest address
/// that a trusted hop vouches for. Where both families of fields are there and name different clients, it is
/// the peer's own address: one of them was passed on from the client, and nobody can tell which.
class TrustedProxies
{
public:
    TrustedProxies() = default;
    explicit TrustedProxies(std::vector<config::Cidr> blocks) : blocks_(std::move(blocks)) {}

    [[nodiscard]] bool contains(const config::IpAddress& address) const
    {
        return config::containsAddress(blocks_, address);
    }
    [[nodiscard]] const std::vector<config::Cidr>& blocks() const noexcept { return blocks_; }
    /// A pure function of the head and the peer; the peer itself where it is not trusted.
    [[nodiscard]] Origin originOf(const RequestHead& head, const config::IpAddress& peer) const;
    /// Whether there is anything in the head for originOf to read.
    [[nodiscard]] static bool hasFields(const RequestHead& head) noexcept
    {
        return head.forwarded.data() || head.xForwardedFor.data() || head.xForwardedProto.data();
    }

private:
    std::vector<config::Cidr> blocks_;
};

} // namespace spillway::http
