// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/hmackey.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <string>
#include <vector>

using namespace spillway::auth;

namespace {

std::string hex(const Mac& mac)
{
    std::string text;
    for (std::uint8_t byte : mac) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

Mac reference(const std::string& key, const std::string& message)
{
    Mac mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(), &size);
    return mac;
}

Mac signOne(const HmacKey& key, std::string_view message)
{
    const std::string_view parts[] = {message};
    return key.sign(parts);
}

TEST(HmacKey, Rfc4231)
{
    struct Row
    {
        std::string key, message;
        const char* mac;
    };
    const Row rows[] = {
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
         "to be "
         "hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (const Row& row : rows) {
        const HmacKey key(row.key);
        EXPECT_EQ(hex(signOne(key, row.message)), row.mac);
        EXPECT_EQ(hex(signOne(key, row.message)), row.mac) << "a key can be used again";
    }
}

TEST(HmacKey, EveryLengthAroundTheBlocksAgreesWithOpenSsl)
{
    for (std::size_t keySize : {0, 1, 31, 32, 63, 64, 65, 200}) {
        const std::string secret(keySize, 'k');
        const HmacKey key(secret);
        for (std::size_t size = 0; size < 200; ++size) {
            const std::string message(size, static_cast<char>(size));
            EXPECT_EQ(hex(signOne(key, message)), hex(reference(secret, message))) << keySize << " " << size;
        }
    }
}

TEST(HmacKey, PartsAreOneMessage)
{
    const HmacKey key("secret");
    const std::string message = "0123456789";
    const Mac whole = signOne(key, message);
    for (std::size_t at = 0; at <= message.size(); ++at) {
        const std::string_view parts[] = {
            std::string_view(message).substr(0, at), {}, std::string_view(message).substr(at)};
        EXPECT_EQ(key.sign(parts), whole);
        EXPECT_TRUE(key.verify(parts, whole));
    }
}

TEST(HmacKey, EveryBitCounts)
{
    const HmacKey key("secret");
    const std::string_view parts[] = {"message"};
    Mac mac = key.sign(parts);
    for (std::size_t bit = 0; bit < mac.size() * 8; ++bit) {
        mac[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        EXPECT_FALSE(key.verify(parts, mac)) << bit;
        mac[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    }
    EXPECT_TRUE(key.verify(parts, mac));
}

TEST(Base64Url, RoundTripAndCanonical)
{
    Mac mac{};
    for (int round = 0; round < 256; ++round) {
        for (std::size_t i = 0; i < mac.size(); ++i)
            mac[i] = static_cast<std::uint8_t>(round * 7 + static_cast<int>(i) * 31);
        const std::string text = encodeMac(mac);
        ASSERT_EQ(text.size(), kMacTextSize);
        Mac back{};
        ASSERT_TRUE(decodeMac(text, back));
        EXPECT_EQ(back, mac);

        // The last character carries four bits: of the sixteen texts that decode to this value one is
        // canonical.
        int accepted = 0;
        for (char c : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
            std::string other = text;
            other.back() = c;
            if (decodeMac(other, back) && back == mac)
                ++accepted;
        }
        EXPECT_EQ(accepted, 1);
    }
}

TEST(Base64Url, Refuses)
{
    const std::string good(43, 'A');
    Mac mac{};
    ASSERT_TRUE(decodeMac(good, mac));
    EXPECT_FALSE(decodeMac("", mac));
    EXPECT_FALSE(decodeMac(good.substr(1), mac));
    EXPECT_FALSE(decodeMac(good + "A", mac));
    EXPECT_FALSE(decodeMac(good + "=", mac));
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int c = 0; c < 256; ++c) {
            std::string text = good;
            text[at] = static_cast<char>(c);
            const auto index = alphabet.find(static_cast<char>(c));
            const bool valid = index != std::string::npos && (at != 42 || index % 4 == 0);
            EXPECT_EQ(decodeMac(text, mac), valid) << at << " " << c;
        }
    }
}

} // namespace
