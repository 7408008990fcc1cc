// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/signedvalue.h"

#include <gtest/gtest.h>

namespace spillway::auth {
namespace {

constexpr std::int64_t kExpiry = 1'800'000'000;

struct SignedValue : testing::Test
{
    ValueSigner signer{std::string(32, 'a')};
};

TEST_F(SignedValue, ComesBackUntilItExpires)
{
    for (const std::size_t size : {0U, 1U, 2U, 3U, 12U, 255U, 256U}) {
        std::string payload(size, '\xff');
        if (size > 0)
            payload.back() = '\0';
        const std::string text = signer.sign(ValueKind::Grant, payload, kExpiry);
        EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                  std::string::npos);
        EXPECT_EQ(signer.open(ValueKind::Grant, text, kExpiry - 1), payload) << size;
        EXPECT_EQ(signer.open(ValueKind::Grant, text, kExpiry), std::nullopt) << size;
        EXPECT_EQ(signer.open(ValueKind::Grant, text, kExpiry + 1), std::nullopt) << size;
    }
    EXPECT_EQ(signer.sign(ValueKind::Grant, std::string(257, 'x'), kExpiry), "");
}

TEST_F(SignedValue, EveryKindAndEverySecretIsItsOwn)
{
    const std::string text = signer.sign(ValueKind::SignIn, "token", kExpiry);
    for (const ValueKind kind : {ValueKind::Password, ValueKind::Grant, ValueKind::Memory})
        EXPECT_EQ(signer.open(kind, text, 0), std::nullopt);
    EXPECT_EQ(ValueSigner(std::string(32, 'b')).open(ValueKind::SignIn, text, 0), std::nullopt);
    EXPECT_EQ(ValueSigner(std::string(32, 'a')).open(ValueKind::SignIn, text, 0), "token");
}

TEST_F(SignedValue, NoCharacterCanBeChangedAddedOrLeftOut)
{
    const std::string text = signer.sign(ValueKind::SignIn, "id", kExpiry);
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : {'A', 'B', '_', '=', '\0', '\xff'}) {
            if (c == text[i])
                continue;
            std::string other = text;
            other[i] = c;
            EXPECT_EQ(signer.open(ValueKind::SignIn, other, 0), std::nullopt) << i;
        }
        EXPECT_EQ(signer.open(ValueKind::SignIn, text.substr(0, i), 0), std::nullopt) << i;
        EXPECT_EQ(signer.open(ValueKind::SignIn, text.substr(i + 1), 0), std::nullopt) << i;
    }
    EXPECT_EQ(signer.open(ValueKind::SignIn, text + "A", 0), std::nullopt);
    EXPECT_EQ(signer.open(ValueKind::SignIn, text + "=", 0), std::nullopt);
    EXPECT_EQ(signer.open(ValueKind::SignIn, std::string(100'000, 'A'), 0), std::nullopt);
}

TEST_F(SignedValue, DigestsTellBordersAndSecretsApart)
{
    EXPECT_EQ(signer.digest("a", "bc"), signer.digest("a", "bc"));
    EXPECT_NE(signer.digest("a", "bc"), signer.digest("ab", "c"));
    EXPECT_NE(signer.digest("", "1:a"), signer.digest("1:a", ""));
    EXPECT_NE(signer.fingerprint("a", "b"), ValueSigner(std::string(32, 'b')).fingerprint("a", "b"));
    EXPECT_NE(signer.fingerprint("a", "b"), signer.fingerprint("a", "c"));
}

TEST(Base64Url, AnyBytesHaveOneText)
{
    struct Case
    {
        std::string bytes, text;
    };
    for (const Case& c : {Case{"", ""}, Case{"f", "Zg"}, Case{"fo", "Zm8"}, Case{"foo", "Zm9v"},
                          Case{"foob", "Zm9vYg"}, Case{"\xfb\xff", "-_8"}}) {
        EXPECT_EQ(encodeBase64Url(c.bytes), c.text);
        std::string back;
        EXPECT_TRUE(decodeBase64Url(c.text, back));
        EXPECT_EQ(back, c.bytes);
    }
    std::string out;
    for (const char* bad : {"Z", "Zh", "Zm9", "Zg==", "Zm9vY", "Z g", "Zm+v", "Zm9vYh"})
        EXPECT_FALSE(decodeBase64Url(bad, out)) << bad;
}

} // namespace
} // namespace spillway::auth
