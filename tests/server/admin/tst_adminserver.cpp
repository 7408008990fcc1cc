// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/admin/adminfixture.h"

namespace spillway::admin {
namespace {

TEST_F(AdminServerTest, TheTokenOpensTheApiAndNothingElseDoes)
{
    EXPECT_EQ(call("GET", "/api/v1/status").status, 200);
    const std::string bearers[] = {"",
                                   "Authorization: Bearer x\r\n",
                                   "Authorization: Bearer\r\n",
                                   "Authorization: Basic " + token_ + "\r\n",
                                   "Authorization: " + token_ + "\r\n",
                                   "Authorization: Bearer " + token_.substr(1) + "\r\n",
                                   "Authorization: Bearer " + token_ + "x\r\n"};
    for (const std::string& bearer : bearers) {
        const Answer answer = raw("GET /api/v1/status", "Host: localhost\r\n" + bearer);
        EXPECT_EQ(answer.status, 401) << bearer;
        EXPECT_NE(answer.head.find("WWW-Authenticate: Bearer"), std::string::npos) << answer.head;
        EXPECT_EQ(answer.text("code"), "unauthorized");
        EXPECT_EQ(raw("GET /nothing/here", "Host: localhost\r\n" + bearer).status, 401)
            << "which addresses there are is not told";
    }
    EXPECT_EQ(raw("GET /api/v1/status", "Host: localhost\r\nAuthorization: bearer " + token_ + "\r\n").status,
              200)
        << "the scheme's case does not matter";
    EXPECT_EQ(raw("GET /api/v1/status?token=" + token_, "Host: localhost\r\n").status, 401)
        << "never in a URL";
}

TEST_F(AdminServerTest, ABodyIsTakenOnlyFromTheBearer)
{
    const std::string big = "Content-Length: 2000000\r\nContent-Type: application/json\r\n";
    const Answer stranger = raw("POST /api/v1/shares", "Host: localhost\r\n" + big);
    EXPECT_EQ(stranger.status, 401) << "judged on the head, with no byte of the body sent";
    const Answer small =
        talk(port_, "POST /api/v1/shares HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(small.status, 401);
    EXPECT_EQ(call("POST", "/api/v1/shares", {}, big).status, 413);
    const Answer rebound =
        talk(port_, "POST /api/v1/shares HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + token_ +
                        "\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(rebound.status, 421);
    EXPECT_TRUE(management_->listShares()->empty());

    const std::string padding = R"({"name":"docs","path":")" + folder_.file("files") + R"(")";
    const auto padded = [&](std::size_t size) {
        return padding + std::string(size - padding.size() - 1, ' ') + "}";
    };
    EXPECT_EQ(call("POST", "/api/v1/shares", padded(AdminHandler::kMaxBody + 1)).status, 413);
    EXPECT_EQ(call("POST", "/api/v1/shares", padded(AdminHandler::kMaxBody)).status, 200);
}

TEST_F(AdminServerTest, OnlyOurOwnNamesAreAnswered)
{
    const struct
    {
        const char* host;
        int status;
    } rows[] = {
        {"localhost", 200},
        {"LocalHost:1", 200},
        {"127.0.0.1", 200},
        {"127.9.9.9:80", 200},
        {"[::1]", 200},
        {"[::1]:99", 200},
        {"evil.example", 421},
        {"evil.example:8081", 421},
        {"192.0.2.1", 421},
        {"localhost.evil.example", 421},
        {"127.0.0.1.evil.example", 421},
        {"[2001:db8::1]", 421},
    };
    for (const auto& row : rows) {
        const std::string fields =
            std::string("Host: ") + row.host + "\r\nAuthorization: Bearer " + token_ + "\r\n";
        EXPECT_EQ(raw("GET /api/v1/status", fields).status, row.status) << row.host;
        EXPECT_EQ(raw("GET /metrics", fields).status, row.status) << row.host;
        EXPECT_EQ(raw("GET /healthz", fields).status, 200) << row.host;
    }
    EXPECT_EQ(talk(port_, "GET /readyz HTTP/1.0\r\n\r\n").status, 200) << "checkers of HTTP/1.0 send no Host";
}

TEST_F(AdminServerTest, SharesAndLinksByTheTable)
{
    const std::string path = folder_.file("files");
    Answer answer =
        call("POST", "/api/v1/shares", R"({"name":"docs","path":")" + path + R"(","public":true})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_NE(answer.head.find("Cache-Control: no-store"), std::string::npos);
    EXPECT_EQ(answer.text("name"), "docs");
    EXPECT_EQ(answer.object().value(QLatin1String("public")), QJsonValue(true));
    EXPECT_EQ(call("POST", "/api/v1/shares", R"({"name":"docs","path":")" + path + R"("})").status, 409);
    EXPECT_EQ(call("PATCH", "/api/v1/shares/docs", R"({"public":false})").status, 200);
    EXPECT_EQ(call("HEAD", "/api/v1/shares").status, 200);
    EXPECT_TRUE(call("HEAD", "/api/v1/shares").body.empty());

    answer = call("POST", "/api/v1/links", R"({"target":"docs/a.txt","expires":"1h","note":"ä"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string id = answer.text("id"), url = answer.text("url");
    const std::string base = "http://127.0.0.1:" + std::to_string(engine_->addresses().front().port);
    ASSERT_TRUE(url.starts_with(base + "/d/")) << url;
    const auto publicly = [&] {
        return talk(engine_->addresses().front().port,
                    "GET " + url.substr(base.size()) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    };
    EXPECT_EQ(publicly().body, "hello");
    EXPECT_EQ(call("GET", "/api/v1/links/" + id).text("url"), url);
    EXPECT_EQ(call("GET", "/api/v1/links").body.find("s="), std::string::npos) << "lists hold no signatures";
    EXPECT_EQ(call("POST", "/api/v1/links/" + id + "/revoke").text("state"), "revoked");
    EXPECT_EQ(publicly().status, 403) << "in force when the call returns";

    answer =
        call("POST", "/api/v1/presign", R"({"target":"docs/a.txt","expires":60,"allow":["127.0.0.0/8"]})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string presigned = answer.text("url").substr(base.size());
    const auto get = [&](const std::string& target) {
        return talk(engine_->addresses().front().port,
                    "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    };
    EXPECT_EQ(get(presigned).body, "hello");
    EXPECT_EQ(call("POST", "/api/v1/denied", R"({"url":")" + base + presigned + R"("})").status, 200);
    EXPECT_EQ(get(presigned).status, 403);

    EXPECT_EQ(call("DELETE", "/api/v1/shares/docs").status, 200);
    EXPECT_EQ(call("DELETE", "/api/v1/shares/docs").status, 404);
}

TEST_F(AdminServerTest, WhatIsWrongIsNamed)
{
    ASSERT_TRUE(management_->addShare({"docs", folder_.file("files"), false, false, true, {}}));
    const struct
    {
        const char *method, *target, *body;
        int status;
        const char *code, *named;
    } rows[] = {
        {"POST", "/api/v1/links", R"({"target":"docs","pasword":"x"})", 400, "invalid-argument", "pasword"},
        {"POST", "/api/v1/links", R"({"target":"docs","max_downloads":"3"})", 400, "invalid-argument",
         "max_downloads"},
        {"POST", "/api/v1/links", R"({"target":"docs","max_downloads":-1})", 400, "invalid-argument",
         "negative"},
        {"POST", "/api/v1/links", R"({"target":"docs","allow":["10.0.0.1/8"]})", 400, "invalid-argument",
         "10.0.0"},
        {"POST", "/api/v1/links", R"({"target":"docs","password":""})", 400, "invalid-argument", "password"},
        {"POST", "/api/v1/tokens", R"({"name":"a","scopes":[]})", 400, "invalid-argument", "scope"},
        {"POST", "/api/v1/tokens", R"({"name":"a","scopes":["read"]})", 400, "invalid-argument", "read"},
        {"POST", "/api/v1/tokens", R"({"name":"","scopes":["list"]})", 400, "invalid-argument", "name"},
        {"POST", "/api/v1/tokens", R"({"name":"a","scopes":["list"],"shares":["nope"]})", 404, "not-found",
         "nope"},
        {"POST", "/api/v1/tokens", R"({"name":"a","scopes":["admin"],"shares":["docs"]})", 400,
         "invalid-argument", "whole"},
        {"POST", "/api/v1/tokens/x/revoke", "", 404, "not-found", "x"},
        {"PATCH", "/api/v1/links/x", R"({"note":"n"})", 404, "not-found", "x"},
        {"POST", "/api/v1/links", R"({})", 400, "invalid-argument", "target"},
        {"POST", "/api/v1/links", "", 400, "invalid-argument", "target"},
        {"POST", "/api/v1/links", "[1]", 400, "invalid-argument", "object"},
        {"POST", "/api/v1/links", "{\"target\"", 400, "invalid-argument", "JSON"},
        {"POST", "/api/v1/links", R"({"target":7})", 400, "invalid-argument", "target"},
        {"POST", "/api/v1/links", R"({"target":"docs","expires":"soon"})", 400, "invalid-argument",
         "expires"},
        {"POST", "/api/v1/links", R"({"target":"docs","expires":0})", 400, "invalid-argument", "1s"},
        {"POST", "/api/v1/links", R"({"target":"docs/nope"})", 404, "not-found", "nope"},
        {"POST", "/api/v1/links?target=docs", "", 400, "invalid-argument", "target"},
        {"GET", "/api/v1/links?limt=3", "", 400, "invalid-argument", "limt"},
        {"GET", "/api/v1/links?limit=x", "", 400, "invalid-argument", "limit"},
        {"GET", "/api/v1/links?limit=0", "", 400, "invalid-argument", "1000"},
        {"GET", "/api/v1/links?limit=1&limit=2", "", 400, "invalid-argument", "limit"},
        {"GET", "/api/v1/links/x?id=y", "", 400, "invalid-argument", "id"},
        {"GET", "/api/v1/links/x", "", 404, "not-found", "x"},
        {"POST", "/api/v1/keys/x/retire", R"({"id":"y"})", 400, "invalid-argument", "id"},
        {"POST", "/api/v1/keys/x/retire", "", 404, "not-found", "x"},
        {"GET", "/api/v1/nothing", "", 404, "not-found", ""},
        {"GET", "/", "", 404, "not-found", ""},
        {"DELETE", "/api/v1/links", "", 405, "method-not-allowed", ""},
        {"GET", "/api/v1/search", "", 400, "invalid-argument", "q"},
    };
    for (const auto& row : rows) {
        const Answer answer = call(row.method, row.target, row.body);
        EXPECT_EQ(answer.status, row.status)
            << row.method << " " << row.target << " " << row.body << answer.body;
        EXPECT_EQ(answer.text("code"), row.code) << answer.body;
        EXPECT_NE(answer.text("detail").find(row.named), std::string::npos) << answer.body;
        EXPECT_NE(answer.head.find("Content-Type: application/problem+json"), std::string::npos);
        EXPECT_EQ(answer.head.find("Allow: GET, POST") != std::string::npos, row.status == 405)
            << answer.head;
    }
    EXPECT_EQ(management_->listLinks({})->links.size(), 0U);
    EXPECT_EQ(
        call("POST", "/api/v1/keys/rotate", {}, "Content-Type: text/plain\r\nContent-Length: 0\r\n").status,
        200)
        << "no body, no type asked for";
    const std::string form = "a=1";
    EXPECT_EQ(
        talk(port_,
             "POST /api/v1/links HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " +
                 token_ + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n" +
                 form)
            .status,
        415);
}

TEST_F(AdminServerTest, LinksComeInPages)
{
    ASSERT_TRUE(management_->addShare({"docs", folder_.file("files"), false, false, true, {}}));
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(call("POST", "/api/v1/links", R"({"target":"docs/a.txt"})").status, 200);
    const Answer first = call("GET", "/api/v1/links?limit=2&share=docs");
    EXPECT_EQ(first.object().value(QLatin1String("links")).toArray().size(), 2);
    ASSERT_FALSE(first.text("next").empty());
    const Answer second = call("GET", "/api/v1/links?limit=2&after=" + first.text("next"));
    EXPECT_EQ(second.object().value(QLatin1String("links")).toArray().size(), 1);
    EXPECT_TRUE(second.object().value(QLatin1String("next")).isNull());
}

TEST_F(AdminServerTest, MetricsForItsAddressesOrItsToken)
{
    Answer answer = raw("GET /metrics", "Host: localhost\r\n");
    EXPECT_EQ(answer.status, 200) << "loopback by default";
    EXPECT_NE(answer.body.find("http_requests_total"), std::string::npos);
    EXPECT_NE(answer.head.find("version=0.0.4"), std::string::npos);
    // Judged by Prometheus itself.
    catalog::writeFile(folder_.file("metrics.txt"), answer.body);
    EXPECT_EQ(std::system(("promtool check metrics < " + folder_.file("metrics.txt")).c_str()), 0);

    stop();
    ASSERT_TRUE(start({{"metrics.allow", "192.0.2.0/24"}, {"metrics.token", "sixteen-or-more-x"}}));
    EXPECT_EQ(raw("GET /metrics", "Host: localhost\r\n").status, 401);
    EXPECT_EQ(raw("GET /metrics", "Host: localhost\r\nAuthorization: Bearer sixteen-or-more-x\r\n").status,
              200);
    EXPECT_EQ(raw("GET /metrics", "Host: localhost\r\nAuthorization: Bearer sixteen-or-more-y\r\n").status,
              401);
    EXPECT_EQ(call("GET", "/metrics").status, 200) << "the admin token opens everything";
    EXPECT_EQ(
        raw("GET /api/v1/status", "Host: localhost\r\nAuthorization: Bearer sixteen-or-more-x\r\n").status,
        401)
        << "and the metrics token opens nothing else";
}

TEST_F(AdminServerTest, AnEmptyMetricsTokenOpensNothing)
{
    stop();
    ASSERT_TRUE(start({{"metrics.allow", "192.0.2.0/24"}}));
    EXPECT_EQ(raw("GET /metrics", "Host: localhost\r\nAuthorization: Bearer \r\n").status, 401);
    EXPECT_EQ(raw("GET /metrics", "Host: localhost\r\nAuthorization: Bearer\r\n").status, 401);
}

TEST_F(AdminServerTest, FilesOfARunComeAndGo)
{
    const std::string file = engine_->dataFolder() + "/admin.json";
    const auto run = readRunFile(engine_->dataFolder());
    ASSERT_TRUE(run);
    EXPECT_EQ(run->address, "http://127.0.0.1:" + std::to_string(port_));
    EXPECT_EQ(run->pid, ::getpid());
    EXPECT_EQ(run->token.size(), 43U);
    EXPECT_EQ(readRunPointers().size(), 1U);
    const std::string before = token_;
    stop();
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_TRUE(readRunPointers().empty());
    ASSERT_TRUE(start({}));
    EXPECT_NE(token_, before) << "a token is for one run";
}

TEST_F(AdminServerTest, BeyondLoopbackItSpeaksTlsAlone)
{
    stop();
    ASSERT_TRUE(start({{"admin.listen", "0.0.0.0:0"}}));
    EXPECT_TRUE(server_->addresses().front().tls);
    EXPECT_EQ(server_->fingerprint().size(), 95U);
    const Answer plain = talk(port_, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_NE(plain.status, 200) << "the token would cross the network in plain text";
    // The command line has a port of its own, on loopback.
    const auto run = readRunFile(engine_->dataFolder());
    ASSERT_TRUE(run);
    ASSERT_TRUE(run->address.starts_with("http://127.0.0.1:")) << run->address;
    port_ = static_cast<std::uint16_t>(std::stoi(run->address.substr(run->address.rfind(':') + 1)));
    EXPECT_NE(port_, server_->addresses().front().address.port);
    EXPECT_EQ(call("GET", "/api/v1/status").status, 200);

    const std::string first = server_->fingerprint();
    stop();
    ASSERT_TRUE(start({{"admin.listen", "127.0.0.1:0"}, {"admin.tls", "always"}}));
    EXPECT_EQ(server_->fingerprint(), first) << "what consoles have pinned stays";
}

TEST_F(AdminServerTest, ACertificateThatCannotBeUsedIsNoStart)
{
    stop();
    EXPECT_EQ(start({{"admin.listen", "0.0.0.0:0"}, {"admin.certificate", "/none.pem"}}).error().code,
              ErrorCode::InvalidArgument)
        << "a key is missing";
    stop();
    EXPECT_EQ(
        start({{"admin.listen", "0.0.0.0:0"}, {"admin.certificate", "/none.pem"}, {"admin.key", "/none.key"}})
            .error()
            .code,
        ErrorCode::NotFound);
    EXPECT_FALSE(std::filesystem::exists(folder_.file("data/admin.json")));
}

TEST_F(AdminServerTest, WrongTokensLeadToABan)
{
    const auto guess = [&](const std::string& token) {
        return raw("GET /api/v1/status", "Host: localhost\r\nAuthorization: Bearer " + token + "\r\n").status;
    };
    // Loopback is never banned by rule, so the count is looked at.
    EXPECT_EQ(engine_->bans().counters().failures[0], 0U);
    EXPECT_EQ(guess("one"), 401);
    EXPECT_EQ(guess("two"), 401);
    EXPECT_EQ(raw("GET /api/v1/status", "Host: localhost\r\n").status, 401);
    EXPECT_EQ(engine_->bans().counters().failures[0], 2U) << "no token is no guess";
    const auto token = management_->createToken({"old", 8, {}, {}});
    ASSERT_TRUE(token);
    ASSERT_TRUE(management_->revokeToken(token->token.id));
    EXPECT_EQ(guess(token->text), 401);
    EXPECT_EQ(engine_->bans().counters().failures[0], 2U) << "nor is one that was good once";
}

TEST_F(AdminServerTest, VersionsKeepTwoConsolesApart)
{
    const Answer added =
        call("POST", "/api/v1/shares", R"({"name":"docs","path":")" + folder_.file("files") + R"("})");
    const std::string tag = "\"" + added.text("version") + "\"";
    EXPECT_NE(added.head.find("ETag: " + tag), std::string::npos) << added.head;
    const auto change = [&](const std::string& condition, const std::string& body) {
        return call("PATCH", "/api/v1/shares/docs", body, "If-Match: " + condition + "\r\n");
    };
    EXPECT_EQ(change("\"x\", " + tag, R"({"public":true})").status, 200);
    const Answer refused = change(tag, R"({"public":false})");
    EXPECT_EQ(refused.status, 412);
    EXPECT_EQ(refused.text("code"), "stale");
    EXPECT_EQ(change("*", R"({"public":false})").status, 200);
    EXPECT_EQ(change("W/" + tag, R"({"public":false})").status, 412) << "weak ones never match";
    EXPECT_EQ(call("GET", "/api/v1/status", {}, "If-Match: *\r\n").status, 400);
    const Answer limit = call("GET", "/api/v1/limits/server");
    EXPECT_EQ(call("PATCH", "/api/v1/limits/server", R"({"downloads":5})",
                   "If-Match: \"" + limit.text("version") + "\"\r\n")
                  .status,
              200);
    EXPECT_EQ(call("PATCH", "/api/v1/limits/server", R"({"downloads":6})",
                   "If-Match: \"" + limit.text("version") + "\"\r\n")
                  .status,
              412);
}

TEST_F(AdminServerTest, ReadinessFollowsTheModes)
{
    EXPECT_EQ(raw("GET /readyz", "Host: localhost\r\n").status, 200);
    engine_->health().enter(observe::Mode::Draining, "on the way out");
    EXPECT_EQ(raw("GET /readyz", "Host: localhost\r\n").status, 503);
    EXPECT_EQ(raw("GET /healthz", "Host: localhost\r\n").status, 200);
}

} // namespace
} // namespace spillway::admin
