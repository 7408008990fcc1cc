// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/ipaddress.h"

#include <gtest/gtest.h>

using namespace spillway;
using namespace spillway::config;

namespace {

TEST(IpAddress, GoodTexts)
{
    struct Row
    {
        const char *text, *shown;
        bool v4, loopback, unspecified;
    };
    const Row rows[] = {
        {"0.0.0.0", "0.0.0.0", true, false, true},
        {"127.0.0.1", "127.0.0.1", true, true, false},
        {"127.255.255.255", "127.255.255.255", true, true, false},
        {"128.0.0.1", "128.0.0.1", true, false, false},
        {"255.255.255.255", "255.255.255.255", true, false, false},
        {"::", "::", false, false, true},
        {"::1", "::1", false, true, false},
        {"::2", "::2", false, false, false},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", false, false, false},
        {"::ffff:10.0.0.1", "10.0.0.1", true, false, false},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false,
         false},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false,
         false, false},
    };
    for (const Row& row : rows) {
        const auto address = parseIpAddress(row.text);
        ASSERT_TRUE(address) << row.text;
        EXPECT_EQ(formatIpAddress(*address), row.shown);
        EXPECT_EQ(address->isV4(), row.v4) << row.text;
        EXPECT_EQ(address->isLoopback(), row.loopback) << row.text;
        EXPECT_EQ(address->isUnspecified(), row.unspecified) << row.text;
        EXPECT_EQ(parseIpAddress(formatIpAddress(*address)).value(), *address);
    }
}

TEST(IpAddress, BadTexts)
{
    const std::string_view rows[] = {"",
                                     " ",
                                     "1",
                                     "1.2.3",
                                     "1.2.3.4.5",
                                     "256.0.0.1",
                                     "01.2.3.4",
                                     "1.2.3.4 ",
                                     " 1.2.3.4",
                                     "1.2.3.-4",
                                     "0x7f.0.0.1",
                                     "localhost",
                                     "[::1]",
                                     "fe80::1%eth0",
                                     ":::",
                                     "1::2::3",
                                     "12345::",
                                     "g::",
                                     "1:2:3:4:5:6:7:8:9",
                                     std::string_view("127.0.0.1\0", 10),
                                     std::string_view("::1\0x", 5),
                                     "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555555555"};
    for (std::string_view text : rows) {
        const auto address = parseIpAddress(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().code, ErrorCode::InvalidArgument);
    }
}

TEST(Endpoint, GoodTexts)
{
    struct Row
    {
        const char *text, *address;
        std::uint16_t port;
    };
    const Row rows[] = {{"0.0.0.0:8080", "0.0.0.0", 8080},
                        {"[::]:8080", "::", 8080},
                        {"127.0.0.1:0", "127.0.0.1", 0},
                        {"[::1]:1", "::1", 1},
                        {"10.0.0.1:65535", "10.0.0.1", 65535}};
    for (const Row& row : rows) {
        const auto endpoint = parseEndpoint(row.text);
        ASSERT_TRUE(endpoint) << row.text;
        EXPECT_EQ(formatIpAddress(endpoint->address), row.address);
        EXPECT_EQ(endpoint->port, row.port);
        EXPECT_EQ(formatEndpoint(*endpoint), row.text);
    }
}

TEST(Endpoint, BadTexts)
{
    for (const char* text : {"",
                             ":",
                             ":8080",
                             "8080",
                             "0.0.0.0",
                             "0.0.0.0:",
                             "0.0.0.0:65536",
                             "0.0.0.0:-1",
                             "0.0.0.0:+1",
                             "0.0.0.0:08080",
                             "0.0.0.0:80x",
                             "::1:8080",
                             "::",
                             "[::1]",
                             "[::1]:",
                             "[::1:80",
                             "::1]:80",
                             "[1.2.3.4]:80",
                             "localhost:80",
                             "[]:80",
                             "0.0.0.0:80 "}) {
        const auto endpoint = parseEndpoint(text);
        ASSERT_FALSE(endpoint) << text;
        EXPECT_EQ(endpoint.error().code, ErrorCode::InvalidArgument);
    }
}

} // namespace
