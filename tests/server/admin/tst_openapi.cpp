// SPDX-License-Identifier: GPL-3.0-or-later
// /openapi.json: it has every route, and what the server answers is what it says.
#include "server/admin/answerschemas.h"
#include "server/contract/commands.h"
#include "server/contract/invite.h"
#include "server/engine/settingscontrol.h"
#include "tests/server/admin/adminfixture.h"

#include "server/admin/operations.h"

namespace spillway::admin {
namespace {

/// A value against a schema of the document: the part of JSON Schema that it uses. What is not described is a
/// fault, too.
class Checker
{
public:
    explicit Checker(const QJsonObject& document)
        : schemas_(document.value(QLatin1String("components"))
                       .toObject()
                       .value(QLatin1String("schemas"))
                       .toObject())
    {
    }
    [[nodiscard]] std::string fault(const QJsonObject& schema, const QJsonValue& value,
                                    const std::string& at) const
    {
        if (schema.contains(QLatin1String("$ref"))) {
            const QString name = schema.value(QLatin1String("$ref")).toString().section(QLatin1Char('/'), -1);
            if (!schemas_.contains(name))
                return at + ": there is no schema " + name.toStdString();
            return fault(schemas_.value(name).toObject(), value, at);
        }
        const QJsonValue type = schema.value(QLatin1String("type"));
        if (!type.isUndefined() && !allows(type, value))
            return at + " has another type";
        if (value.isArray())
            for (const QJsonValue one : value.toArray())
                if (auto wrong = fault(schema.value(QLatin1String("items")).toObject(), one, at + "[]");
                    !wrong.empty())
                    return wrong;
        if (!value.isObject() || !schema.contains(QLatin1String("properties")))
            return {};
        const QJsonObject object = value.toObject(),
                          known = schema.value(QLatin1String("properties")).toObject();
        for (const QJsonValue name : schema.value(QLatin1String("required")).toArray())
            if (!object.contains(name.toString()))
                return at + "." + name.toString().toStdString() + " is missing";
        for (auto member = object.begin(); member != object.end(); ++member) {
            const std::string below = at + "." + member.key().toStdString();
            if (!known.contains(member.key()))
                return below + " is not described";
            if (auto wrong = fault(known.value(member.key()).toObject(), member.value(), below);
                !wrong.empty())
                return wrong;
        }
        return {};
    }

private:
    [[nodiscard]] static bool allows(const QJsonValue& type, const QJsonValue& value)
    {
        const QJsonArray types = type.isArray() ? type.toArray() : QJsonArray{type};
        for (const QJsonValue one : types) {
            const QString name = one.toString();
            if ((name == QLatin1String("null") && value.isNull()) ||
                (name == QLatin1String("string") && value.isString()) ||
                (name == QLatin1String("boolean") && value.isBool()) ||
                (name == QLatin1String("array") && value.isArray()) ||
                (name == QLatin1String("object") && value.isObject()) ||
                (name == QLatin1String("number") && value.isDouble()) ||
                (name == QLatin1String("integer") && value.isDouble() &&
                 value.toDouble() == static_cast<double>(value.toInteger())))
                return true;
        }
        return false;
    }
    QJsonObject schemas_;
};

class OpenApiTest : public AdminServerTest
{
protected:
    void SetUp() override
    {
        AdminServerTest::SetUp();
        const Answer answer = call("GET", "/openapi.json");
        ASSERT_EQ(answer.status, 200);
        document_ = answer.object();
        ASSERT_EQ(document_.value(QLatin1String("openapi")).toString(), QStringLiteral("3.1.0"));
    }
    [[nodiscard]] QJsonObject described(const Operation& operation) const
    {
        return document_.value(QLatin1String("paths"))
            .toObject()
            .value(toQString(operation.path))
            .toObject()
            .value(toQString(operation.method).toLower())
            .toObject();
    }
    /// The answer to a request that is done by the operation `name`, held against what is said of it; its
    /// JSON.
    QJsonValue answer(const char* name, const std::string& target, const std::string& body = {},
                      int status = 200)
    {
        tried_.push_back(name);
        const Operation* operation = findOperation(name);
        EXPECT_TRUE(operation) << name;
        const Answer got = call(std::string(operation->method), target, body);
        EXPECT_EQ(got.status, status) << name << ": " << got.body;
        const QJsonDocument json = QJsonDocument::fromJson(QByteArray::fromStdString(got.body));
        const QJsonValue value = json.isArray() ? QJsonValue(json.array()) : QJsonValue(json.object());
        const QJsonObject schema =
            described(*operation)
                .value(QLatin1String("responses"))
                .toObject()
                .value(status == 200 ? QStringLiteral("200") : QStringLiteral("default"))
                .toObject()
                .value(QLatin1String("content"))
                .toObject()
                .value(status == 200 ? QStringLiteral("application/json")
                                     : QStringLiteral("application/problem+json"))
                .toObject()
                .value(QLatin1String("schema"))
                .toObject();
        EXPECT_FALSE(schema.isEmpty()) << name;
        const std::string fault = Checker(document_).fault(schema, value, name);
        EXPECT_TRUE(fault.empty()) << fault << " in " << got.body;
        return value;
    }
    static std::string text(const QJsonValue& value, const char* member)
    {
        return value.toObject().value(QLatin1String(member)).toString().toStdString();
    }
    QJsonObject document_;
    std::vector<std::string> tried_;
};

TEST_F(OpenApiTest, HasEveryOperationWithItsParameters)
{
    for (const Operation& operation : operations()) {
        const QJsonObject object = described(operation);
        EXPECT_EQ(object.value(QLatin1String("operationId")).toString(), toQString(operation.name));
        EXPECT_FALSE(object.value(QLatin1String("summary")).toString().isEmpty()) << operation.name;
        EXPECT_TRUE(hasAnswerSchema(operation.name))
            << operation.name << ": say what it answers in server/admin/answerschemas.cpp";
        std::size_t holes = 0;
        for (const char c : operation.path)
            holes += c == '{' ? 1U : 0U;
        std::size_t inPath = 0;
        for (const QJsonValue parameter : object.value(QLatin1String("parameters")).toArray())
            inPath +=
                parameter.toObject().value(QLatin1String("in")).toString() == QLatin1String("path") ? 1U : 0U;
        EXPECT_EQ(inPath, holes) << operation.name;
    }
}

/// Whatever the window can do, the admin API can: each command is a route.
TEST_F(OpenApiTest, HasEveryCommandOfAConsole)
{
    const auto isRoute = [this](const char* name) {
        const Operation* operation = findOperation(name);
        return operation && !described(*operation).isEmpty();
    };
    const auto check = [&](const char* name) { EXPECT_TRUE(isRoute(name)) << name; };
    std::apply([&](const auto&... command) { (check(std::decay_t<decltype(command)>::operation), ...); },
               contract::AllCommands());
}

TEST_F(OpenApiTest, IsForBearersOnlyAndForNoWebPage)
{
    EXPECT_EQ(raw("GET /openapi.json", "Host: localhost\r\n").status, 401);
    const Answer page = call("GET", "/api/v1/status", {}, "Origin: https://evil.example\r\n");
    EXPECT_EQ(page.head.find("Access-Control"), std::string::npos) << page.head;
    EXPECT_NE(call("OPTIONS", "/api/v1/status", {}, "Origin: https://evil.example\r\n").status, 200);
}

TEST_F(OpenApiTest, LiveAnswersAreAsItSays)
{
    const std::string files = folder_.file("files");
    answer("share.add", "/api/v1/shares", R"({"name":"docs","path":")" + files + R"("})");
    answer("share.add", "/api/v1/shares", R"({"name":"docs","path":")" + files + R"("})", 409);
    answer("share.list", "/api/v1/shares");
    answer("share.update", "/api/v1/shares/docs", R"({"public":true})");
    answer("folder.list", "/api/v1/shares/docs/folder");
    answer("folder.browse", "/api/v1/folders");
    answer("folder.browse", "/api/v1/folders?path=/etc", {}, 403);
    const std::string link = text(answer("link.create", "/api/v1/links", R"({"target":"docs/a.txt"})"), "id");
    answer("link.list", "/api/v1/links");
    answer("link.show", "/api/v1/links/" + link);
    answer("link.show", "/api/v1/links/BBBBBBBBBBBBBBBB", {}, 404);
    answer("link.update", "/api/v1/links/" + link, R"({"max_downloads":3,"expires":"never"})");
    answer("link.revoke", "/api/v1/links/" + link + "/revoke");
    answer("link.restore", "/api/v1/links/" + link + "/restore");
    answer("link.receipts", "/api/v1/links/" + link + "/receipts");
    const std::string url =
        text(answer("link.presign", "/api/v1/presign", R"({"target":"docs/a.txt","expires":"1h"})"), "url");
    answer("link.deny", "/api/v1/denied", R"({"url":")" + url + R"("})");
    answer("limit.set", "/api/v1/limits/server",
           R"({"downloads":5,"requests":"2/s","wait":"3s","priority":"none"})");
    answer("limit.show", "/api/v1/limits/server");
    answer("limit.list", "/api/v1/limits");
    const std::string token =
        text(answer("token.create", "/api/v1/tokens", R"({"name":"a","scopes":["view"]})"), "id");
    answer("token.list", "/api/v1/tokens");
    answer("token.revoke", "/api/v1/tokens/" + token + "/revoke");
    const std::string key = text(answer("key.list", "/api/v1/keys").toArray().first(), "id");
    answer("key.export", "/api/v1/keys/" + key + "/export");
    answer("key.rotate", "/api/v1/keys/rotate");
    answer("key.retire", "/api/v1/keys/" + key + "/retire");
    answer("ban.add", "/api/v1/bans", R"({"address":"192.0.2.1","for":"1h"})");
    answer("ban.list", "/api/v1/bans");
    answer("ban.rules", "/api/v1/bans/rules");
    answer("ban.lift", "/api/v1/bans/lift", R"({"address":"192.0.2.1"})");
    answer("connection.list", "/api/v1/connections");
    answer("mode.show", "/api/v1/modes");
    answer("mode.set", "/api/v1/modes/paused", R"({"setting":"off"})");
    answer("setting.list", "/api/v1/settings", {}, 503);
    const config::SettingsStore store(folder_.file("data/spillway.toml"), false, {}, {});
    engine::SettingsControl control(store, engine_->settings(), [](const config::Settings&) {});
    management_->setSettingsControl(&control);
    answer("setting.list", "/api/v1/settings");
    answer("setting.set", "/api/v1/settings/http.idle_timeout", R"({"value":["20s"]})");
    answer("setting.reset", "/api/v1/settings/http.idle_timeout");
    management_->setSettingsControl(nullptr);
    answer("status", "/api/v1/status");
    answer("search", "/api/v1/search?q=a");
    answer("log.list", "/api/v1/log");
    answer("history.get", "/api/v1/history?span=minute&after=5");
    answer("top.get", "/api/v1/top?span=minute&limit=5");
    answer("audit.verify", "/api/v1/audit/verify");
    EXPECT_EQ(answer("audit.list", "/api/v1/audit?limit=1000")
                      .toObject()
                      .value(QLatin1String("entries"))
                      .toArray()
                      .size() > 15,
              true);
    answer("console.invite", "/api/v1/console/invites", {}, 503);
    std::string fingerprint;
    for (int i = 0; i < 32; ++i)
        fingerprint += i == 0 ? "AB" : ":CD";
    server_->door().setAddress({"192.0.2.1", 8081, fingerprint});
    const QJsonValue made = answer("console.invite", "/api/v1/console/invites", R"({"host":"office-pc"})");
    const auto invite = contract::Invite::parse(QString::fromStdString(text(made, "invite")));
    ASSERT_TRUE(invite);
    EXPECT_EQ(invite->host, QStringLiteral("office-pc"));
    EXPECT_EQ(invite->fingerprint.toStdString(), fingerprint);
    answer("console.join", "/api/v1/console/join", R"({"name":"laptop"})", 403);
    const std::string own = std::exchange(token_, invite->code.toStdString());
    answer("share.list", "/api/v1/shares", {}, 403);
    const std::string joined =
        text(answer("console.join", "/api/v1/console/join", R"({"name":"laptop"})"), "token");
    EXPECT_EQ(call("POST", "/api/v1/console/join", R"({"name":"laptop"})").status, 401)
        << "an invite is good once";
    token_ = joined;
    answer("share.list", "/api/v1/shares");
    token_ = own;
    answer("share.remove", "/api/v1/shares/docs");
    answer("connection.kick", "/api/v1/connections/0-0-0", {}, 404);
    for (const Operation& operation : operations())
        if (hasAnswerSchema(operation.name)) {
            EXPECT_NE(std::find(tried_.begin(), tried_.end(), operation.name), tried_.end())
                << operation.name << " is not tried here";
        }
}

TEST_F(OpenApiTest, TheStreamSendsSnapshotsAsItSays)
{
    const std::string request =
        "GET /api/v1/live?interval=100 HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " + token_ +
        "\r\n\r\n";
    const UniqueFd fd(connectTo(port_));
    ASSERT_EQ(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string all;
    std::array<char, 4096> buffer;
    std::size_t second = 0;
    while ((second = all.find("event: snapshot", all.find("event: snapshot") + 1)) == std::string::npos) {
        const ssize_t n = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
        ASSERT_GT(n, 0) << all;
        all.append(buffer.data(), static_cast<std::size_t>(n));
    }
    EXPECT_NE(all.find("Content-Type: text/event-stream\r\n"), std::string::npos);
    const std::size_t data = all.find("data: ") + 6;
    const auto json =
        QJsonDocument::fromJson(QByteArray::fromStdString(all.substr(data, all.find('\n', data) - data)));
    const std::string fault =
        Checker(document_).fault({{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Snapshot")}},
                                 json.object(), "snapshot");
    EXPECT_TRUE(fault.empty()) << fault;
    EXPECT_EQ(call("GET", "/api/v1/live?interval=x").status, 400);
    const auto token = management_->createToken({"links", 4, {}, {}});
    ASSERT_TRUE(token);
    EXPECT_EQ(
        raw("GET /api/v1/live", "Host: localhost\r\nAuthorization: Bearer " + token->text + "\r\n").status,
        403);
}

} // namespace
} // namespace spillway::admin
