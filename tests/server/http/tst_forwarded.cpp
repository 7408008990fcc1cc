// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/forwarded.h"
#include "server/http/proxywatch.h"

#include <gtest/gtest.h>
#include <string>

using namespace spillway;
using namespace spillway::http;

namespace {

config::IpAddress ip(std::string_view text)
{
    const auto parsed = config::parseIpAddress(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : config::IpAddress{};
}

TrustedProxies trusting(std::initializer_list<std::string_view> blocks)
{
    std::vector<config::Cidr> cidrs;
    for (const auto block : blocks)
        cidrs.push_back(*config::parseCidr(block));
    return TrustedProxies(std::move(cidrs));
}

/// Null: the field is not there.
struct Fields
{
    const char* forwarded = nullptr;
    const char* forwardedFor = nullptr;
    const char* proto = nullptr;
};

Origin originOf(const Fields& fields, std::string_view peer = "10.0.0.1")
{
    RequestHead head;
    if (fields.forwarded)
        head.forwarded = fields.forwarded;
    if (fields.forwardedFor)
        head.xForwardedFor = fields.forwardedFor;
    if (fields.proto)
        head.xForwardedProto = fields.proto;
    static const TrustedProxies proxies = trusting({"10.0.0.0/8", "2001:db8:10::/48"});
    return proxies.originOf(head, ip(peer));
}

std::string repeated(std::string_view text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST(Forwarded, NamesTheClient)
{
    const struct
    {
        const char* field;
        const char* client;
        bool secure;
        bool unusable;
    } rows[] = {
        {"for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60", false, false},
        {"For=192.0.2.60;PROTO=HTTPS", "192.0.2.60", true, false},
        {"for=\"192.0.2.60:4711\"", "192.0.2.60", false, false},
        {"for=\"192.0.2.60:_port\"", "192.0.2.60", false, false},
        {"for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17", false, false},
        {"for=\"[2001:db8:cafe::17]:4711\";proto=https", "2001:db8:cafe::17", true, false},
        {"for=\"\\192.0.2.6\\0\"", "192.0.2.60", false, false}, // quoted pairs
        {";;for=192.0.2.60;;", "192.0.2.60", false, false},
        {"proto=https;host=\"a,b;c=d\";for=192.0.2.60", "192.0.2.60", true, false},
        // The chain is walked from the right, over trusted hops.
        {"for=192.0.2.1;proto=https, for=10.2.2.2;proto=http", "192.0.2.1", true, false},
        {"for=192.0.2.1, for=198.51.100.7, for=10.2.2.2", "198.51.100.7", false, false},
        {"for=192.0.2.1,for=\"[2001:db8:10::5]\" , for=10.2.2.2", "192.0.2.1", false, false},
        {"for=10.3.3.3, for=10.2.2.2", "10.3.3.3", false, false},
        // What stands left of the client is not even read.
        {"for=\"broken, for=192.0.2.60", "192.0.2.60", false, false},
        {"\"\"\",,,=;for=, for=192.0.2.60", "192.0.2.60", false, false},
        {", for=192.0.2.60", "192.0.2.60", false, false},
        {"for=1.1.1.1, for=192.0.2.60;ext=\"x, for=9.9.9.9\"", "192.0.2.60", false, false},
        {"for=192.0.2.60;ext=\"x, for=9.9.9.9;y=\\\"\"", "192.0.2.60", false, false},
        // Nobody is named, or not so that one could rely on it: the nearest address that is vouched for.
        {"for=unknown", "10.0.0.1", false, true},
        {"for=_hidden", "10.0.0.1", false, true},
        {"for=\"_SEVKISEK:80\"", "10.0.0.1", false, true},
        {"for=192.0.2.1, for=_hidden, for=10.2.2.2", "10.2.2.2", false, true},
        {"proto=https", "10.0.0.1", false, true},
        {"for=192.0.2.60;for=192.0.2.61", "10.0.0.1", false, true},
        {"for=192.0.2.60;proto=https;proto=http", "10.0.0.1", false, true},
        {"for=192.0.2.60; proto=https", "10.0.0.1", false, true}, // RFC 7239 §4 has no blanks there
        {"for = 192.0.2.60", "10.0.0.1", false, true},
        {"for=2001:db8::1", "10.0.0.1", false, true}, // brackets and quotes are a must
        {"for=\"2001:db8::1\"", "10.0.0.1", false, true},
        {"for=[2001:db8::1]", "10.0.0.1", false, true},
        {"for=\"[192.0.2.1]\"", "10.0.0.1", false, true},
        {"for=\"192.0.2.60:\"", "10.0.0.1", false, true},
        {"for=\"192.0.2.60:123456\"", "10.0.0.1", false, true},
        {"for=192.0.2.060", "10.0.0.1", false, true},
        {"for=192.0.2", "10.0.0.1", false, true},
        {"for=client.example", "10.0.0.1", false, true},
        {"for=\"192.0.2.60", "10.0.0.1", false, true},
        {"for=192.0.2.60,", "10.0.0.1", false, true},
        {"for", "10.0.0.1", false, true},
        {"for=", "10.0.0.1", false, true},
        {";", "10.0.0.1", false, true},
        {"", "10.0.0.1", false, false},
    };
    for (const auto& row : rows) {
        const Origin origin = originOf({.forwarded = row.field});
        EXPECT_EQ(config::formatIpAddress(origin.client), row.client) << row.field;
        EXPECT_EQ(origin.secure, row.secure) << row.field;
        EXPECT_EQ(origin.unusable, row.unusable) << row.field;
    }
}

TEST(Forwarded, ReadsXForwardedFor)
{
    const struct
    {
        const char* field;
        const char* client;
        bool unusable;
    } rows[] = {
        {"192.0.2.60", "192.0.2.60", false},
        {" 192.0.2.60\t", "192.0.2.60", false},
        {"192.0.2.60:4711", "192.0.2.60", false},
        {"2001:db8::1", "2001:db8::1", false},
        {"[2001:db8::1]", "2001:db8::1", false},
        {"[2001:db8::1]:443", "2001:db8::1", false},
        {"::ffff:192.0.2.60", "192.0.2.60", false},
        {"1.1.1.1, 192.0.2.60", "192.0.2.60", false},
        {"1.1.1.1, 192.0.2.60, 10.9.9.9, 10.8.8.8", "192.0.2.60", false},
        {"garbage, 192.0.2.60", "192.0.2.60", false},
        {"10.9.9.9", "10.9.9.9", false},
        {"garbage, 10.9.9.9", "10.9.9.9", true},
        {"192.0.2.60,", "10.0.0.1", true},
        {"unknown", "10.0.0.1", true},
        {"192.0.2.60:port", "10.0.0.1", true},
        {"2001:db8::1:443x", "10.0.0.1", true},
        {"\"192.0.2.60\"", "10.0.0.1", true},
        {"", "10.0.0.1", false},
    };
    for (const auto& row : rows) {
        const Origin origin = originOf({.forwardedFor = row.field});
        EXPECT_EQ(config::formatIpAddress(origin.client), row.client) << row.field;
        EXPECT_EQ(origin.unusable, row.unusable) << row.field;
    }
}

TEST(Forwarded, TheSchemeIsThatOfTheClientsOwnHop)
{
    const struct
    {
        Fields fields;
        bool secure;
        bool unusable;
    } rows[] = {
        {{.forwardedFor = "192.0.2.1", .proto = "https"}, true, false},
        {{.forwardedFor = "192.0.2.1", .proto = "HTTPS"}, true, false},
        {{.forwardedFor = "192.0.2.1", .proto = "http"}, false, false},
        {{.forwardedFor = "192.0.2.1", .proto = "ftp"}, false, true},
        {{.forwardedFor = "192.0.2.1", .proto = ""}, false, true},
        {{.forwardedFor = "192.0.2.1, 10.2.2.2", .proto = "https, http"}, true, false},
        {{.forwardedFor = "192.0.2.1, 10.2.2.2", .proto = "http, https"}, false, false},
        {{.forwardedFor = "9.9.9.9, 192.0.2.1", .proto = "https, http"}, false, false},
        {{.forwardedFor = "192.0.2.1, 10.2.2.2", .proto = "https"}, true, false},
        {{.forwardedFor = "192.0.2.1, 10.3.3.3, 10.2.2.2", .proto = "https, http"}, false, true},
        {{.proto = "https"}, true, false},
        {{.forwarded = "for=192.0.2.1", .proto = "https"}, true, false},
        {{.forwarded = "for=192.0.2.1;proto=http", .proto = "https"}, false, false},
    };
    for (const auto& row : rows) {
        const Origin origin = originOf(row.fields);
        const std::string shown = std::string(row.fields.forwardedFor ? row.fields.forwardedFor : "") +
                                  " | " + (row.fields.proto ? row.fields.proto : "");
        EXPECT_EQ(origin.secure, row.secure) << shown;
        EXPECT_EQ(origin.unusable, row.unusable) << shown;
    }
}

TEST(Forwarded, TwoFieldsThatDisagreeNameNobody)
{
    const Origin same = originOf({.forwarded = "for=192.0.2.1", .forwardedFor = "8.8.8.8, 192.0.2.1"});
    EXPECT_EQ(same.client, ip("192.0.2.1"));
    EXPECT_FALSE(same.unusable);
    const Origin other = originOf({.forwarded = "for=192.0.2.1;proto=https", .forwardedFor = "192.0.2.2"});
    EXPECT_EQ(other.client, ip("10.0.0.1"));
    EXPECT_TRUE(other.unusable);
    EXPECT_FALSE(other.secure);
}

TEST(Forwarded, OnlyATrustedPeerIsBelieved)
{
    for (const char* peer : {"192.0.2.9", "11.0.0.1", "2001:db8:11::1", "::1"}) {
        const Origin origin = originOf(
            {.forwarded = "for=1.2.3.4;proto=https", .forwardedFor = "1.2.3.4", .proto = "https"}, peer);
        EXPECT_EQ(origin.client, ip(peer));
        EXPECT_FALSE(origin.secure);
        EXPECT_FALSE(origin.unusable);
    }
    EXPECT_EQ(originOf({.forwarded = "for=1.2.3.4"}, "2001:db8:10::1").client, ip("1.2.3.4"));
    RequestHead head;
    head.forwarded = "for=1.2.3.4";
    EXPECT_EQ(TrustedProxies().originOf(head, ip("10.0.0.1")).client, ip("10.0.0.1"));
    EXPECT_EQ(trusting({"0.0.0.0/0"}).originOf(RequestHead(), ip("10.0.0.1")).client, ip("10.0.0.1"));
}

TEST(Forwarded, AChainHasABound)
{
    for (const int hops : {31, 32, 33}) {
        const std::string list = "192.0.2.1" + repeated(", 10.2.2.2", hops - 1);
        const Origin origin = originOf({.forwardedFor = list.c_str()});
        EXPECT_EQ(origin.client, hops <= 32 ? ip("192.0.2.1") : ip("10.2.2.2")) << hops;
        EXPECT_EQ(origin.unusable, hops > 32) << hops;
    }
}

TEST(Forwarded, AnElementHasABound)
{
    const std::string start = "for=192.0.2.1;x=";
    for (const std::size_t length : {511U, 512U, 513U}) {
        const std::string element = start + std::string(length - start.size(), 'y');
        const Origin alone = originOf({.forwarded = element.c_str()});
        EXPECT_EQ(alone.unusable, length > 512) << length;
        const std::string listed = "for=1.1.1.1," + element;
        EXPECT_EQ(originOf({.forwarded = listed.c_str()}).unusable, length > 512) << length;
    }
    // Whatever stands there, it is over soon and names the peer.
    for (const char* piece : {",", "\",", "a=\",", ";", "\"", "for=\"\\,", "for=10.2.2.2,\""}) {
        const std::string noise = repeated(piece, 16'000 / static_cast<int>(std::string_view(piece).size()));
        const Origin origin = originOf({.forwarded = noise.c_str()});
        EXPECT_EQ(origin.client, ip("10.0.0.1")) << piece;
        EXPECT_TRUE(origin.unusable) << piece;
    }
}

TEST(ProxyWatch, TellsOnceOfABusyPrivatePeer)
{
    std::vector<config::IpAddress> told;
    ProxyWatch watch([&](const config::IpAddress& address) { told.push_back(address); });
    const auto peer = ip("192.168.1.5");
    EXPECT_FALSE(watch.suspects(peer));
    for (std::uint32_t i = 1; i < ProxyWatch::kMany; ++i)
        EXPECT_FALSE(watch.note(peer));
    EXPECT_TRUE(watch.suspects(peer));
    EXPECT_TRUE(told.empty());
    EXPECT_TRUE(watch.note(peer));
    EXPECT_TRUE(watch.note(peer));
    EXPECT_EQ(told, std::vector{peer});
}

TEST(ProxyWatch, KeepsOnlyPrivateOnesAndFewOfThem)
{
    std::vector<config::IpAddress> told;
    ProxyWatch watch([&](const config::IpAddress& address) { told.push_back(address); });
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(watch.note(ip("203.0.113.5")));
    EXPECT_FALSE(watch.suspects(ip("203.0.113.5")));
    const auto busy = ip("10.1.1.1");
    for (int i = 0; i < 10; ++i)
        (void)watch.note(busy);
    for (int i = 1; i < 255; ++i)
        (void)watch.note(ip("10.7.7." + std::to_string(i)));
    EXPECT_TRUE(watch.suspects(busy)) << "the busy ones stay";
    EXPECT_FALSE(watch.suspects(ip("10.7.7.1")));
    EXPECT_TRUE(told.empty());
}

TEST(ProxyWatch, KnowsPrivateAddresses)
{
    for (const char* text :
         {"127.0.0.1", "::1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.1.1",
          "100.64.0.1", "100.127.255.255", "fc00::1", "fdff::1", "fe80::1"})
        EXPECT_TRUE(ProxyWatch::isPrivate(ip(text))) << text;
    for (const char* text : {"11.0.0.1", "172.15.255.255", "172.32.0.1", "192.169.0.1", "169.253.0.1",
                             "100.63.255.255", "100.128.0.0", "8.8.8.8", "2001:db8::1", "fec0::1", "fb00::1"})
        EXPECT_FALSE(ProxyWatch::isPrivate(ip(text))) << text;
}
