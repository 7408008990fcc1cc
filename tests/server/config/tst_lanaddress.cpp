// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/lanaddress.h"

#include <gtest/gtest.h>

using namespace spillway::config;

namespace {

using Names = std::vector<std::pair<const char*, const char*>>;

std::vector<InterfaceAddress> interfaces(const Names& names)
{
    std::vector<InterfaceAddress> all;
    for (const auto& [name, address] : names)
        all.push_back({name, parseIpAddress(address).value()});
    return all;
}

std::vector<Endpoint> endpoints(const std::vector<const char*>& texts)
{
    std::vector<Endpoint> all;
    for (const char* text : texts)
        all.push_back(parseEndpoint(text).value());
    return all;
}

TEST(DefaultPublicUrl, Table)
{
    const std::vector<const char*> both{"0.0.0.0:8080", "[::]:8081"};
    struct Row
    {
        const char* what;
        Names interfaces;
        std::vector<const char*> listening;
        const char* url;
    };
    const Row rows[] = {
        {"nothing but loopback", {{"lo", "127.0.0.1"}, {"lo", "::1"}}, both, "http://127.0.0.1:8080"},
        {"no interface at all", {}, both, "http://127.0.0.1:8080"},
        {"loopback, IPv6 only", {{"lo", "::1"}}, {"[::]:8081"}, "http://[::1]:8081"},
        {"an office desk",
         {{"lo", "127.0.0.1"},
          {"docker0", "172.17.0.1"},
          {"wlp3s0", "192.168.1.5"},
          {"wlp3s0", "fe80::1"},
          {"tun0", "10.8.0.2"}},
         both,
         "http://192.168.1.5:8080"},
        {"private before public",
         {{"eth0", "203.0.113.9"}, {"eth1", "10.0.0.9"}},
         both,
         "http://10.0.0.9:8080"},
        {"public before IPv6",
         {{"eth0", "2001:db8::9"}, {"eth0", "203.0.113.9"}},
         both,
         "http://203.0.113.9:8080"},
        {"global IPv6 before local",
         {{"eth0", "fd00::9"}, {"eth0", "2001:db8::9"}},
         both,
         "http://[2001:db8::9]:8081"},
        {"unique local IPv6", {{"eth0", "fd00::9"}}, both, "http://[fd00::9]:8081"},
        {"link-local IPv6 has no URL", {{"eth0", "fe80::9"}}, both, "http://127.0.0.1:8080"},
        {"IPv6 of a desk before a VPN's IPv4",
         {{"wg0", "10.1.1.1"}, {"eth0", "2001:db8::9"}},
         both,
         "http://[2001:db8::9]:8081"},
        {"only a VPN", {{"wg0", "10.1.1.1"}}, both, "http://10.1.1.1:8080"},
        {"a VPN before IPv4 link-local",
         {{"eth0", "169.254.3.4"}, {"tailscale0", "100.64.1.1"}},
         both,
         "http://100.64.1.1:8080"},
        {"IPv4 link-local before nothing", {{"eth0", "169.254.3.4"}}, both, "http://169.254.3.4:8080"},
        {"bridges of containers never",
         {{"docker0", "172.17.0.1"},
          {"br-12ab", "172.18.0.1"},
          {"veth1@if2", "10.0.0.1"},
          {"virbr0", "192.168.122.1"}},
         both,
         "http://127.0.0.1:8080"},
        {"a real bridge is real", {{"br0", "192.168.1.7"}}, both, "http://192.168.1.7:8080"},
        {"the first of equals",
         {{"eth0", "10.0.0.2"}, {"eth1", "192.168.0.2"}},
         both,
         "http://10.0.0.2:8080"},
        {"172.16/12 ends",
         {{"eth0", "172.32.0.1"}, {"eth1", "172.31.255.255"}},
         both,
         "http://172.31.255.255:8080"},
        {"IPv6 listener only",
         {{"eth0", "10.0.0.2"}, {"eth0", "2001:db8::9"}},
         {"[::]:8081"},
         "http://[2001:db8::9]:8081"},
        {"one address",
         {{"eth0", "10.0.0.2"}, {"eth1", "192.168.0.2"}},
         {"192.168.0.2:1"},
         "http://192.168.0.2:1"},
        {"loopback on purpose", {{"eth0", "10.0.0.2"}}, {"127.0.0.1:9"}, "http://127.0.0.1:9"},
        {"an address no interface shows",
         {{"eth0", "10.0.0.2"}},
         {"198.51.100.1:9"},
         "http://198.51.100.1:9"},
        {"loopback and one address",
         {{"eth0", "10.0.0.2"}},
         {"127.0.0.1:9", "10.0.0.2:10"},
         "http://10.0.0.2:10"},
        {"port 80 is left out", {{"eth0", "10.0.0.2"}}, {"0.0.0.0:80"}, "http://10.0.0.2"},
        {"port 80, IPv6", {{"eth0", "2001:db8::9"}}, {"[::]:80"}, "http://[2001:db8::9]"},
    };
    for (const Row& row : rows)
        EXPECT_EQ(defaultPublicUrl(interfaces(row.interfaces), endpoints(row.listening)), row.url)
            << row.what;
}

TEST(DefaultPublicUrl, OfHttps)
{
    const auto url = [](const char* listening) {
        return defaultPublicUrl(interfaces({{"eth0", "10.0.0.2"}}), endpoints({listening}), "https");
    };
    EXPECT_EQ(url("0.0.0.0:8443"), "https://10.0.0.2:8443");
    EXPECT_EQ(url("0.0.0.0:443"), "https://10.0.0.2") << "port 443 is left out";
    EXPECT_EQ(url("0.0.0.0:80"), "https://10.0.0.2:80");
}

TEST(InterfaceAddresses, HasThisMachinesLoopback)
{
    // Every namespace that can run the other tests has a loopback interface; others may be missing.
    bool loopback = false;
    for (const InterfaceAddress& one : interfaceAddresses()) {
        EXPECT_FALSE(one.name.empty());
        loopback = loopback || one.address == IpAddress::v4(127, 0, 0, 1);
    }
    EXPECT_TRUE(loopback);
}

} // namespace
