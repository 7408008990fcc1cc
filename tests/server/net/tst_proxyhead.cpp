// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/proxyhead.h"

#include <gtest/gtest.h>
#include <string>

namespace spillway::net {
namespace {

using Outcome = ProxyHead::Outcome;

/// Version 2: signature, version and command, family and transport, length, the rest.
std::string binary(unsigned command, unsigned family, const std::string& rest, int length = -1)
{
    std::string head("\r\n\r\n\0\r\nQUIT\n", 12);
    const auto size = static_cast<unsigned>(length < 0 ? static_cast<int>(rest.size()) : length);
    for (const unsigned byte : {command, family, size >> 8, size & 255U})
        head += static_cast<char>(byte);
    return head + rest;
}

const std::string kFour("\xC0\x00\x02\x07\xC6\x33\x64\x01\xC8\x22\x01\xBB",
                        12); // 192.0.2.7:51234 to 198.51.100.1:443
const std::string kSix = std::string("\x20\x01\x0D\xB8", 4) + std::string(11, '\0') + "\x07" +
                         std::string("\x20\x01\x0D\xB8", 4) + std::string(11, '\0') + "\x01" +
                         std::string("\xC8\x22\x01\xBB", 4);
const std::string kTlv("\x04\x00\x03\x61\x62\x63", 6);

struct Row
{
    std::string name, bytes;
    Outcome outcome;
    std::string client{}; ///< empty: none
    std::uint16_t port = 0;
};

const std::vector<Row>& rows()
{
    static const std::vector<Row> all{
        {"v1 IPv4", "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n", Outcome::Complete, "192.0.2.7", 51234},
        {"v1 IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n", Outcome::Complete, "2001:db8::7", 1},
        {"v1 mapped", "PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", Outcome::Complete, "192.0.2.7", 1},
        {"v1 longest",
         "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
         "65535\r\n",
         Outcome::Complete, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0", 65535},
        {"v1 unknown", "PROXY UNKNOWN\r\n", Outcome::Complete},
        {"v1 unknown with more", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", Outcome::Complete},
        {"v1 port 0", "PROXY TCP4 192.0.2.7 198.51.100.1 0 443\r\n", Outcome::Complete, "192.0.2.7", 0},
        {"v1 port over", "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n", Outcome::Bad},
        {"v1 port empty", "PROXY TCP4 192.0.2.7 198.51.100.1  443\r\n", Outcome::Bad},
        {"v1 port with zero", "PROXY TCP4 192.0.2.7 198.51.100.1 080 443\r\n", Outcome::Bad},
        {"v1 port signed", "PROXY TCP4 192.0.2.7 198.51.100.1 +80 443\r\n", Outcome::Bad},
        {"v1 port missing", "PROXY TCP4 192.0.2.7 198.51.100.1 80\r\n", Outcome::Bad},
        {"v1 one word more", "PROXY TCP4 192.0.2.7 198.51.100.1 80 443 1\r\n", Outcome::Bad},
        {"v1 trailing space", "PROXY TCP4 192.0.2.7 198.51.100.1 80 443 \r\n", Outcome::Bad},
        {"v1 two spaces", "PROXY  TCP4 192.0.2.7 198.51.100.1 80 443\r\n", Outcome::Bad},
        {"v1 wrong family", "PROXY TCP4 2001:db8::7 2001:db8::1 80 443\r\n", Outcome::Bad},
        {"v1 other family", "PROXY UDP4 192.0.2.7 198.51.100.1 80 443\r\n", Outcome::Bad},
        {"v1 bad server", "PROXY TCP4 192.0.2.7 x 80 443\r\n", Outcome::Bad},
        {"v1 bare LF", "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\n", Outcome::Bad},
        {"v1 nothing", "PROXY \r\n", Outcome::Bad},
        {"v1 lower case", "proxy TCP4 192.0.2.7 198.51.100.1 51234 443\r\n", Outcome::Bad},
        {"v1 line of 107 without end", "PROXY UNKNOWN " + std::string(93, 'x'), Outcome::Bad},
        {"v1 line of 106 without end", "PROXY UNKNOWN " + std::string(92, 'x'), Outcome::NeedMore},
        {"v1 line of 107", "PROXY UNKNOWN " + std::string(91, 'x') + "\r\n", Outcome::Complete},
        {"v1 line of 108", "PROXY UNKNOWN " + std::string(92, 'x') + "\r\n", Outcome::Bad},
        {"a request", "GET / HTTP/1.1\r\n\r\n", Outcome::Bad},
        {"a client hello", std::string("\x16\x03\x01\x02\x00", 5), Outcome::Bad},
        {"nothing yet", "", Outcome::NeedMore},
        {"v2 IPv4", binary(0x21, 0x11, kFour), Outcome::Complete, "192.0.2.7", 51234},
        {"v2 IPv6", binary(0x21, 0x21, kSix), Outcome::Complete, "2001:db8::7", 51234},
        {"v2 with TLVs", binary(0x21, 0x11, kFour + kTlv), Outcome::Complete, "192.0.2.7", 51234},
        {"v2 local", binary(0x20, 0x11, kFour), Outcome::Complete},
        {"v2 local, nothing", binary(0x20, 0x00, ""), Outcome::Complete},
        {"v2 unspecified", binary(0x21, 0x00, kFour), Outcome::Complete},
        {"v2 unix", binary(0x21, 0x31, std::string(216, 'x')), Outcome::Complete},
        {"v2 datagram", binary(0x21, 0x12, kFour), Outcome::Bad},
        {"v2 family 4", binary(0x21, 0x41, kFour), Outcome::Bad},
        {"v2 transport 0", binary(0x21, 0x10, kFour), Outcome::Bad},
        {"v2 command 2", binary(0x22, 0x11, kFour), Outcome::Bad},
        {"v2 version 1", binary(0x11, 0x11, kFour), Outcome::Bad},
        {"v2 version 3", binary(0x31, 0x11, kFour), Outcome::Bad},
        {"v2 too short for IPv4", binary(0x21, 0x11, kFour.substr(1)), Outcome::Bad},
        {"v2 too short for IPv6", binary(0x21, 0x21, kSix.substr(1)), Outcome::Bad},
        {"v2 length 520", binary(0x21, 0x11, kFour + std::string(508, 'x')), Outcome::Complete, "192.0.2.7",
         51234},
        {"v2 length 521", binary(0x21, 0x11, kFour + std::string(509, 'x')), Outcome::Bad},
        {"v2 length 65535", binary(0x21, 0x11, kFour, 65535), Outcome::Bad},
        {"v2 wrong signature", std::string("\r\n\r\n\0\r\nQUIX\n", 12), Outcome::Bad},
    };
    return all;
}

TEST(ProxyHead, ByTable)
{
    for (const Row& row : rows()) {
        SCOPED_TRACE(row.name);
        const ProxyHead head = parseProxyHead(row.bytes);
        EXPECT_EQ(head.outcome, row.outcome);
        EXPECT_EQ(head.client ? head.client->toString() : "", row.client);
        EXPECT_EQ(head.client ? head.client->port : 0, row.port);
        EXPECT_EQ(head.size, row.outcome == Outcome::Complete ? row.bytes.size() : 0u);
    }
}

TEST(ProxyHead, WhatFollowsIsNotTaken)
{
    for (const Row& row : rows())
        if (row.outcome == Outcome::Complete) {
            SCOPED_TRACE(row.name);
            const ProxyHead head = parseProxyHead(row.bytes + "GET / HTTP/1.1\r\n");
            EXPECT_EQ(head.outcome, Outcome::Complete);
            EXPECT_EQ(head.size, row.bytes.size());
        }
}

TEST(ProxyHead, EachPrefixAsksForMoreAndNeverForLongerThanTheBound)
{
    for (const Row& row : rows()) {
        SCOPED_TRACE(row.name);
        for (std::size_t size = 0; size < row.bytes.size(); ++size) {
            const ProxyHead head = parseProxyHead(std::string_view(row.bytes).substr(0, size));
            if (row.outcome == Outcome::Complete) {
                EXPECT_EQ(head.outcome, Outcome::NeedMore) << size;
            } else if (size >= kMaxProxyHead) {
                EXPECT_NE(head.outcome, Outcome::NeedMore) << size;
            }
        }
    }
}

} // namespace
} // namespace spillway::net
