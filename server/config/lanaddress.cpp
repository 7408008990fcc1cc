// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/lanaddress.h"

#include "server/config/cidr.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace spillway::config {

namespace {

bool hasPrefix(std::string_view name, std::span<const std::string_view> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view p) { return name.starts_with(p); });
}

bool isContainerBridge(std::string_view name)
{
    constexpr std::array<std::string_view, 12> prefixes{"docker", "br-",    "veth",    "virbr",
                                                        "vnet",   "vmnet",  "vboxnet", "lxcbr",
                                                        "lxdbr",  "podman", "cni",     "flannel"};
    return hasPrefix(name, prefixes);
}

bool isTunnel(std::string_view name)
{
    constexpr std::array<std::string_view, 8> prefixes{"tun", "tap", "wg",   "tailscale",
                                                       "zt",  "ppp", "utun", "ipsec"};
    return hasPrefix(name, prefixes);
}

struct Scope
{
    const char* block;
    int rank; ///< lower is better
};

constexpr int kNever = 100;
constexpr int kTunnelPenalty = 10;

/// The first block that holds the address decides (RFC 1918, 3927, 4193, 4291, 6598).
int rankOf(const InterfaceAddress& candidate)
{
    static const std::array<std::pair<Cidr, int>, 11> scopes = [] {
        constexpr std::array<Scope, 11> texts{
            {{"127.0.0.0/8", kNever},
             {"::1/128", kNever},
             {"::/128", kNever},
             {"fe80::/10", kNever}, // needs a zone, which no URL for others can carry
             {"10.0.0.0/8", 0},
             {"172.16.0.0/12", 0},
             {"192.168.0.0/16", 0},
             {"169.254.0.0/16", 30},
             {"0.0.0.0/0", 1},
             {"fc00::/7", 3},
             {"::/0", 2}}};
        std::array<std::pair<Cidr, int>, 11> blocks;
        std::transform(texts.begin(), texts.end(), blocks.begin(), [](const Scope& scope) {
            return std::pair(parseCidr(scope.block).value(), scope.rank);
        });
        return blocks;
    }();
    if (candidate.address.isUnspecified() || isContainerBridge(candidate.name))
        return kNever;
    const auto scope = std::find_if(scopes.begin(), scopes.end(), [&](const auto& entry) {
        return entry.first.contains(candidate.address);
    });
    return scope->second + (isTunnel(candidate.name) ? kTunnelPenalty : 0);
}

/// Whether a client that opens this address reaches that socket. IPv6 sockets are IPv6 only.
bool accepts(const Endpoint& endpoint, const IpAddress& address)
{
    return endpoint.address == address ||
           (endpoint.address.isUnspecified() && endpoint.address.isV4() == address.isV4());
}

bool acceptedByAny(std::span<const Endpoint> listening, const IpAddress& address)
{
    return std::any_of(listening.begin(), listening.end(),
                       [&](const Endpoint& endpoint) { return accepts(endpoint, address); });
}

} // namespace

std::vector<InterfaceAddress> interfaceAddresses()
{
    std::vector<InterfaceAddress> found;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0)
        return found;
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
    for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr || (entry->ifa_flags & IFF_UP) == 0 || (entry->ifa_flags & IFF_RUNNING) == 0)
            continue;
        InterfaceAddress one{entry->ifa_name, {}};
        if (entry->ifa_addr->sa_family == AF_INET) {
            sockaddr_in four{};
            std::memcpy(&four, entry->ifa_addr, sizeof four);
            std::array<std::uint8_t, 4> b{};
            std::memcpy(b.data(), &four.sin_addr, b.size());
            one.address = IpAddress::v4(b[0], b[1], b[2], b[3]);
        } else if (entry->ifa_addr->sa_family == AF_INET6) {
            sockaddr_in6 six{};
            std::memcpy(&six, entry->ifa_addr, sizeof six);
            std::memcpy(one.address.bytes.data(), &six.sin6_addr, one.address.bytes.size());
        } else {
            continue;
        }
        found.push_back(std::move(one));
    }
    return found;
}

IpAddress bestAddress(std::span<const InterfaceAddress> addresses, std::span<const Endpoint> listening)
{
    const InterfaceAddress* best = nullptr;
    int bestRank = kNever;
    for (const InterfaceAddress& candidate : addresses) {
        const int rank = acceptedByAny(listening, candidate.address) ? rankOf(candidate) : kNever;
        if (rank < bestRank) {
            best = &candidate;
            bestRank = rank;
        }
    }
    if (best)
        return best->address;
    // One address that was asked for by name is the answer, whatever it is.
    for (const Endpoint& endpoint : listening)
        if (!endpoint.address.isUnspecified())
            return endpoint.address;
    const IpAddress four = IpAddress::v4(127, 0, 0, 1);
    if (listening.empty() || acceptedByAny(listening, four))
        return four;
    IpAddress six;
    six.bytes[15] = 1;
    return six;
}

std::string defaultPublicUrl(std::span<const InterfaceAddress> addresses, std::span<const Endpoint> listening,
                             std::string_view scheme)
{
    const IpAddress address = bestAddress(addresses, listening);
    std::uint16_t port = 0;
    for (const Endpoint& endpoint : listening) {
        if (accepts(endpoint, address)) {
            port = endpoint.port;
            break;
        }
    }
    const std::string text = formatEndpoint({address, port});
    const bool isDefault = port == (scheme == "https" ? 443 : 80);
    return std::string(scheme) + "://" + (isDefault ? text.substr(0, text.rfind(':')) : text);
}

} // namespace spillway::config
