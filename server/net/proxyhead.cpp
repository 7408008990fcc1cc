// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/proxyhead.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>

// Version 1, one line of at most 107 bytes:
//   PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n
//
// Version 2:
//   0                       12        13         14        16
//   | \r\n\r\n\0\r\nQUIT\n   | 2|cmd   | af|proto | length  | addresses, then TLVs, `length` bytes in all
namespace spillway::net {

namespace {

constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::string_view kPrefix = "PROXY ";
constexpr std::size_t kMaxLine = 107;
constexpr std::size_t kFixed = 16;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

constexpr ProxyHead kBad{ProxyHead::Outcome::Bad, 0, std::nullopt};
constexpr ProxyHead kNeedMore{ProxyHead::Outcome::NeedMore, 0, std::nullopt};

bool readAddress(std::string_view text, int family, PeerAddress& to)
{
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size())
        return false;
    std::copy(text.begin(), text.end(), copy.begin());
    if (family == AF_INET6)
        return ::inet_pton(AF_INET6, copy.data(), to.address.data()) == 1;
    std::copy(kMapped.begin(), kMapped.end(), to.address.begin());
    return ::inet_pton(AF_INET, copy.data(), to.address.data() + kMapped.size()) == 1;
}

bool readPort(std::string_view text, std::uint16_t& port)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() &&
           (text.size() == 1 || text.front() != '0');
}

/// The words after "PROXY ", one space between each.
ProxyHead parseLine(std::string_view line, std::size_t size)
{
    ProxyHead head{ProxyHead::Outcome::Complete, size, std::nullopt};
    std::array<std::string_view, 5> words;
    std::size_t count = 0;
    for (std::string_view rest = line;; ++count) {
        const auto space = rest.find(' ');
        if (count < words.size())
            words[count] = rest.substr(0, space);
        if (space == std::string_view::npos)
            break;
        rest.remove_prefix(space + 1);
    }
    if (words[0] == "UNKNOWN")
        return head; // whatever follows is to be ignored (§2.1)
    const int family = words[0] == "TCP4" ? AF_INET : words[0] == "TCP6" ? AF_INET6 : AF_UNSPEC;
    PeerAddress client, server;
    if (family == AF_UNSPEC || count + 1 != words.size() || !readAddress(words[1], family, client) ||
        !readAddress(words[2], family, server) || !readPort(words[3], client.port) ||
        !readPort(words[4], server.port))
        return kBad;
    head.client = client;
    return head;
}

ProxyHead parseText(std::string_view bytes)
{
    const auto common = std::min(bytes.size(), kPrefix.size());
    if (bytes.substr(0, common) != kPrefix.substr(0, common))
        return kBad;
    const std::string_view line = bytes.substr(0, kMaxLine);
    const auto end = line.find('\n');
    if (end == std::string_view::npos)
        return bytes.size() < kMaxLine ? kNeedMore : kBad;
    if (end < kPrefix.size() + 1 || line[end - 1] != '\r')
        return kBad;
    return parseLine(line.substr(kPrefix.size(), end - 1 - kPrefix.size()), end + 1);
}

ProxyHead parseBinary(std::string_view bytes)
{
    if (bytes.size() < kFixed)
        return kNeedMore;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
    const std::size_t length = static_cast<std::size_t>(byte(14)) << 8 | byte(15);
    const unsigned version = byte(12) >> 4, command = byte(12) & 15U;
    if (version != 2 || command > 1 || kFixed + length > kMaxProxyHead)
        return kBad;
    if (bytes.size() < kFixed + length)
        return kNeedMore;
    ProxyHead head{ProxyHead::Outcome::Complete, kFixed + length, std::nullopt};
    const unsigned family = byte(13) >> 4, transport = byte(13) & 15U;
    if (command == 0 || family == 0 || family == 3) // LOCAL, AF_UNSPEC, AF_UNIX
        return head;
    const std::size_t each = family == 1 ? 4 : 16;
    if (family > 2 || transport != 1 || length < 2 * each + 4)
        return kBad;
    PeerAddress client;
    if (family == 1)
        std::copy(kMapped.begin(), kMapped.end(), client.address.begin());
    std::memcpy(client.address.data() + (client.address.size() - each), bytes.data() + kFixed, each);
    const std::size_t port = kFixed + 2 * each;
    client.port = static_cast<std::uint16_t>(byte(port) << 8 | byte(port + 1));
    head.client = client;
    return head;
}

} // namespace

ProxyHead parseProxyHead(std::string_view bytes)
{
    if (bytes.empty())
        return kNeedMore;
    if (bytes.front() != kSignature.front())
        return parseText(bytes);
    const auto common = std::min(bytes.size(), kSignature.size());
    if (bytes.substr(0, common) != kSignature.substr(0, common))
        return kBad;
    return parseBinary(bytes);
}

} // namespace spillway::net
