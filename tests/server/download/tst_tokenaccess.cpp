// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/download/pipelinefixture.h"

#include <regex>

namespace spillway::download {
namespace {

using catalog::TokenScope;

constexpr std::uint8_t bit(TokenScope scope)
{
    return static_cast<std::uint8_t>(scope);
}
constexpr std::uint8_t kDownload = bit(TokenScope::Download), kList = bit(TokenScope::List);
constexpr std::string_view kBrowser = "Accept: text/html,*/*;q=0.8\r\nSec-Fetch-Dest: document\r\n";

struct TokenAccessTest : PipelineTest
{
    static std::string bearer(const std::string& text) { return "Authorization: Bearer " + text + "\r\n"; }
    int with(const std::string& text, std::string_view target)
    {
        const int byField = get(target, bearer(text)).status;
        const int byQuery = get(std::string(target) + "?token=" + text).status;
        EXPECT_EQ(byField, byQuery) << target;
        return byField;
    }
    /// What a client can tell two refusals apart by.
    static std::string shape(const Answer& answer)
    {
        std::string shown = std::to_string(answer.status) + answer.body;
        if (const auto at = shown.find("\"id\":"); at != std::string::npos)
            shown.resize(at);
        if (const auto at = shown.find("class=\"id\""); at != std::string::npos)
            shown.resize(at);
        static const std::regex nonce("nonce=\"[^\"]*\"");
        shown = std::regex_replace(shown, nonce, "");
        for (const char* name :
             {"Content-Length: ", "Cache-Control: ", "Content-Type: ", "WWW-Authenticate: "})
            if (const auto at = answer.head.find(name); at != std::string::npos)
                shown += answer.head.substr(at, answer.head.find('\r', at) - at);
        return shown;
    }
    Answer post(std::string_view target, std::string_view body, std::string_view fields = kBrowser,
                std::string_view type = "application/x-www-form-urlencoded")
    {
        auto client = harness.connect();
        client.send("POST " + std::string(target) +
                    " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: " + std::string(type) +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(fields) +
                    "\r\n" + std::string(body));
        return answerOf(client);
    }
    /// "name=value" of the cookie that an answer sets.
    static std::string cookieOf(const Answer& answer)
    {
        const auto at = answer.head.find("Set-Cookie: ");
        if (at == std::string::npos)
            return {};
        return answer.head.substr(at + 12, answer.head.find(';', at) - at - 12);
    }
    std::string signedIn(const std::string& text)
    {
        return "Cookie: " + cookieOf(post("/s/closed/", "token=" + text)) + "\r\n";
    }
};

TEST_F(TokenAccessTest, StatusByScopeAndShare)
{
    const std::string all = token("all", kDownload | kList);
    const std::string filesOnly = token("files", kDownload);
    const std::string folders = token("folders", kList);
    const std::string closedOnly = token("closed", kDownload | kList, {"closed"});
    const std::string openOnly = token("open", kDownload | kList, {"open"});
    const std::string viewer = token("viewer", bit(TokenScope::View) | bit(TokenScope::Admin));
    struct Case
    {
        const std::string& text;
        const char* target;
        int status;
    };
    for (const Case& c :
         {Case{all, "/s/closed/hello.txt", 200}, Case{all, "/s/closed/", 200}, Case{all, "/s/closed", 308},
          Case{all, "/s/closed/none", 404}, Case{all, "/s/unknown/x", 404},
          Case{filesOnly, "/s/closed/hello.txt", 200}, Case{filesOnly, "/s/closed/", 403},
          Case{filesOnly, "/s/closed/sub", 403}, Case{folders, "/s/closed/", 200},
          Case{folders, "/s/closed/hello.txt", 403}, Case{closedOnly, "/s/closed/hello.txt", 200},
          Case{closedOnly, "/s/unknown/x", 403}, Case{openOnly, "/s/closed/hello.txt", 403},
          Case{openOnly, "/s/closed/none", 403}, Case{viewer, "/s/closed/hello.txt", 403},
          Case{viewer, "/s/closed/none", 403}, Case{openOnly, "/s/open/hello.txt", 200}})
        EXPECT_EQ(with(c.text, c.target), c.status) << c.target;
    const Answer answer = get("/s/closed/hello.txt", bearer(all));
    EXPECT_TRUE(answer.has("Cache-Control: private, no-store"));
    EXPECT_TRUE(answer.has("Referrer-Policy: no-referrer"));
    EXPECT_TRUE(get("/s/closed/", bearer(all)).has("Referrer-Policy: no-referrer"));
    EXPECT_TRUE(get("/s/open/hello.txt?token=" + all).has("Cache-Control: private, no-store"));
    EXPECT_EQ(get("/s/closed/hello.txt?token=" + all + "&token=" + all).status, 400);
    EXPECT_EQ(status("/s/closed/hello.txt"), 403) << "what a token opened is not remembered for others";
}

/// A private share, one that is not there, a file that is there or not: without a good token all one.
TEST_F(TokenAccessTest, RefusalsTellNothing)
{
    const std::string other = token("other", kDownload, {"open"});
    const std::string over = token("over", kDownload, {}, now() - 1);
    const std::string revoked = token("revoked", kDownload);
    revokeToken("revoked");
    const std::string unknown = *auth::generateToken();
    for (const std::string_view browser : {std::string_view(), kBrowser}) {
        std::string first;
        for (const std::string& text : {std::string(), other, over, revoked, unknown, std::string("junk")})
            for (const char* target : {"/s/closed/hello.txt", "/s/closed/no.txt", "/s/closxd/hello.txt"}) {
                const std::string fields =
                    (text.empty() ? std::string() : bearer(text)) + std::string(browser);
                const std::string seen = shape(get(target, fields));
                if (first.empty())
                    first = seen;
                EXPECT_EQ(seen, first) << target << ' ' << text;
                EXPECT_TRUE(seen.starts_with("403"));
            }
    }
}

TEST_F(TokenAccessTest, OnlyUnknownTokensAreReported)
{
    const std::string good = token("good", kDownload), over = token("over", kDownload, {}, now() - 1);
    token("revoked", kDownload);
    revokeToken("revoked");
    for (const auto& text : {good, over})
        (void)get("/s/closed/hello.txt", bearer(text));
    (void)get("/s/closed/hello.txt", "Cookie: spillway_signin=nonsense\r\n");
    EXPECT_TRUE(failures.all.empty());
    (void)get("/s/closed/hello.txt", bearer("wrong"));
    (void)get("/s/unknown/hello.txt?token=wrong");
    (void)get("/s/closed/hello.txt", bearer(*auth::generateToken()));
    (void)post("/s/closed/", "token=wrong");
    ASSERT_EQ(failures.all.size(), 4U);
    EXPECT_EQ(failures.all[0].first, policy::FailureKind::Token);
    EXPECT_EQ(failures.all[0], failures.all[1]);
    EXPECT_EQ(failures.all[0], failures.all[3]);
    EXPECT_NE(failures.all[0], failures.all[2]);
}

TEST_F(TokenAccessTest, ATokenEndsAtItsSecondAndWhenItIsRevoked)
{
    const std::string text = token("t", kDownload, {}, now() + 100);
    EXPECT_EQ(with(text, "/s/closed/hello.txt"), 200);
    harness.clock.advance(std::chrono::seconds(99));
    EXPECT_EQ(with(text, "/s/closed/hello.txt"), 200);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(with(text, "/s/closed/hello.txt"), 403);
    const std::string other = token("o", kDownload);
    EXPECT_EQ(with(other, "/s/closed/hello.txt"), 200);
    revokeToken("o");
    EXPECT_EQ(with(other, "/s/closed/hello.txt"), 403);
}

TEST_F(TokenAccessTest, UseIsNotedAndHandedOn)
{
    const std::string text = token("t", kDownload);
    const auto lastUse = [this] { return board.rules()->tokens->all().begin()->second->lastUse->load(); };
    EXPECT_EQ(lastUse(), 0);
    EXPECT_EQ(with(text, "/s/closed/hello.txt"), 200);
    EXPECT_EQ(lastUse(), now());
    publish();
    EXPECT_EQ(lastUse(), now());
}

TEST(SignInRules, TakePathAndHostFromThePublicUrl)
{
    struct Case
    {
        const char *url, *path, *host;
    };
    for (const Case& c :
         {Case{"", "", ""}, Case{"http://h", "", "h"}, Case{"https://h:8443/", "", "h:8443"},
          Case{"https://h/files", "/files", "h"}, Case{"http://[::1]:80/a/b/", "/a/b", "[::1]:80"}}) {
        const SignInRules rules = signInRules(std::chrono::seconds(5), c.url);
        EXPECT_EQ(rules.basePath, c.path) << c.url;
        EXPECT_EQ(rules.publicHost, c.host) << c.url;
        EXPECT_EQ(rules.lifetime, std::chrono::seconds(5));
    }
}

TEST_F(TokenAccessTest, APageWithATokenInItsAddressSignsIn)
{
    signIn.basePath = "/files";
    const std::string text = token("t", kDownload | kList, {}, now() + 3600);
    const Answer answer = get("/s/closed/sub/?token=" + text + "&sort=name&x", kBrowser);
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(answer.field("Location"), "?sort=name&x");
    EXPECT_TRUE(answer.has("Cache-Control: private, no-store"));
    EXPECT_TRUE(answer.has("Referrer-Policy: no-referrer"));
    const std::string cookie = answer.field("Set-Cookie");
    EXPECT_NE(cookie.find("; Path=/files/s/closed; Max-Age=3600; HttpOnly; SameSite=Lax"), std::string::npos)
        << cookie;
    EXPECT_EQ(cookie.find("Secure"), std::string::npos);
    EXPECT_EQ(cookie.find(text.substr(4)), std::string::npos) << "never the token";
    EXPECT_EQ(get("/s/closed/hello.txt?token=" + text, "Accept: */*\r\n").status, 200);
    EXPECT_EQ(
        get("/s/closed/hello.txt?token=" + text, "Accept: text/html\r\nSec-Fetch-Dest: image\r\n").status,
        200);
    EXPECT_EQ(get("/s/closed/?token=wrong", kBrowser).status, 403);
}

TEST_F(TokenAccessTest, TheFormSignsInAndOut)
{
    const std::string text = token("t", kDownload | kList);
    const Answer page = get("/s/closed/sub/", kBrowser);
    EXPECT_EQ(page.status, 403);
    EXPECT_NE(page.body.find("<form method=\"post\">"), std::string::npos);
    EXPECT_NE(page.field("Content-Security-Policy").find("form-action 'self'"), std::string::npos);
    EXPECT_EQ(page.field("Referrer-Policy"), "strict-origin");

    const Answer in = post("/s/closed/sub/", "token=+" + text + "%0d%0a");
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.field("Location"), "./");
    const std::string cookie = "Cookie: a=b; " + cookieOf(in) + "\r\n";
    const Answer listing = get("/s/closed/sub/", std::string(kBrowser) + cookie);
    EXPECT_EQ(listing.status, 200);
    EXPECT_NE(listing.body.find("href=\"?signout\""), std::string::npos);
    EXPECT_EQ(get("/s/open/", kBrowser).body.find("signout"), std::string::npos);
    EXPECT_EQ(get("/s/closed/", std::string(kBrowser) + bearer(text)).body.find("signout"),
              std::string::npos);
    EXPECT_EQ(get("/s/closed/hello.txt", cookie).status, 200);
    EXPECT_EQ(post("/s/closed/", "token=wrong").status, 403);

    const Answer ask = get("/s/closed/?signout", std::string(kBrowser) + cookie);
    EXPECT_EQ(ask.status, 200);
    EXPECT_NE(ask.body.find("<form"), std::string::npos);
    const Answer out = post("/s/closed/?signout", "");
    EXPECT_EQ(out.status, 303);
    EXPECT_EQ(out.field("Location"), "./");
    EXPECT_NE(out.field("Set-Cookie").find("Max-Age=0"), std::string::npos);
}

TEST_F(TokenAccessTest, TheCookieEndsWithItsTimeAndItsToken)
{
    signIn.lifetime = std::chrono::seconds(100);
    const std::string text = token("t", kDownload);
    token("u", kDownload, {"open"});
    const std::string cookie = signedIn(text);
    EXPECT_EQ(get("/s/closed/hello.txt", cookie).status, 200);
    harness.clock.advance(std::chrono::seconds(99));
    EXPECT_EQ(get("/s/closed/hello.txt", cookie).status, 200);
    harness.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(get("/s/closed/hello.txt", cookie).status, 403);
    const std::string fresh = signedIn(text);
    EXPECT_EQ(get("/s/closed/hello.txt", fresh).status, 200);
    revokeToken("t");
    EXPECT_EQ(get("/s/closed/hello.txt", fresh).status, 403);
    EXPECT_EQ(get("/s/closed/hello.txt",
                  "Cookie: spillway_signin=" +
                      signer->sign(auth::ValueKind::Password, "tAAAAAAAAAAA", now() + 9) + "\r\n")
                  .status,
              403)
        << "a value of another kind";
    EXPECT_EQ(get("/s/closed/hello.txt",
                  "Cookie: spillway_signin=" +
                      signer->sign(auth::ValueKind::SignIn, "uAAAAAAAAAAA", now() + 9) + "\r\n")
                  .status,
              403)
        << "a token of another share";
}

TEST_F(TokenAccessTest, FormsOfOtherSitesAndLargeOnesAreRefused)
{
    const std::string text = token("t", kDownload);
    const std::string body = "token=" + text;
    struct Case
    {
        const char* fields;
        int status;
    };
    for (const Case& c : {Case{"Origin: http://h\r\n", 303}, Case{"Origin: https://H:443\r\n", 303},
                          Case{"Origin: http://evil\r\n", 403}, Case{"Origin: null\r\n", 403},
                          Case{"Origin: http://h.evil\r\n", 403}, Case{"Origin: h\r\n", 403}, Case{"", 303}})
        EXPECT_EQ(post("/s/closed/", body, c.fields).status, c.status) << c.fields;
    signIn.publicHost = "share.example:8443";
    publish();
    EXPECT_EQ(post("/s/closed/", body, "Origin: https://share.example:8443\r\n").status, 303);
    const std::string padding(4096 - body.size() - 3, 'x');
    EXPECT_EQ(post("/s/closed/", body + "&p=" + padding).status, 303);
    EXPECT_EQ(post("/s/closed/", body + "&p=x" + padding).status, 413);
    EXPECT_EQ(post("/s/closed/", body, "", "text/plain").status, 413);
    EXPECT_EQ(post("/", body).status, 413);
    EXPECT_EQ(post("/s/open/", body).status, 405);
    EXPECT_EQ(post("/s/closed/?signout", "", "Origin: http://evil\r\n").status, 403);
}

} // namespace
} // namespace spillway::download
