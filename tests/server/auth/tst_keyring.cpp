// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/keyring.h"

#include <gtest/gtest.h>
#include <set>

using namespace spillway;
using namespace spillway::auth;
using catalog::SigningKey;

namespace {

SigningKey record(std::string id, bool current = false, std::optional<std::int64_t> retiredAt = {},
                  std::size_t size = 32)
{
    return {std::move(id), std::string(size, 'S'), 0, retiredAt, current};
}

TEST(KeyRing, FindsWhatIsNotRetired)
{
    const auto ring = KeyRing::make({record("old1"), record("gone", false, 5), record("now1", true)});
    ASSERT_TRUE(ring);
    EXPECT_EQ((*ring)->size(), 2U);
    ASSERT_NE((*ring)->current(), nullptr);
    EXPECT_EQ((*ring)->current()->id(), "now1");
    ASSERT_NE((*ring)->find("old1"), nullptr);
    EXPECT_EQ((*ring)->find("old1")->id(), "old1");
    for (const char* unknown : {"gone", "", "now", "now12", "NOW1"})
        EXPECT_EQ((*ring)->find(unknown), nullptr) << unknown;
}

TEST(KeyRing, ARetiredCurrentKeyDoesNotSign)
{
    const auto ring = KeyRing::make({record("a", true, 5), record("b", true)});
    ASSERT_TRUE(ring);
    EXPECT_EQ((*ring)->current()->id(), "b");
    const auto none = KeyRing::make({record("a", true, 0)});
    ASSERT_TRUE(none);
    EXPECT_EQ((*none)->current(), nullptr);
    EXPECT_EQ(KeyRing().find("a"), nullptr);
}

TEST(KeyRing, Refuses)
{
    struct Row
    {
        const char* what;
        std::vector<SigningKey> records;
        bool good;
    };
    const Row rows[] = {
        {"none at all", {}, true},
        {"31 bytes", {record("a", true, {}, 31)}, false},
        {"32 bytes", {record("a", true, {}, 32)}, true},
        {"100 bytes", {record("a", true, {}, 100)}, true},
        {"no id", {record("")}, false},
        {"16 characters", {record(std::string(16, 'a'))}, true},
        {"17 characters", {record(std::string(17, 'a'))}, false},
        {"a blank in the id", {record("a b")}, false},
        {"an ampersand in the id", {record("a&b")}, false},
        {"one id twice", {record("a"), record("a")}, false},
        {"one id twice, once retired", {record("a"), record("a", false, 3)}, true},
        {"two current", {record("a", true), record("b", true)}, false},
    };
    for (const Row& row : rows) {
        const auto ring = KeyRing::make(row.records);
        EXPECT_EQ(ring.has_value(), row.good) << row.what;
        if (!ring) {
            EXPECT_EQ(ring.error().code, ErrorCode::InvalidArgument) << row.what;
            EXPECT_EQ(ring.error().message.find("SSSS"), std::string::npos)
                << "a secret in " << ring.error().message;
        }
    }
}

TEST(GenerateKey, IsRandomLongAndUnique)
{
    std::vector<SigningKey> keys;
    std::set<std::string> ids, secrets;
    for (int i = 0; i < 200; ++i) {
        auto key = generateKey(keys, 1'700'000'000);
        ASSERT_TRUE(key);
        EXPECT_TRUE(isKeyId(key->id));
        EXPECT_EQ(key->id.size(), 6U);
        EXPECT_GE(key->secret.size(), kMinSecretSize);
        EXPECT_EQ(key->createdAt, 1'700'000'000);
        EXPECT_FALSE(key->current);
        EXPECT_FALSE(key->retiredAt);
        ids.insert(key->id);
        secrets.insert(key->secret);
        keys.push_back(*key);
    }
    EXPECT_EQ(ids.size(), 200U);
    EXPECT_EQ(secrets.size(), 200U);
    EXPECT_TRUE(KeyRing::make(keys));
}

TEST(GenerateKey, WipeEmptiesTheSecret)
{
    SigningKey key = record("a");
    const char* memory = key.secret.data();
    wipe(key);
    EXPECT_TRUE(key.secret.empty());
    EXPECT_EQ(memory, key.secret.data()) << "the same buffer, so that the bytes below are the old ones";
    EXPECT_EQ(std::string(memory, 32), std::string(32, '\0'));
}

} // namespace
