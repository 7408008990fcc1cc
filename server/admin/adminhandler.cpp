// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/adminhandler.h"

#include "server/admin/consoledoor.h"
#include "server/admin/livefeed.h"
#include "server/admin/openapi.h"
#include "server/engine/engine.h"
#include "server/http/headwriter.h"
#include "server/http/status.h"
#include "server/observe/prometheus.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrl>
#include <algorithm>
#include <cstring>
#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace spillway::admin {

namespace {

constexpr std::string_view kNoStore = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return result;
}

/// The text after "Bearer " (RFC 6750 §2.1); null data() where there is none.
std::string_view bearerToken(const http::RequestHead& head)
{
    // RFC 9110 §11.1: the scheme's name is case-insensitive.
    constexpr std::string_view scheme = "bearer ";
    if (lower(head.authorization.substr(0, scheme.size())) != scheme)
        return {};
    std::string_view given = head.authorization.substr(scheme.size());
    while (given.starts_with(' '))
        given.remove_prefix(1);
    return given;
}

void answerJson(http::Exchange& exchange, int status, std::string_view type, const QJsonDocument& document,
                std::string_view extraFields = {})
{
    http::HeadWriter& writer = exchange.begin(status);
    writer.lines(kNoStore);
    writer.lines(extraFields);
    exchange.answerText(type, (document.toJson(QJsonDocument::Compact) + '\n').toStdString());
}

/// RFC 9457; `code` is an extension member (§3.2) for programs to branch on.
void problem(http::Exchange& exchange, int status, std::string_view code, std::string_view detail,
             std::string_view extraFields = {})
{
    answerJson(
        exchange, status, "application/problem+json",
        QJsonDocument(QJsonObject{{QStringLiteral("type"), QStringLiteral("about:blank")},
                                  {QStringLiteral("title"), QString::fromLatin1(http::reasonPhrase(status))},
                                  {QStringLiteral("status"), status},
                                  {QStringLiteral("detail"), toQString(detail)},
                                  {QStringLiteral("code"), toQString(code)}}),
        extraFields);
}

void problem(http::Exchange& exchange, const Error& error)
{
    const int status = httpStatus(error.code);
    problem(exchange, status, errorCodeName(error.code), error.message,
            status == 503 ? "Retry-After: 2\r\n" : std::string_view());
}

void answerText(http::Exchange& exchange, int status, std::string_view type, std::string text)
{
    exchange.begin(status).lines(kNoStore);
    exchange.answerText(type, std::move(text));
}

/// "a=b&c=d" as text members, percent-decoded, "+" a blank (it comes from HTML forms and URLSearchParams).
Result<void> readQuery(std::string_view query, QJsonObject& values)
{
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        const auto decode = [](std::string_view text) {
            QByteArray bytes(text.data(), static_cast<qsizetype>(text.size()));
            bytes.replace('+', ' ');
            return QString::fromUtf8(QByteArray::fromPercentEncoding(bytes));
        };
        const std::size_t equals = pair.find('=');
        const QString name = decode(pair.substr(0, equals));
        if (values.contains(name))
            return fail(ErrorCode::InvalidArgument, "\"" + name.toStdString() + "\" is there twice");
        values.insert(name, equals == std::string_view::npos ? QString() : decode(pair.substr(equals + 1)));
    }
    return {};
}

/// The members of the body. Names of the path and the query are not for the body and the other way round.
Result<void> readBody(std::string_view body, QJsonObject& values)
{
    if (body.empty())
        return {};
    QJsonParseError wrong;
    const auto document = QJsonDocument::fromJson(
        QByteArray::fromRawData(body.data(), static_cast<qsizetype>(body.size())), &wrong);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument,
                    wrong.error == QJsonParseError::NoError
                        ? "the body must be a JSON object"
                        : "the body is no JSON: " + wrong.errorString().toStdString() + " at byte " +
                              std::to_string(wrong.offset));
    const QJsonObject object = document.object();
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (values.contains(member.key()))
            return fail(ErrorCode::InvalidArgument,
                        "\"" + member.key().toStdString() + "\" is in the address already");
        values.insert(member.key(), member.value());
    }
    return {};
}

/// What came in the wrong place is as unknown as what nobody knows.
Result<void> checkPlaces(const Operation& operation, const QJsonObject& path, const QJsonObject& query)
{
    for (const Parameter& parameter : operation.parameters)
        if (parameter.place == ParameterPlace::Path && !path.contains(toQString(parameter.name)))
            return fail(ErrorCode::InvalidArgument, "\"" + std::string(parameter.name) + "\" is missing");
    for (auto member = query.begin(); member != query.end(); ++member) {
        const std::string name = member.key().toStdString();
        if (std::none_of(operation.parameters.begin(), operation.parameters.end(),
                         [&](const Parameter& known) {
                             return known.place == ParameterPlace::Query &&
                                    (known.name == name || (known.type == ParameterType::Bytes &&
                                                            std::string(known.name) + "_base64" == name));
                         }))
            return fail(ErrorCode::InvalidArgument, "there is no query parameter \"" + name + "\" here");
    }
    return {};
}

/// If-Match (RFC 9110 §13.1.1), where the operation takes it; elsewhere it would promise what nobody keeps.
Result<void> readHeader(const Operation& operation, const http::RequestHead& head, QJsonObject& values)
{
    if (!head.ifMatch.data())
        return {};
    for (const Parameter& parameter : operation.parameters)
        if (parameter.place == ParameterPlace::Header) {
            values.insert(toQString(parameter.name), toQString(head.ifMatch));
            return {};
        }
    return fail(ErrorCode::InvalidArgument, "what is at this address has no version for If-Match");
}

/// The version of what an answer shows, as its ETag line; nothing where it has none.
std::string entityTagLine(const QJsonValue& answer)
{
    const std::string version = answer.toObject().value(QLatin1String("version")).toString().toStdString();
    return version.empty() ? std::string() : "ETag: \"" + version + "\"\r\n";
}

Result<QJsonObject> readParameters(const Operation& operation, const http::Exchange& exchange,
                                   const QJsonObject& path)
{
    QJsonObject query;
    if (auto read = readQuery(exchange.head().rawQuery, query); !read)
        return fail(read.error());
    if (auto fits = checkPlaces(operation, path, query); !fits)
        return fail(fits.error());
    QJsonObject values = path;
    if (auto put = readHeader(operation, exchange.head(), values); !put)
        return fail(put.error());
    for (auto member = query.begin(); member != query.end(); ++member)
        values.insert(member.key(), member.value());
    if (auto read = readBody(exchange.body(), values); !read)
        return fail(read.error());
    return values;
}

} // namespace

int httpStatus(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return 400;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
        return 409;
    case ErrorCode::Stale:
        return 412;
    case ErrorCode::PermissionDenied:
        return 403;
    case ErrorCode::Expired:
        return 410;
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
    case ErrorCode::Exhausted:
        return 503;
    case ErrorCode::Unsupported:
        return 501;
    case ErrorCode::Corrupt:
    case ErrorCode::TooNew:
    case ErrorCode::Io:
    case ErrorCode::Internal:
        return 500;
    }
    return 500;
}

AdminHandler::AdminHandler(OperationContext context, const observe::Metrics& metrics,
                           const observe::Health& health, AdminAccess access)
    : context_(context), metrics_(metrics), health_(health)
{
    setAccess(std::move(access));
}

void AdminHandler::setAccess(AdminAccess access)
{
    access_ = std::move(access);
    token_ = digestOf(access_.token);
    metricsToken_ = digestOf(access_.metricsToken);
}

AdminHandler::Digest AdminHandler::digestOf(std::string_view token)
{
    Digest digest;
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
    return digest;
}

/// Digests are compared, so that neither the time nor the length of the token shows.
bool AdminHandler::bears(std::string_view given, const Digest& token) const
{
    if (!given.data())
        return false;
    const Digest digest = digestOf(given);
    return CRYPTO_memcmp(digest.data(), token.data(), token.size()) == 0;
}

std::optional<Caller> AdminHandler::callerOf(std::string_view bearer) const
{
    if (bears(bearer, token_))
        return Caller::owner();
    if (context_.door && bearer.data() && context_.door->knows(bearer))
        return Caller::invited(std::string(bearer));
    if (!context_.engine)
        return std::nullopt;
    const auto token = context_.engine->rules().rules()->tokens->find(bearer);
    const std::int64_t now = unixSeconds(context_.engine->clock().wall());
    if (!token || !token->goodAt(now))
        return std::nullopt;
    token->used(now);
    return Caller::of(*token);
}

bool AdminHandler::isOurHost(std::string_view host) const
{
    std::string name = lower(host);
    // Off with the port: after "]" or, where there is no bracket, after the one colon.
    const std::size_t bracket = name.find(']');
    const std::size_t colon = name.find(':', bracket == std::string::npos ? 0 : bracket);
    if (colon != std::string::npos)
        name.resize(colon);
    if (name == "localhost" ||
        std::find(access_.hosts.begin(), access_.hosts.end(), name) != access_.hosts.end())
        return true;
    if (name.size() > 2 && name.front() == '[' && name.back() == ']')
        name = name.substr(1, name.size() - 2);
    // An address cannot be made to point elsewhere, as a name can.
    const auto address = config::parseIpAddress(name);
    return address && (access_.anyAddress || address->isLoopback());
}

bool AdminHandler::refusesBanned(http::Exchange& exchange) const
{
    if (!context_.engine ||
        !context_.engine->bans().isBanned(exchange.client().address, exchange.wallSecond()))
        return false;
    exchange.closeAfter();
    problem(exchange, 403, "banned", "Your address is banned here.");
    return true;
}

/// The same guess has the same number, and nobody outside can make two guesses alike: it is keyed by the
/// run's token.
void AdminHandler::countWrongToken(const http::Exchange& exchange) const
{
    const std::string_view given = bearerToken(exchange.head());
    // None was shown, so none was guessed; one that was revoked or has ended is no guess either.
    if (!given.data() || !context_.engine || context_.engine->rules().rules()->tokens->find(given))
        return;
    const Digest digest = digestOf(access_.token + "\n" + std::string(given));
    std::uint64_t what = 0;
    std::memcpy(&what, digest.data(), sizeof what);
    context_.engine->bans().failed(exchange.client().address, policy::FailureKind::Token, what);
}

std::optional<Caller> AdminHandler::admit(http::Exchange& exchange) const
{
    if (!isOurHost(exchange.head().host)) {
        problem(exchange, 421, "wrong-host", "This server does not answer to that name; use its address.");
        return std::nullopt;
    }
    auto caller = callerOf(bearerToken(exchange.head()));
    if (!caller) {
        countWrongToken(exchange);
        problem(exchange, 401, "unauthorized",
                "This needs the admin token of the running server, or a token with the scope admin, view or "
                "share.",
                "WWW-Authenticate: Bearer realm=\"spillway admin\"\r\n");
        return std::nullopt;
    }
    if (!caller->anything()) {
        problem(exchange, 403, errorCodeName(ErrorCode::PermissionDenied),
                "This token has none of the scopes admin, view and share.");
        return std::nullopt;
    }
    caller->address = exchange.client().toString();
    caller->elsewhere = !config::IpAddress{exchange.peer().address}.isLoopback();
    return caller;
}

std::size_t AdminHandler::bodyLimit(const http::RequestHead& head) const
{
    if (!isOurHost(head.host))
        return 0;
    const auto caller = callerOf(bearerToken(head));
    return caller && caller->anything() ? kMaxBody : 0;
}

void AdminHandler::refuseBody(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::Admin;
    if (!refusesBanned(exchange) && admit(exchange))
        problem(exchange, 413, "too-large", "A request body has at most 1 MiB here.");
}

void AdminHandler::handle(http::Exchange& exchange)
{
    using http::Method;
    const std::string_view path = exchange.head().path;
    const bool reads = exchange.head().method == Method::Get || exchange.head().method == Method::Head;
    exchange.labels.route = path == "/healthz"  ? observe::Route::Health
                            : path == "/readyz" ? observe::Route::Ready
                                                : observe::Route::Admin;
    // Nothing secret, and HTTP/1.0 checkers send no Host.
    if (path == "/healthz" && reads)
        return answerText(exchange, 200, "application/json", health_.aliveJson());
    if (path == "/readyz" && reads)
        return answerText(exchange, health_.ready() ? 200 : 503, "application/json", health_.readyJson());
    if (refusesBanned(exchange))
        return;
    if (path == "/metrics" && reads)
        return metrics(exchange);
    const auto caller = admit(exchange);
    if (!caller)
        return;
    if (path == "/api/v1/live" && exchange.head().method == Method::Get)
        return live(exchange, *caller);
    if (path == "/openapi.json" && reads) {
        static const QJsonDocument document(openApiDocument());
        return answerJson(exchange, 200, "application/json", document);
    }
    api(exchange, *caller);
}

void AdminHandler::live(http::Exchange& exchange, const Caller& caller)
{
    if (!caller.reads)
        return problem(exchange, 403, errorCodeName(ErrorCode::PermissionDenied),
                       "This token has not the scope view.");
    if (!feed_)
        return problem(exchange, 503, errorCodeName(ErrorCode::Unavailable),
                       "There is nothing to watch here.");
    static const std::vector<Parameter> parameters{
        {"interval", ParameterType::Integer, ParameterPlace::Query, false, {}}};
    QJsonObject query;
    auto read = readQuery(exchange.head().rawQuery, query);
    const auto arguments = read ? Arguments::check(parameters, query) : Result<Arguments>(fail(read.error()));
    if (!arguments)
        return problem(exchange, arguments.error());
    const std::chrono::milliseconds interval(arguments->integer("interval", LiveFeed::kUsual.count()));
    // A token that is revoked, or ends, takes its streams with it.
    net::Body body;
    body.generator = feed_->subscribe(interval, [this, token = std::string(bearerToken(exchange.head()))] {
        const auto still = callerOf(token);
        return still && still->reads;
    });
    http::HeadWriter& writer = exchange.begin(200);
    writer.lines(kNoStore);
    writer.field("Content-Type", std::string_view("text/event-stream"));
    exchange.answer(std::move(body), std::nullopt);
}

void AdminHandler::metrics(http::Exchange& exchange)
{
    if (!isOurHost(exchange.head().host)) {
        (void)admit(exchange);
        return;
    }
    const bool allowed =
        config::containsAddress(access_.metricsAllow, config::IpAddress{exchange.peer().address}) ||
        (!access_.metricsToken.empty() && bears(bearerToken(exchange.head()), metricsToken_));
    if (!allowed) {
        const auto caller = admit(exchange);
        if (!caller)
            return;
        if (!caller->reads) {
            problem(exchange, 403, errorCodeName(ErrorCode::PermissionDenied),
                    "This token has not the scope view.");
            return;
        }
    }
    answerText(exchange, 200, observe::prometheusContentType, observe::PrometheusCollector(metrics_).text());
}

void AdminHandler::api(http::Exchange& exchange, const Caller& caller)
{
    OperationContext context = context_;
    context.caller = caller;
    const http::RequestHead& head = exchange.head();
    const std::string_view method = exchange.isHead() ? "GET" : head.methodToken;
    std::string allow;
    for (const Operation& operation : operations()) {
        QJsonObject path;
        if (!matchPath(operation.path, head.path, path))
            continue;
        if (operation.method != method) {
            allow += (allow.empty() ? "" : ", ") + std::string(operation.method);
            continue;
        }
        if (!exchange.body().empty() && !lower(head.contentType).starts_with("application/json"))
            return problem(exchange, 415, "not-json", "Send the body as application/json.");
        const auto parameters = readParameters(operation, exchange, path);
        if (!parameters)
            return problem(exchange, parameters.error());
        const auto result = runOperation(operation, context, *parameters);
        if (!result)
            return problem(exchange, result.error());
        return answerJson(exchange, 200, "application/json",
                          result->isArray() ? QJsonDocument(result->toArray())
                                            : QJsonDocument(result->toObject()),
                          entityTagLine(*result));
    }
    if (allow.empty())
        return problem(exchange, 404, "not-found", "There is nothing at this address.");
    problem(exchange, 405, "method-not-allowed", "This address does not take that method.",
            "Allow: " + allow + "\r\n");
}

} // namespace spillway::admin
