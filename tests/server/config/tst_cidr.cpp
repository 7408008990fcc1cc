// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/cidr.h"

#include <gtest/gtest.h>
#include <vector>

using namespace spillway;
using namespace spillway::config;

namespace {

TEST(Cidr, Matches)
{
    struct Row
    {
        const char *block, *address;
        bool inside;
    };
    const Row rows[] = {
        {"10.0.0.0/8", "10.0.0.0", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.3", "10.1.2.2", false},
        {"10.1.2.3/32", "10.1.2.4", false},
        {"10.1.2.2/31", "10.1.2.3", true},
        {"10.1.2.2/31", "10.1.2.4", false},
        {"128.0.0.0/1", "127.255.255.255", false},
        {"128.0.0.0/1", "255.0.0.1", true},
        {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "1.2.3.4", false},
        {"::/0", "2001:db8::1", true},
        {"::/1", "7fff::1", true},
        {"::/1", "8000::", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::", false},
        {"2001:db8::/63", "2001:db8:0:1::", true},
        {"2001:db8::/64", "2001:db8:0:1::", false},
        {"2001:db8::/64", "2001:db8::ffff:1", true},
        {"2001:db8::/65", "2001:db8:0:0:8000::", false},
        {"2001:db8::/65", "2001:db8:0:0:7fff::", true},
        {"::1/128", "::1", true},
        {"::1", "::", false},
        {"::ffff:10.0.0.0/104", "10.9.9.9", true},
        {"10.0.0.0/8", "::ffff:10.9.9.9", true},
        {"10.0.0.0/8", "::10.9.9.9", false},
    };
    for (const Row& row : rows) {
        const auto block = parseCidr(row.block);
        ASSERT_TRUE(block) << row.block;
        EXPECT_EQ(block->contains(parseIpAddress(row.address).value()), row.inside)
            << row.block << " " << row.address;
        EXPECT_EQ(parseCidr(formatCidr(*block)).value(), *block);
    }
}

TEST(Cidr, Refuses)
{
    for (const char* text : {"",
                             "/",
                             "/8",
                             "10.0.0.0/",
                             "10.0.0.0/33",
                             "10.0.0.0/-1",
                             "10.0.0.0/+8",
                             "10.0.0.0/08",
                             "10.0.0.0/8 ",
                             "10.0.0.0/8/8",
                             "10.0.0.0/255.0.0.0",
                             "10.0.0.1/8",
                             "10.0.0.1/31",
                             "10/8",
                             "::/129",
                             "::1/64",
                             "2001:db8::1/127",
                             "fe80::1%1/64",
                             "all",
                             "::ffff:0:0/90"}) {
        const auto block = parseCidr(text);
        ASSERT_FALSE(block) << text;
        EXPECT_EQ(block.error().code, ErrorCode::InvalidArgument);
    }
    EXPECT_NE(parseCidr("10.1.2.3/8").error().message.find("10.0.0.0/8"), std::string::npos)
        << "says what was meant";
}

TEST(Cidr, Lists)
{
    const std::vector<Cidr> blocks{parseCidr("10.0.0.0/8").value(), parseCidr("::1").value()};
    EXPECT_TRUE(containsAddress(blocks, IpAddress::v4(10, 0, 0, 1)));
    EXPECT_TRUE(containsAddress(blocks, parseIpAddress("::1").value()));
    EXPECT_FALSE(containsAddress(blocks, IpAddress::v4(11, 0, 0, 1)));
    EXPECT_FALSE(containsAddress({}, IpAddress::v4(10, 0, 0, 1)));
}

} // namespace
