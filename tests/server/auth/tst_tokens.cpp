// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/tokens.h"

#include <gtest/gtest.h>
#include <set>

namespace spillway::auth {
namespace {

catalog::Token record(std::string id, const std::string& text)
{
    catalog::Token token;
    token.id = std::move(id);
    token.hash = hashToken(text);
    token.scopes = 1;
    return token;
}

TEST(Tokens, AreLongAndNeverTwiceTheSame)
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto text = generateToken();
        ASSERT_TRUE(text);
        EXPECT_EQ(text->size(), 47U);
        EXPECT_TRUE(text->starts_with("spw_"));
        EXPECT_TRUE(seen.insert(*text).second);
    }
}

TEST(Tokens, AreFoundByTheirWholeText)
{
    const std::string a = *generateToken(), b = *generateToken();
    const TokenTable table({record("aaaaaaaaaaaa", a), record("bbbbbbbbbbbb", b)}, TokenTable());
    EXPECT_EQ(table.find(a)->record.id, "aaaaaaaaaaaa");
    EXPECT_EQ(table.find(b)->record.id, "bbbbbbbbbbbb");
    EXPECT_EQ(table.byId("bbbbbbbbbbbb"), table.find(b));
    std::string changed = a;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    for (const std::string& text : {std::string(), changed, a.substr(1), a + "A", a.substr(0, 46),
                                    "SPW_" + a.substr(4), *generateToken()})
        EXPECT_EQ(table.find(text), nullptr) << text;
    EXPECT_EQ(table.byId("cccccccccccc"), nullptr);
}

TEST(Tokens, ScopesHaveNames)
{
    EXPECT_EQ(*parseScopes("download,list"), 3);
    EXPECT_EQ(*parseScopes("admin"), 16);
    EXPECT_EQ(*parseScopes("view,share,view"), 12);
    for (const char* bad : {"", ",", "read", "download,,list", "Download", "download list"})
        EXPECT_EQ(parseScopes(bad).error().code, ErrorCode::InvalidArgument) << bad;
    EXPECT_EQ(scopeNames(31), (std::vector<std::string>{"download", "list", "share", "view", "admin"}));
}

TEST(Tokens, CoverTheirSharesAndEndInTime)
{
    KnownToken all{record("a", "x"), std::make_shared<std::atomic<std::int64_t>>(0)};
    EXPECT_TRUE(all.covers(7));
    KnownToken some = all;
    some.record.allShares = false;
    EXPECT_FALSE(some.covers(7)) << "its last share was removed: that does not open the others";
    some.record.shares = {3, 7};
    EXPECT_TRUE(some.covers(7));
    EXPECT_FALSE(some.covers(5));
    some.record.expiresAt = 100;
    EXPECT_TRUE(some.goodAt(99));
    EXPECT_FALSE(some.goodAt(100));
    all.record.revokedAt = 5;
    EXPECT_FALSE(all.goodAt(1));
}

} // namespace
} // namespace spillway::auth
