// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/limitoperations.h"

#include "server/admin/records.h"
#include "server/engine/engine.h"
#include "server/engine/limitinfo.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

using engine::LimitInfo;

QJsonValue orNull(std::optional<double> value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QJsonObject toJson(const LimitInfo& limit)
{
    const policy::LimitFields& fields = limit.fields;
    const auto thousandths = [](const auto& value) {
        return value ? std::optional(static_cast<double>(*value) / 1000) : std::nullopt;
    };
    QJsonObject object{
        {QStringLiteral("level"), toQString(policy::limitLevelName(limit.level))},
        {QStringLiteral("id"), limit.id.empty() ? QJsonValue(QJsonValue::Null) : toQString(limit.id)},
        {QStringLiteral("requests"), orNull(thousandths(fields.milliRequests))},
        {QStringLiteral("burst"), optionalNumber(fields.burst)},
        {QStringLiteral("bandwidth"),
         optionalNumber(fields.bandwidth ? std::optional(fields.bandwidth->count) : std::nullopt)},
        {QStringLiteral("connections"), optionalNumber(fields.connections)},
        {QStringLiteral("downloads"), optionalNumber(fields.downloads)},
        {QStringLiteral("queue"), optionalNumber(fields.queue)},
        {QStringLiteral("wait"),
         orNull(thousandths(fields.wait ? std::optional(fields.wait->count()) : std::nullopt))},
        {QStringLiteral("priority"),
         fields.priority
             ? QJsonValue(toQString(policy::kPriorityNames[static_cast<std::size_t>(*fields.priority)]))
             : QJsonValue(QJsonValue::Null)},
    };
    putVersion(object);
    return object;
}

Result<QJsonValue> answer(const Result<LimitInfo>& limit)
{
    if (!limit)
        return fail(limit.error());
    return QJsonValue(toJson(*limit));
}

/// The subject as the tree knows it; none for a level's default, and for a block, which is many addresses.
std::optional<policy::SubjectKey> keyOf(const LimitInfo& limit, const download::Rules& rules)
{
    using policy::LimitLevel;
    using policy::SubjectKey;
    switch (limit.level) {
    case LimitLevel::Share:
        if (const auto share = rules.byName.find(limit.id); share != rules.byName.end())
            return SubjectKey::number(share->second->share.id);
        return std::nullopt;
    case LimitLevel::Token:
    case LimitLevel::Link:
        return SubjectKey::text(limit.id);
    case LimitLevel::Ip:
        if (const auto key = policy::BanBook::parseKey(limit.id))
            return SubjectKey{key->bytes};
        return std::nullopt;
    case LimitLevel::Server:
    case LimitLevel::Connection:
        break;
    }
    return std::nullopt;
}

/// With what runs and waits there, where something counts it.
QJsonObject withLine(QJsonObject object, const LimitInfo& limit, engine::Engine* engine)
{
    if (!engine || !(limit.fields.downloads || limit.fields.connections))
        return object;
    const auto key = limit.id.empty() ? std::nullopt : keyOf(limit, *engine->rules().rules());
    if (!limit.id.empty() && !key)
        return object;
    const auto line = engine->limits().line(limit.level, key ? &*key : nullptr);
    object.insert(QStringLiteral("running"), static_cast<qint64>(line.running));
    object.insert(QStringLiteral("waiting"), static_cast<qint64>(line.waiting));
    return object;
}

Result<policy::LimitLevel> levelOf(const Arguments& arguments)
{
    const std::string name = arguments.text("level");
    if (const auto level = policy::limitLevelOf(name))
        return *level;
    return fail(ErrorCode::InvalidArgument,
                "there is no level \"" + name + "\"; there are: server, share, token, link, ip, connection");
}

} // namespace

Result<QJsonValue> limitList(OperationContext& context, const Arguments&)
{
    const auto limits = context.management.listLimits();
    if (!limits)
        return fail(limits.error());
    QJsonArray array;
    for (const LimitInfo& limit : *limits)
        array.append(withLine(toJson(limit), limit, context.engine));
    return QJsonValue(array);
}

Result<QJsonValue> limitShow(OperationContext& context, const Arguments& arguments)
{
    const auto level = levelOf(arguments);
    if (!level)
        return fail(level.error());
    return answer(context.management.showLimit(*level, arguments.text("id")));
}

Result<QJsonValue> limitSet(OperationContext& context, const Arguments& arguments)
{
    const auto level = levelOf(arguments);
    if (!level)
        return fail(level.error());
    std::vector<engine::LimitChange> changes;
    for (const std::string_view field : engine::limitFieldNames())
        if (arguments.has(field))
            changes.push_back({std::string(field), arguments.text(field)});
    return answer(context.management.setLimit(*level, arguments.text("id"), changes));
}

std::vector<Parameter> limitParameters(bool fields)
{
    using Type = ParameterType;
    using Place = ParameterPlace;
    std::vector<Parameter> all{
        {"level", Type::Text, Place::Path, true, "server, share, token, link, ip or connection."},
        {"id", Type::Text, fields ? Place::Body : Place::Query, false,
         "A share's name, a token's or link's id, an address or block; absent: the default."}};
    if (!fields)
        return all;
    const auto add = [&all](std::string_view name, std::string_view help) {
        all.push_back({name, Type::TextOrNumber, Place::Body, false, help});
    };
    add("requests", "\"20/s\", or \"none\".");
    add("burst", "Requests at once, or \"none\": a second's worth.");
    add("bandwidth", "\"8MiB/s\", or \"none\".");
    add("connections", "At a time; a further one is answered 503. Or \"none\".");
    add("downloads", "At a time; a further one waits. Or \"none\".");
    add("queue", "Downloads that may wait, or \"none\": 1024.");
    add("wait", "\"30s\", or \"none\": 30 s.");
    all.push_back(ifMatchParameter());
    add("priority", "\"high\", \"normal\", \"low\" or \"none\".");
    return all;
}

} // namespace spillway::admin
