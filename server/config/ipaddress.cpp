// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/ipaddress.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>

namespace spillway::config {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

tl::unexpected<Error> bad(std::string_view text, const char* what)
{
    return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" is not " + what);
}

} // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d)
{
    return IpAddress{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}};
}

bool IpAddress::isV4() const
{
    return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

bool IpAddress::isLoopback() const
{
    if (isV4())
        return bytes[12] == 127;
    IpAddress one;
    one.bytes[15] = 1;
    return *this == one;
}

bool IpAddress::isUnspecified() const
{
    return *this == IpAddress{} || *this == v4(0, 0, 0, 0);
}

Result<IpAddress> parseIpAddress(std::string_view text)
{
    // inet_pton wants a terminated string, and a NUL inside would hide what follows it.
    std::array<char, INET6_ADDRSTRLEN + 1> copy{};
    if (text.size() < copy.size() && text.find('\0') == std::string_view::npos) {
        std::copy(text.begin(), text.end(), copy.begin());
        IpAddress address;
        in_addr four{};
        if (inet_pton(AF_INET, copy.data(), &four) == 1) {
            std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
            std::memcpy(address.bytes.data() + kMappedPrefix.size(), &four, sizeof four);
            return address;
        }
        if (inet_pton(AF_INET6, copy.data(), address.bytes.data()) == 1)
            return address;
    }
    return bad(text, "an IP address: write it as 192.0.2.1 or 2001:db8::1");
}

std::string formatIpAddress(const IpAddress& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.isV4())
        inet_ntop(AF_INET, address.bytes.data() + kMappedPrefix.size(), text.data(), text.size());
    else
        inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    return text.data();
}

Result<Endpoint> parseEndpoint(std::string_view text)
{
    const auto colon = text.rfind(':');
    std::string_view host = text.substr(0, colon);
    if (colon == std::string_view::npos || host.ends_with(':'))
        return bad(text, "ADDRESS:PORT: the port is missing");
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return bad(text, "ADDRESS:PORT: write an IPv6 address in brackets, as [::1]:8080");
    auto address = parseIpAddress(host);
    if (!address || (bracketed && host.find(':') == std::string_view::npos))
        return bad(text, "ADDRESS:PORT: write it as 0.0.0.0:8080 or [::]:8080 (an IP address, no name)");

    const std::string_view port = text.substr(colon + 1);
    std::uint16_t number = 0;
    const auto* end = port.data() + port.size();
    const auto parsed = std::from_chars(port.data(), end, number);
    if (port.empty() || parsed.ec != std::errc() || parsed.ptr != end ||
        (port.size() > 1 && port.front() == '0'))
        return bad(text, "ADDRESS:PORT: the port is a number from 0 to 65535");
    return Endpoint{*address, number};
}

std::string formatEndpoint(const Endpoint& endpoint)
{
    const std::string host = formatIpAddress(endpoint.address);
    return (endpoint.address.isV4() ? host : "[" + host + "]") + ":" + std::to_string(endpoint.port);
}

} // namespace spillway::config
