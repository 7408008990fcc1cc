// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/restrequest.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrl>

namespace spillway::admin {

namespace {

QByteArray queryText(const QJsonValue& value)
{
    if (value.isBool())
        return value.toBool() ? "true" : "false";
    if (value.isDouble())
        return QByteArray::number(value.toInteger());
    return QUrl::toPercentEncoding(value.toString());
}

ErrorCode codeFromName(const QString& name, int status)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
        if (name == QLatin1String(errorCodeName(static_cast<ErrorCode>(code))))
            return static_cast<ErrorCode>(code);
    // Of the listener itself: unauthorized, wrong-host, banned; not-found of an operation that it does not
    // have.
    return status == 404 || status == 405 ? ErrorCode::Unsupported
           : status >= 500                ? ErrorCode::Unavailable
                                          : ErrorCode::PermissionDenied;
}

} // namespace

QByteArray RestRequest::text(const QByteArray& host, const QByteArray& token, bool keepAlive) const
{
    QByteArray bytes = method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " +
                       token + "\r\n" + (keepAlive ? "" : "Connection: close\r\n");
    if (!ifMatch.isEmpty())
        bytes += "If-Match: " + ifMatch + "\r\n";
    if (!body.isEmpty())
        bytes +=
            "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
    return bytes + "\r\n" + body;
}

RestRequest restRequest(const Operation& operation, const QJsonObject& parameters)
{
    const auto bytesOf = [](std::string_view text) {
        return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    };
    RestRequest request{bytesOf(operation.method), bytesOf(operation.path), {}, {}};
    QByteArray query;
    QJsonObject body = parameters;
    const auto addQuery = [&](const QString& name) {
        if (body.contains(name))
            query += (query.isEmpty() ? '?' : '&') + name.toLatin1() + '=' + queryText(body.take(name));
    };
    for (const Parameter& parameter : operation.parameters) {
        const QString name = toQString(parameter.name);
        switch (parameter.place) {
        case ParameterPlace::Path:
            if (body.contains(name))
                request.target.replace('{' + bytesOf(parameter.name) + '}',
                                       QUrl::toPercentEncoding(body.take(name).toString()));
            break;
        case ParameterPlace::Query:
            addQuery(name);
            addQuery(name + QLatin1String("_base64"));
            break;
        case ParameterPlace::Header:
            if (const QString version = body.take(name).toString(); !version.isEmpty())
                request.ifMatch = '"' + version.toLatin1() + '"';
            break;
        case ParameterPlace::Body:
            break;
        }
    }
    request.target += query;
    if (!body.isEmpty())
        request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

Result<QJsonValue> restAnswer(int status, const QByteArray& body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (document.isNull())
        return fail(ErrorCode::Corrupt, "the server's admin API gave an answer that is cut short or no JSON");
    if (status >= 200 && status < 300)
        return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    const QJsonObject problem = document.object();
    return fail(codeFromName(problem.value(QLatin1String("code")).toString(), status),
                problem.value(QLatin1String("detail")).toString().toStdString());
}

} // namespace spillway::admin
