// SPDX-License-Identifier: GPL-3.0-or-later
// What API tokens may on the admin listener, and the operations on them and on links' rules.
#include "server/engine/settingscontrol.h"
#include "tests/server/admin/adminfixture.h"

namespace spillway::admin {
namespace {

/// What each scope may, over all operations: who only reads changes nothing, who shares touches links only.
TEST_F(AdminServerTest, TokensMayWhatTheirScopesSay)
{
    struct Bearer
    {
        std::uint8_t scopes;
        bool changes, reads, links;
    };
    for (const Bearer& bearer :
         {Bearer{3, false, false, false}, Bearer{4, false, false, true}, Bearer{8, false, true, false},
          Bearer{12, false, true, true}, Bearer{16, true, true, true}, Bearer{31, true, true, true}}) {
        const auto made = management_->createToken({"t", bearer.scopes, {}, {}});
        ASSERT_TRUE(made);
        const std::string fields = "Host: localhost\r\nAuthorization: Bearer " + made->text + "\r\n";
        for (const Operation& operation : operations()) {
            // With an id of nothing that is there and no body: what is let through fails by itself.
            std::string path(operation.path);
            for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
                path.replace(at, path.find('}') - at + 1, "nothing");
            if (operation.name == "key.rotate" || operation.name == "console.join")
                continue; // the one would be done, the other is an invite's alone
            const bool looks = bearer.reads && operation.method == "GET" && operation.name != "folder.browse";
            const bool may = bearer.changes || looks || (bearer.links && operation.name.starts_with("link."));
            const int status = raw(std::string(operation.method) + " " + path, fields).status;
            EXPECT_EQ(status == 403, !may) << operation.name << ' ' << int{bearer.scopes} << ' ' << status;
            EXPECT_NE(status, 401) << operation.name;
        }
        EXPECT_EQ(raw("POST /api/v1/keys/rotate", fields).status, bearer.changes ? 200 : 403);
        ASSERT_TRUE(management_->revokeToken(made->token.id));
        EXPECT_EQ(raw("GET /api/v1/shares", fields).status, 401) << "revoked";
    }
    const auto brief =
        management_->createToken({"t", 16, {}, {engine::Expiry::Kind::After, std::chrono::seconds(1)}});
    ASSERT_TRUE(brief);
    EXPECT_EQ(raw("GET /api/v1/shares",
                  "Host: localhost\r\nAuthorization: Bearer " + brief->text.substr(0, 46) + "\r\n")
                  .status,
              401);
}

TEST_F(AdminServerTest, ATokenForSharesMakesLinksThereOnly)
{
    std::filesystem::create_directory(folder_.file("more"));
    catalog::writeFile(folder_.file("more/b.txt"), "x");
    ASSERT_TRUE(management_->addShare({"docs", folder_.file("files"), false, false, true, {}}));
    ASSERT_TRUE(management_->addShare({"more", folder_.file("more"), false, false, true, {}}));
    const std::string mine = management_->createLink({"docs/a.txt", {}, {}, true})->link.id;
    const std::string theirs = management_->createLink({"more/b.txt", {}, {}, true})->link.id;
    const auto presigned = management_->presign({"more/b.txt", {}, {}, {}});
    token_ = management_->createToken({"t", 4, {"docs"}, {}})->text;
    EXPECT_EQ(call("POST", "/api/v1/links", R"({"target":"docs/a.txt"})").status, 200);
    EXPECT_EQ(call("POST", "/api/v1/links", R"({"target":"more/b.txt"})").status, 404);
    EXPECT_EQ(call("POST", "/api/v1/links", R"({"target":"more/none"})").status, 404);
    EXPECT_EQ(call("POST", "/api/v1/links", R"({"target":")" + folder_.file("more/b.txt") + R"("})").status,
              404);
    EXPECT_EQ(call("POST", "/api/v1/presign", R"({"target":"docs/a.txt"})").status, 200);
    EXPECT_EQ(call("POST", "/api/v1/presign", R"({"target":"more/b.txt"})").status, 404);
    EXPECT_EQ(call("POST", "/api/v1/denied", R"({"url":")" + presigned->url + R"("})").status, 404);
    EXPECT_EQ(call("GET", "/api/v1/links/" + mine).status, 200);
    EXPECT_EQ(call("GET", "/api/v1/links/" + theirs).status, 404);
    EXPECT_EQ(call("PATCH", "/api/v1/links/" + theirs, R"({"note":"n"})").status, 404);
    EXPECT_EQ(call("PATCH", "/api/v1/links/" + mine, R"({"note":"n"})").status, 200);
    EXPECT_EQ(call("POST", "/api/v1/links/" + theirs + "/revoke").status, 404);
    EXPECT_EQ(call("GET", "/api/v1/links").object().value(QLatin1String("links")).toArray().size(), 2);
    EXPECT_EQ(call("GET", "/api/v1/shares").status, 403);

    token_ = management_->createToken({"v", 8, {}, {}})->text;
    EXPECT_EQ(call("GET", "/api/v1/links/" + mine).status, 200);
    EXPECT_EQ(call("GET", "/api/v1/links/" + mine).text("url"), "") << "to look is not to download";
}

/// Who asks from another machine, or by a token once share_roots names a folder, shares from there alone.
TEST_F(AdminServerTest, ATokenSharesWhatShareRootsNames)
{
    std::filesystem::create_directories(folder_.file("root/sub"));
    const auto body = [this](const char* name, const char* path) {
        return R"({"name":")" + std::string(name) + R"(","path":")" + folder_.file(path) + R"("})";
    };
    const std::string own = token_;
    const std::string admin = management_->createToken({"t", 16, {}, {}})->text;
    token_ = admin;
    EXPECT_EQ(call("POST", "/api/v1/shares", body("before", "files")).status, 200)
        << "on this machine, none named";
    auto settings = engine::ManagementSettings::from(engine_->settings());
    settings.shareRoots = {folder_.file("root")};
    management_->setSettings(std::move(settings));
    const Answer refused = call("POST", "/api/v1/shares", body("files", "files"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.head.find("application/problem+json"), std::string::npos);
    EXPECT_NE(refused.text("detail").find("share_roots"), std::string::npos);
    EXPECT_EQ(call("POST", "/api/v1/shares", body("root", "root/sub")).status, 200);
    EXPECT_EQ(call("PATCH", "/api/v1/shares/root", R"({"path":")" + folder_.file("files") + R"("})").status,
              403);
    EXPECT_EQ(call("PATCH", "/api/v1/shares/before", R"({"public":true})").status, 200) << "no path is given";
    // Not even whether something is there.
    for (const char* path : {"/root/none", "/none", "/root"}) {
        const Answer link = call("POST", "/api/v1/links", R"({"target":")" + folder_.path() + path + R"("})");
        EXPECT_EQ(link.status, 404) << path;
        EXPECT_EQ(link.text("detail"), folder_.path() + path + " lies in no share; share its folder first");
    }
    token_ = own;
    EXPECT_EQ(call("POST", "/api/v1/shares", body("anywhere", "files")).status, 200)
        << "the command line may";
}

TEST_F(AdminServerTest, FromElsewhereNothingIsSharedByItsPath)
{
    OperationContext context{*management_, engine_.get()};
    context.caller.elsewhere = true;
    const Operation& add = *findOperation("share.add");
    const QJsonObject given{{QStringLiteral("name"), QStringLiteral("docs")},
                            {QStringLiteral("path"), QString::fromStdString(folder_.file("files"))}};
    const auto refused = runOperation(add, context, given);
    EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied) << "even with the run's own token";
    EXPECT_NE(refused.error().message.find("share_roots"), std::string::npos);
    EXPECT_TRUE(runOperation(*findOperation("folder.browse"), context, {})) << "an empty list";
    context.caller.elsewhere = false;
    EXPECT_TRUE(runOperation(add, context, given));
}

TEST_F(AdminServerTest, NobodyElsewhereWidensWhatHeMay)
{
    const config::SettingsStore store(folder_.file("data/spillway.toml"), false, {}, {});
    engine::SettingsControl control(store, engine_->settings(), [](const config::Settings&) {});
    management_->setSettingsControl(&control);
    const std::string own = token_;
    const std::string change = R"({"value":["/"]})";
    const auto fixedBy = [this](const char* name) -> std::string {
        for (const QJsonValue one :
             call("GET", "/api/v1/settings").object().value(QLatin1String("settings")).toArray())
            if (one.toObject().value(QLatin1String("name")).toString() == QLatin1String(name))
                return one.toObject().value(QLatin1String("fixed_by")).toString().toStdString();
        return "none";
    };
    token_ = management_->createToken({"t", 16, {}, {}})->text;
    for (const char* name :
         {"share_roots", "audit.file_size", "audit.files", "log.file", "tls.acme_folder"}) {
        EXPECT_EQ(call("PATCH", std::string("/api/v1/settings/") + name, change).status, 403) << name;
        EXPECT_EQ(call("DELETE", std::string("/api/v1/settings/") + name).status, 403) << name;
        EXPECT_EQ(fixedBy(name), "own-machine");
    }
    EXPECT_EQ(fixedBy("workers"), "");
    EXPECT_EQ(call("PATCH", "/api/v1/settings/http.idle_timeout", R"({"value":["20s"]})").status, 200);
    token_ = own;
    EXPECT_EQ(fixedBy("share_roots"), "");
    EXPECT_EQ(call("PATCH", "/api/v1/settings/share_roots", change).status, 200);
    management_->setSettingsControl(nullptr);
}

TEST_F(AdminServerTest, ATokenIsShownOnceAndItsUseIsWrittenDown)
{
    const Answer made = call("POST", "/api/v1/tokens", R"({"name":"ci","scopes":["view"],"expires":"1h"})");
    ASSERT_EQ(made.status, 200) << made.body;
    const std::string text = made.text("token");
    EXPECT_EQ(text.size(), 47U);
    const std::string list = call("GET", "/api/v1/tokens").body;
    EXPECT_EQ(list.find(text), std::string::npos);
    EXPECT_NE(list.find(R"("last_used_at":null)"), std::string::npos) << list;
    EXPECT_EQ(raw("GET /api/v1/shares", "Host: localhost\r\nAuthorization: Bearer " + text + "\r\n").status,
              200);
    stop();
    ASSERT_TRUE(start({}));
    EXPECT_EQ(call("GET", "/api/v1/tokens").body.find(R"("last_used_at":null)"), std::string::npos);
    EXPECT_EQ(raw("GET /api/v1/shares", "Host: localhost\r\nAuthorization: Bearer " + text + "\r\n").status,
              200)
        << "it outlives the run";
}

TEST_F(AdminServerTest, ALinksRulesChangeAndAreTakenAway)
{
    ASSERT_TRUE(management_->addShare({"docs", folder_.file("files"), false, false, true, {}}));
    const Answer made =
        call("POST", "/api/v1/links",
             R"({"target":"docs/a.txt","max_downloads":3,"password":"x","allow":["127.0.0.0/8"],)"
             R"("rate":"1MiB/s","concurrency":2,"note":"n","page":false})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.object().value(QLatin1String("max_downloads")), QJsonValue(3));
    EXPECT_EQ(made.object().value(QLatin1String("password")), QJsonValue(true));
    EXPECT_EQ(made.object().value(QLatin1String("rate")), QJsonValue(1048576));
    EXPECT_EQ(made.object().value(QLatin1String("concurrency")), QJsonValue(2));
    EXPECT_EQ(made.body.find("argon2"), std::string::npos);
    const std::string target = "/api/v1/links/" + made.text("id");
    const Answer kept = call("PATCH", target, R"({"note":"m"})");
    ASSERT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(kept.object().value(QLatin1String("max_downloads")), QJsonValue(3));
    EXPECT_EQ(kept.object().value(QLatin1String("password")), QJsonValue(true));
    EXPECT_EQ(kept.text("note"), "m");
    EXPECT_EQ(call("PATCH", target, R"({"password":"y","no_password":true})").status, 400);
    const Answer bare = call("PATCH", target,
                             R"({"max_downloads":0,"no_password":true,"allow":[],"rate":0,"concurrency":0,)"
                             R"("expires":"never","page":true})");
    ASSERT_EQ(bare.status, 200) << bare.body;
    EXPECT_TRUE(bare.object().value(QLatin1String("max_downloads")).isNull());
    EXPECT_TRUE(bare.object().value(QLatin1String("expires_at")).isNull());
    EXPECT_EQ(bare.object().value(QLatin1String("password")), QJsonValue(false));
    EXPECT_EQ(bare.object().value(QLatin1String("rate")), QJsonValue(0));
    EXPECT_EQ(bare.object().value(QLatin1String("page")), QJsonValue(true));
}

} // namespace
} // namespace spillway::admin
