// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

namespace spillway::download {
namespace {

constexpr std::string_view kBrowser = "Accept: text/html,*/*;q=0.8\r\n";

/// Links with rules. In the fixture a password's hash is the password itself.
struct LinkRulesTest : PipelineTest
{
    void edit(int number, const std::function<void(catalog::Link&)>& change)
    {
        write([&](catalog::Session& s) -> Result<catalog::Link> {
            auto link = catalog::LinkRepository::find(s, catalog::linkId(number));
            change(**link);
            return catalog::LinkRepository::update(s, **link);
        });
    }
    Answer post(std::string_view target, std::string_view body, std::string_view fields = kBrowser)
    {
        auto client = harness.connect();
        client.send("POST " + std::string(target) +
                    " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: "
                    "application/x-www-form-urlencoded\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n" + std::string(fields) + "\r\n" + std::string(body));
        return answerOf(client);
    }
    static std::string basic(const std::string& base64) { return "Authorization: Basic " + base64 + "\r\n"; }
};

TEST_F(LinkRulesTest, AddressBlocksLetTheirOwnIn)
{
    struct Case
    {
        std::vector<std::string> allow;
        int status;
    };
    const std::string url = link(1, "hello.txt");
    for (const Case& c :
         {Case{{}, 200}, Case{{"127.0.0.1"}, 200}, Case{{"127.0.0.0/8"}, 200},
          Case{{"10.0.0.0/8", "127.0.0.1/32"}, 200}, Case{{"127.0.0.2"}, 403}, Case{{"10.0.0.0/8"}, 403},
          Case{{"::/0"}, 403}, Case{{"0.0.0.0/0"}, 200}, Case{{"nonsense"}, 403}}) {
        edit(1, [&](auto& l) { l.allow = c.allow; });
        EXPECT_EQ(status(url), c.status) << (c.allow.empty() ? "everybody" : c.allow.front());
        EXPECT_EQ(status(url), c.status) << "again, as it might be remembered";
    }
    EXPECT_TRUE(failures.all.empty());
}

TEST_F(LinkRulesTest, ExpiryIsMovedBothWays)
{
    const std::string url = link(1, "hello.txt", false, now() + 10);
    EXPECT_EQ(status(url), 200);
    edit(1, [&](auto& l) { l.expiresAt = now(); });
    EXPECT_EQ(status(url), 403);
    edit(1, [&](auto& l) { l.expiresAt = now() + 1; });
    EXPECT_EQ(status(url), 200);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(status(url), 403);
    edit(1, [](auto& l) { l.expiresAt.reset(); });
    EXPECT_EQ(status(url), 200);
}

TEST_F(LinkRulesTest, ProgramsAreAskedByBasic)
{
    const std::string url = link(1, "hello.txt");
    edit(1, [](auto& l) { l.passwordHash = "secret"; });
    const Answer asked = get(url);
    EXPECT_EQ(asked.status, 401);
    EXPECT_TRUE(asked.field("WWW-Authenticate").starts_with("Basic realm=\"")) << asked.head;
    EXPECT_EQ(get(url, basic("dTp3cm9uZw==")).status, 401); // u:wrong
    EXPECT_EQ(get(url, basic("c2VjcmV0")).status, 401);     // no colon
    EXPECT_EQ(get(url, basic("dTp@")).status, 401);         // no base64
    const Answer open = get(url, basic("dTpzZWNyZXQ="));    // u:secret
    EXPECT_EQ(open.status, 200);
    EXPECT_EQ(open.body, "hello from closed");
    EXPECT_TRUE(open.has("Cache-Control: private, no-store"));
    EXPECT_EQ(get(url, basic("OnNlY3JldA==")).status, 200) << "any name, or none";
    EXPECT_EQ(get(url).status, 401) << "what one has shown opens for nobody else";
    EXPECT_EQ(passwords->checks(), 2U) << "what was right is remembered";
    edit(1, [](auto& l) { l.passwordHash = "other"; });
    EXPECT_EQ(get(url, basic("dTpzZWNyZXQ=")).status, 401);
    edit(1, [](auto& l) { l.passwordHash.clear(); });
    EXPECT_EQ(get(url).status, 200);
}

TEST_F(LinkRulesTest, PeopleGetAFormAndACookie)
{
    signIn.basePath = "/sub";
    signIn.lifetime = std::chrono::seconds(100);
    publish();
    const std::string url = link(1, "hello.txt"), other = link(2, "hello.txt");
    for (const int number : {1, 2})
        edit(number, [](auto& l) { l.passwordHash = "pass word"; });
    const Answer page = get(url, kBrowser);
    EXPECT_EQ(page.status, 403);
    EXPECT_NE(page.body.find("name=\"password\""), std::string::npos);
    EXPECT_EQ(page.body.find("hello.txt"), std::string::npos) << "its name is not told";
    EXPECT_EQ(page.field("WWW-Authenticate"), "");
    EXPECT_EQ(page.field("Referrer-Policy"), "strict-origin");

    EXPECT_EQ(post(url, "password=wrong").status, 403);
    EXPECT_EQ(post(url, "password=wrong", "Accept: */*\r\n").status, 401);
    EXPECT_EQ(post(url, "password=pass+word", "Origin: http://evil\r\n").status, 403);
    const Answer in = post(url, "password=pass+word");
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.field("Location"), "./" + url.substr(url.rfind('/') + 1));
    const std::string cookie = in.field("Set-Cookie");
    EXPECT_NE(cookie.find("; Path=/sub/d/" + catalog::linkId(1) + "; Max-Age=100; HttpOnly; SameSite=Lax"),
              std::string::npos)
        << cookie;
    const std::string fields = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
    EXPECT_EQ(get(url, fields).status, 200);
    EXPECT_EQ(get(other, fields).status, 401) << "it is another link's";
    harness.clock.advance(std::chrono::seconds(99));
    EXPECT_EQ(get(url, fields).status, 200);
    edit(1, [](auto& l) { l.passwordHash = "new"; });
    EXPECT_EQ(get(url, fields).status, 401) << "it knew the old password";
    edit(1, [](auto& l) { l.passwordHash = "pass word"; });
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(get(url, fields).status, 401);
}

TEST_F(LinkRulesTest, OnlyALinkThatOpensAsksForItsPassword)
{
    const std::string url = link(1, "hello.txt");
    edit(1, [](auto& l) { l.passwordHash = "secret"; });
    std::string forged = url;
    forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
    EXPECT_EQ(status(forged), 403);
    EXPECT_EQ(post(forged, "password=secret").status, 403);
    revoke(1);
    EXPECT_EQ(status(url), 403);
    EXPECT_EQ(get(url, basic("dTpzZWNyZXQ=")).status, 403);
    EXPECT_EQ(post(url, "password=secret").status, 403);
    EXPECT_EQ(passwords->checks(), 0U);
    EXPECT_EQ(post(link(2, "hello.txt"), "password=x").status, 303) << "it needs none";
}

TEST_F(LinkRulesTest, WrongPasswordsAreReported)
{
    const std::string url = link(1, "hello.txt");
    edit(1, [](auto& l) { l.passwordHash = "secret"; });
    (void)get(url);
    EXPECT_TRUE(failures.all.empty()) << "to be asked is no guess";
    (void)get(url, basic("dTp3cm9uZw=="));
    (void)post(url, "password=wrong");
    (void)post(url, "password=worse");
    (void)get(url, basic("dTpzZWNyZXQ="));
    ASSERT_EQ(failures.all.size(), 3U);
    EXPECT_EQ(failures.all[0].first, policy::FailureKind::Password);
    EXPECT_EQ(failures.all[0], failures.all[1]);
    EXPECT_NE(failures.all[0], failures.all[2]);
}

TEST_F(LinkRulesTest, NewLinksUseTheNewKeyAndOldOnesLiveUntilTheirsIsRetired)
{
    const std::string old = link(1, "hello.txt");
    write([](catalog::Session& s) { return catalog::KeyRepository::rotate(s, catalog::someKey("k2")); });
    keys = *auth::KeyRing::make({catalog::someKey("k1", false), catalog::someKey("k2", true)});
    publish();
    const std::string fresh = link(2, "hello.txt");
    EXPECT_NE(fresh.find("k=k2"), std::string::npos);
    EXPECT_EQ(status(old), 200);
    keys = *auth::KeyRing::make({catalog::someKey("k2", true)});
    publish();
    EXPECT_EQ(status(old), 403);
    EXPECT_EQ(status(fresh), 200);
}

} // namespace
} // namespace spillway::download
