// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/ipaddress.h"

#include <array>
#include <functional>
#include <mutex>

namespace spillway::http {

/// Notices proxies that stand in front of the server and are not in proxy.trusted: private addresses whose
/// requests carry forwarded fields again and again. Each is told of once, for whoever set it up will wonder
/// why all clients have one address.
///
/// Any thread. At most 16 addresses are kept in mind, the busiest ones; a client in the same network that
/// makes such fields up can get itself named, and nothing else.
class ProxyWatch
{
public:
    static constexpr std::uint32_t kMany = 20; ///< requests
    using Tell = std::function<void(const config::IpAddress&)>;

    /// `tell` is called under no lock, from the thread that noted.
    explicit ProxyWatch(Tell tell) : tell_(std::move(tell)) {}

    /// A request with forwarded fields from a peer that is not trusted. True where there is nothing more to
    /// learn of this peer: the caller may spare itself the call.
    bool note(const config::IpAddress& peer);
    /// It looks like a proxy so far.
    [[nodiscard]] bool suspects(const config::IpAddress& peer) const;

    /// Loopback, link-local, private use (RFC 1918, RFC 4193) and shared (RFC 6598): where one's own proxies
    /// are.
    [[nodiscard]] static bool isPrivate(const config::IpAddress& address);

private:
    struct Seen
    {
        config::IpAddress address;
        std::uint32_t requests = 0;
    };

    const Tell tell_;
    mutable std::mutex mutex_; ///< guards seen_
    std::array<Seen, 16> seen_;
};

} // namespace spillway::http
