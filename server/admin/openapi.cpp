// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/openapi.h"

#include "server/admin/answerschemas.h"
#include "server/admin/operations.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

QJsonObject typed(const char* type, const char* format = nullptr)
{
    QJsonObject schema{{QStringLiteral("type"), QLatin1String(type)}};
    if (format)
        schema.insert(QStringLiteral("format"), QLatin1String(format));
    return schema;
}

QJsonObject textOr(const char* other, const char* examples)
{
    QJsonArray all;
    for (const QString& one : QString::fromLatin1(examples).split(QLatin1Char(' ')))
        all.append(one);
    return {{QStringLiteral("type"), QJsonArray{QStringLiteral("string"), QLatin1String(other)}},
            {QStringLiteral("examples"), all}};
}

QJsonObject schemaOf(const Parameter& parameter)
{
    switch (parameter.type) {
    case ParameterType::Text:
    case ParameterType::Bytes:
        return typed("string");
    case ParameterType::Boolean:
        return typed("boolean");
    case ParameterType::Integer:
        return typed("integer", "int64");
    case ParameterType::TextOrNumber:
        return {{QStringLiteral("type"), QJsonArray{QStringLiteral("string"), QStringLiteral("integer")}}};
    case ParameterType::Duration:
        return textOr("integer", "90s 1h 7d");
    case ParameterType::DurationOrNever:
        return textOr("integer", "7d never");
    case ParameterType::DurationOrForever:
        return textOr("integer", "1h forever");
    case ParameterType::Rate:
        return textOr("integer", "2MiB/s");
    case ParameterType::TextList:
        return {{QStringLiteral("type"), QStringLiteral("array")},
                {QStringLiteral("items"), typed("string")}};
    }
    return {};
}

QJsonObject described(QJsonObject schema, std::string_view help)
{
    if (!help.empty())
        schema.insert(QStringLiteral("description"), toQString(help));
    return schema;
}

QJsonObject parameterObject(const Parameter& parameter, const QString& name, bool required)
{
    const char* place = parameter.place == ParameterPlace::Path    ? "path"
                        : parameter.place == ParameterPlace::Query ? "query"
                                                                   : "header";
    return described({{QStringLiteral("name"), name},
                      {QStringLiteral("in"), QLatin1String(place)},
                      {QStringLiteral("required"), required},
                      {QStringLiteral("schema"), schemaOf(parameter)}},
                     parameter.help);
}

/// Outside the body. Bytes that are not UTF-8 come by another name.
QJsonArray parametersOf(const Operation& operation)
{
    QJsonArray all;
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.place == ParameterPlace::Body)
            continue;
        const bool header = parameter.place == ParameterPlace::Header;
        const QString name = header ? QStringLiteral("If-Match") : toQString(parameter.name);
        const bool bytes = parameter.type == ParameterType::Bytes;
        all.append(parameterObject(parameter, name, parameter.required && !bytes));
        if (bytes)
            all.append(parameterObject(parameter, name + QLatin1String("_base64"), false));
    }
    return all;
}

QJsonObject bodyOf(const Operation& operation)
{
    QJsonObject properties;
    QJsonArray required;
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.place != ParameterPlace::Body)
            continue;
        const QString name = toQString(parameter.name);
        properties.insert(name, described(schemaOf(parameter), parameter.help));
        if (parameter.type == ParameterType::Bytes)
            properties.insert(name + QLatin1String("_base64"),
                              described(typed("string"), "The same in base64, where it is not UTF-8."));
        else if (parameter.required)
            required.append(name);
    }
    if (properties.isEmpty())
        return {};
    QJsonObject schema{{QStringLiteral("type"), QStringLiteral("object")},
                       {QStringLiteral("properties"), properties},
                       {QStringLiteral("additionalProperties"), false}};
    if (!required.isEmpty())
        schema.insert(QStringLiteral("required"), required);
    return schema;
}

QJsonObject content(const char* type, const QJsonObject& schema)
{
    return {{QLatin1String(type), QJsonObject{{QStringLiteral("schema"), schema}}}};
}

QJsonObject responses(const char* type, const QJsonObject& schema)
{
    const QJsonObject problem{{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Problem")}};
    return {{QStringLiteral("200"), QJsonObject{{QStringLiteral("description"), QStringLiteral("Done.")},
                                                {QStringLiteral("content"), content(type, schema)}}},
            {QStringLiteral("default"),
             QJsonObject{{QStringLiteral("description"), QStringLiteral("Why not (RFC 9457).")},
                         {QStringLiteral("content"), content("application/problem+json", problem)}}}};
}

QJsonObject operationObject(const Operation& operation)
{
    QJsonObject object{
        {QStringLiteral("operationId"), toQString(operation.name)},
        {QStringLiteral("tags"), QJsonArray{toQString(operation.name.substr(0, operation.name.find('.')))}},
        {QStringLiteral("summary"), toQString(operation.summary)},
        {QStringLiteral("responses"), responses("application/json", answerSchemaOf(operation.name))}};
    if (const QJsonArray parameters = parametersOf(operation); !parameters.isEmpty())
        object.insert(QStringLiteral("parameters"), parameters);
    if (const QJsonObject body = bodyOf(operation); !body.isEmpty())
        object.insert(QStringLiteral("requestBody"),
                      QJsonObject{{QStringLiteral("required"), body.contains(QLatin1String("required"))},
                                  {QStringLiteral("content"), content("application/json", body)}});
    return object;
}

/// What the table does not have.
void addOthers(QJsonObject& paths)
{
    const auto add = [&paths](const char* path, const char* name, const char* summary, const char* type,
                              const QJsonObject& schema, const QJsonArray& parameters = {}) {
        QJsonObject get{{QStringLiteral("operationId"), QLatin1String(name)},
                        {QStringLiteral("tags"), QJsonArray{QStringLiteral("server")}},
                        {QStringLiteral("summary"), QLatin1String(summary)},
                        {QStringLiteral("responses"), responses(type, schema)}};
        if (!parameters.isEmpty())
            get.insert(QStringLiteral("parameters"), parameters);
        paths.insert(QLatin1String(path), QJsonObject{{QStringLiteral("get"), get}});
    };
    static const Parameter interval{"interval", ParameterType::Integer, ParameterPlace::Query, false,
                                    "Milliseconds between snapshots, 100 to 60000; default 500."};
    add("/api/v1/live", "live", "A stream of server-sent events: \"snapshot\" with a Snapshot as its data.",
        "text/event-stream", typed("string"), {parameterObject(interval, QStringLiteral("interval"), false)});
    add("/healthz", "health", "Whether the process lives; needs no token.", "application/json", {});
    add("/readyz", "ready", "Whether it takes downloads, and its mode; 503 where not. Needs no token.",
        "application/json", {});
    add("/metrics", "metrics", "Counters for Prometheus.", "text/plain", typed("string"));
    add("/openapi.json", "openapi", "This document.", "application/json", typed("object"));
}

} // namespace

QJsonObject openApiDocument()
{
    QJsonObject paths;
    for (const Operation& operation : operations()) {
        const QString path = toQString(operation.path);
        QJsonObject item = paths.value(path).toObject();
        item.insert(toQString(operation.method).toLower(), operationObject(operation));
        paths.insert(path, item);
    }
    addOthers(paths);
    const QJsonObject bearer{{QStringLiteral("type"), QStringLiteral("http")},
                             {QStringLiteral("scheme"), QStringLiteral("bearer")}};
    return {
        {QStringLiteral("openapi"), QStringLiteral("3.1.0")},
        {QStringLiteral("info"),
         QJsonObject{
             {QStringLiteral("title"), QStringLiteral("Spillway admin API")},
             {QStringLiteral("version"), QStringLiteral("1")},
             {QStringLiteral("description"),
              QStringLiteral(
                  "Times are seconds since 1970, UTC. Every request but health needs a bearer token: of the "
                  "run (admin.json), or an API token with the scope admin, view or share.")}}},
        {QStringLiteral("security"), QJsonArray{QJsonObject{{QStringLiteral("token"), QJsonArray()}}}},
        {QStringLiteral("paths"), paths},
        {QStringLiteral("components"),
         QJsonObject{{QStringLiteral("schemas"), answerSchemas()},
                     {QStringLiteral("securitySchemes"), QJsonObject{{QStringLiteral("token"), bearer}}}}}};
}

} // namespace spillway::admin
