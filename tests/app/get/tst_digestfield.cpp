// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/digestfield.h"

#include "app/get/journal.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

// printf hello | openssl sha256 -binary | base64
constexpr const char* kHello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
constexpr const char* kHelloHex = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
constexpr const char* kHello512 =
    "m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==";

TEST(DigestField, Fields)
{
    const std::string hello(kHello);
    const struct
    {
        std::string field;
        bool found;
    } rows[] = {
        {"sha-256=:" + hello + ":", true},
        {"sha-512=:AAAA:, sha-256=:" + hello + ":", true},
        {"unixsum=30637,\tsha-256=:" + hello + ":;x=1", true},
        {"sha-256=:" + hello.substr(0, 43) + ":", true}, // without "="
        {"sha-256=:AAAA:, sha-256=:" + hello + ":", true},
        {"sha-256=:" + hello + ":, sha-256=:AAAA:", false}, // the last one counts
        {"sha-256=" + hello, false},
        {"sha-256=:" + hello, false},
        {"sha-256=:" + hello.substr(1) + ":", false},
        {"sha-256=:" + hello + "=:", false},
        {"sha-256=:" + std::string(43, '*') + ":", false},
        {"sha-2560=:" + hello + ":", false},
        {"xsha-256=:" + hello + ":", false},
        {"sha-256", false},
        {"sha-256=::", false},
        {",,,", false},
        {"", false},
    };
    for (const auto& row : rows) {
        const auto digest = sha256Of(row.field);
        ASSERT_EQ(digest.has_value(), row.found) << row.field;
        if (digest) {
            EXPECT_EQ(hexText(*digest), kHelloHex) << row.field;
        }
    }
}

TEST(DigestField, OfAContentTheStrongestCounts)
{
    const std::string sha256 = std::string("sha-256=:") + kHello + ":";
    const std::string sha512 = std::string("sha-512=:") + kHello512 + ":";
    const auto of = [](DigestKind kind) {
        Hasher hasher(kind);
        hasher.add("hello");
        return std::optional(hasher.finishContent().value());
    };
    EXPECT_EQ(contentDigestOf(sha256), of(DigestKind::Sha2_256));
    EXPECT_EQ(contentDigestOf(sha512), of(DigestKind::Sha2_512));
    EXPECT_EQ(contentDigestOf(sha512 + ", " + sha256), of(DigestKind::Sha2_512));
    EXPECT_EQ(contentDigestOf("sha-512=:AAAA:, " + sha256), of(DigestKind::Sha2_256));
    EXPECT_EQ(contentDigestOf("sha-512=:" + std::string(kHello512, 86) + ":"), of(DigestKind::Sha2_512));
    EXPECT_FALSE(contentDigestOf("sha-512=:" + std::string(kHello512, 87) + ":"));
    EXPECT_FALSE(contentDigestOf("md5=:XUFAKrxLKna5cZ2REBfFkg==:"));
    EXPECT_FALSE(contentDigestOf(""));
}

TEST(Hasher, PiecesAreTheWhole)
{
    EXPECT_EQ(hexText(hashOf("hello")), kHelloHex);
    for (std::size_t cut = 0; cut <= 5; ++cut) {
        Hasher hasher;
        hasher.add(std::string_view("hello").substr(0, cut));
        hasher.add(std::string_view("hello").substr(cut));
        const auto digest = hasher.finish();
        ASSERT_TRUE(digest);
        EXPECT_EQ(hexText(*digest), kHelloHex);
    }
}

} // namespace
} // namespace spillway::get
