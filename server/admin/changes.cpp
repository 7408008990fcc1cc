// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/changes.h"

#include "server/admin/auditlog.h"
#include "server/config/settingstable.h"
#include "server/engine/engine.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <algorithm>
#include <array>

namespace spillway::admin {

namespace {

constexpr qsizetype kMostBytes = 64 << 10; ///< of what was given, or stood before or after

/// How the object that an operation changes is read: by another row of the table, whose answer is the object
/// itself, or a list in which `member` has the value of the operation's parameter of that name.
struct Reader
{
    std::string_view prefix; ///< of the changing operation's name
    std::string_view operation;
    std::string_view parameter; ///< without it the operation makes something new
    bool inList;
    const char* list = nullptr; ///< the member that is the list, where the answer is an object
};
constexpr std::array kReaders{
    Reader{"share.", "share.list", "name", true},
    Reader{"link.", "link.show", "id", false},
    Reader{"token.", "token.list", "id", true},
    Reader{"key.", "key.list", "id", true},
    Reader{"ban.", "ban.list", "address", true},
    Reader{"limit.", "limit.show", "level", false},
    Reader{"mode.", "mode.show", "mode", true},
    Reader{"setting.", "setting.list", "name", true, "settings"},
};

const Reader* readerOf(const Operation& operation, const Arguments& arguments)
{
    for (const Reader& reader : kReaders)
        if (operation.name.starts_with(reader.prefix) && arguments.has(reader.parameter))
            return &reader;
    return nullptr;
}

/// The parameters of `reader` that are among those given.
QJsonObject parametersFor(const Operation& reader, const QJsonObject& given)
{
    QJsonObject parameters;
    for (const Parameter& parameter : reader.parameters) {
        const QString name = toQString(parameter.name);
        if (given.contains(name))
            parameters.insert(name, given.value(name));
    }
    return parameters;
}

/// The object before the change; nothing where it makes a new one, or there is none.
std::optional<QJsonValue> objectBefore(const Reader& reader, OperationContext& context,
                                       const Arguments& arguments, const QJsonObject& given)
{
    const Operation* row = findOperation(reader.operation);
    if (!row)
        return std::nullopt;
    const auto checked = Arguments::check(row->parameters, parametersFor(*row, given));
    if (!checked)
        return std::nullopt;
    const auto answer = row->run(context, *checked);
    if (!answer)
        return std::nullopt;
    if (!reader.inList)
        return *answer;
    const QString wanted = toQString(arguments.text(reader.parameter));
    const QJsonArray all =
        reader.list ? answer->toObject().value(QLatin1String(reader.list)).toArray() : answer->toArray();
    for (const QJsonValue one : all)
        if (one.toObject().value(toQString(reader.parameter)).toString() == wanted)
            return one;
    return std::nullopt;
}

bool opensSomething(const QString& member)
{
    static constexpr std::array names{"url", "token", "password", "secret", "invite"};
    if (std::any_of(names.begin(), names.end(),
                    [&](const char* name) { return member == QLatin1String(name); }))
        return true;
    const std::size_t row = config::findRow(member.toStdString());
    return row < config::kSettingCount && config::rowAt(row).secret;
}

QJsonValue recordable(const QJsonValue& value)
{
    const QJsonValue hidden = withoutSecrets(value);
    const QByteArray text = hidden.isArray()
                                ? QJsonDocument(hidden.toArray()).toJson(QJsonDocument::Compact)
                                : QJsonDocument(hidden.toObject()).toJson(QJsonDocument::Compact);
    return text.size() <= kMostBytes ? hidden : QJsonValue(QStringLiteral("(too large to be recorded)"));
}

QJsonObject beginning(const Operation& operation, const Caller& caller, const QJsonObject& given)
{
    QJsonObject line{{QStringLiteral("by"), QLatin1String(callerKindName(caller.kind))},
                     {QStringLiteral("operation"), toQString(operation.name)}};
    if (caller.kind == Caller::Kind::Token) {
        line.insert(QStringLiteral("token_id"), toQString(caller.tokenId));
        line.insert(QStringLiteral("token_name"), toQString(caller.tokenName));
    }
    if (!caller.address.empty())
        line.insert(QStringLiteral("from"), toQString(caller.address));
    if (!given.isEmpty())
        line.insert(QStringLiteral("given"), recordable(given));
    return line;
}

/// `wanted`: "*", or versions with commas between, in quotes or not (RFC 9110 §13.1.1, strong comparison).
bool matches(const std::string& wanted, const QJsonObject& object)
{
    const QString version = object.value(QLatin1String("version")).toString();
    for (const QString& one : toQString(wanted).split(QLatin1Char(','))) {
        QString bare = one.trimmed();
        if (bare.size() >= 2 && bare.startsWith(QLatin1Char('"')) && bare.endsWith(QLatin1Char('"')))
            bare = bare.mid(1, bare.size() - 2);
        if (bare == QLatin1String("*") || bare == version)
            return true;
    }
    return false;
}

bool mustWork(const Operation& operation)
{
    return operation.name == "mode.set" || operation.name == "connection.kick";
}

Error cannotRecord(const Error& error)
{
    return {error.code, "nothing was changed, because the change cannot be recorded: " + error.message,
            error.osError};
}

void complain(const OperationContext& context, const Operation& operation, const Error& error)
{
    if (context.engine)
        context.engine->processLog().error(
            "a change is not in the audit log",
            {{"operation", std::string(operation.name)}, {"reason", error.message}});
}

/// The second line. The change is made: where it cannot be written, the caller hears that, too.
Result<QJsonValue> finish(const Operation& operation, OperationContext& context, std::uint64_t begin,
                          Result<QJsonValue> result)
{
    QJsonObject line{{QStringLiteral("what"), QStringLiteral("end")},
                     {QStringLiteral("of"), static_cast<qint64>(begin)}};
    if (result)
        line.insert(QStringLiteral("after"), recordable(*result));
    else
        line.insert(QStringLiteral("error"),
                    QJsonObject{{QStringLiteral("code"), QLatin1String(errorCodeName(result.error().code))},
                                {QStringLiteral("detail"), toQString(result.error().message)}});
    const auto ended = context.audit->append(std::move(line));
    if (ended || !result)
        return result;
    complain(context, operation, ended.error());
    if (mustWork(operation))
        return result;
    return fail(ErrorCode::Unavailable,
                "it was done, but its outcome cannot be recorded: " + ended.error().message);
}

} // namespace

bool isRecorded(const Operation& operation)
{
    return operation.method != "GET" || operation.name == "link.show";
}

QJsonValue withoutSecrets(const QJsonValue& value)
{
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue one : value.toArray())
            array.append(withoutSecrets(one));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object = value.toObject();
    const bool namesSecret = opensSomething(object.value(QLatin1String("name")).toString());
    for (auto member = object.begin(); member != object.end(); ++member) {
        // A flag, as a link's `password`, tells only that there is one.
        const bool secret =
            opensSomething(member.key()) || (namesSecret && member.key() == QLatin1String("value"));
        if (secret && !member.value().isBool() && !member.value().isNull())
            member.value() = QStringLiteral("(hidden)");
        else
            member.value() = withoutSecrets(member.value());
    }
    return object;
}

Result<QJsonValue> runRecorded(const Operation& operation, OperationContext& context,
                               const Arguments& arguments, const QJsonObject& given)
{
    QJsonObject line = beginning(operation, context.caller, given);
    if (operation.method == "GET") {
        auto shown = operation.run(context, arguments);
        if (!shown || !context.audit)
            return shown;
        line.insert(QStringLiteral("what"), QStringLiteral("seen"));
        const auto seen = context.audit->append(std::move(line));
        return seen ? std::move(shown) : Result<QJsonValue>(fail(cannotRecord(seen.error())));
    }
    std::unique_lock<std::mutex> lock;
    if (const Reader* reader = readerOf(operation, arguments)) {
        if (context.audit)
            lock = context.audit->lockKind(reader->prefix);
        const auto before = objectBefore(*reader, context, arguments, given);
        if (before)
            line.insert(QStringLiteral("before"), recordable(*before));
        if (before && arguments.has("if_match") && !matches(arguments.text("if_match"), before->toObject()))
            return fail(ErrorCode::Stale,
                        "it was changed meanwhile, by another console or command; look at it as it is "
                        "now, and try again");
    }
    if (!context.audit)
        return operation.run(context, arguments);
    line.insert(QStringLiteral("what"), QStringLiteral("begin"));
    const auto begin = context.audit->append(std::move(line), false);
    if (!begin) {
        if (!mustWork(operation))
            return fail(cannotRecord(begin.error()));
        complain(context, operation, begin.error());
        return operation.run(context, arguments);
    }
    return finish(operation, context, *begin, operation.run(context, arguments));
}

} // namespace spillway::admin
