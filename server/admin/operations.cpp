// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/operations.h"

#include "server/admin/auditoperations.h"
#include "server/admin/changes.h"
#include "server/admin/consoleoperations.h"
#include "server/admin/dooroperations.h"
#include "server/admin/historyoperations.h"
#include "server/admin/limitoperations.h"
#include "server/admin/logoperations.h"
#include "server/admin/modeoperations.h"
#include "server/admin/records.h"
#include "server/admin/settingoperations.h"
#include "server/admin/shareoperations.h"
#include "server/admin/tokenoperations.h"
#include "server/engine/engine.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

using engine::Management;
using Type = ParameterType;
using Place = ParameterPlace;

template<class Record>
Result<QJsonValue> answer(const Result<Record>& record)
{
    if (!record)
        return fail(record.error());
    return QJsonValue(toJson(*record));
}

template<class Record>
Result<QJsonValue> answerList(const Result<std::vector<Record>>& records)
{
    if (!records)
        return fail(records.error());
    QJsonArray array;
    for (const Record& record : *records)
        array.append(toJson(record));
    return QJsonValue(array);
}

Result<QJsonValue> linkList(OperationContext& context, const Arguments& arguments)
{
    engine::LinkQuery query;
    query.share = arguments.optionalText("share");
    query.all = arguments.flag("all");
    query.search = arguments.text("q");
    query.after = arguments.text("after");
    query.limit = arguments.integer("limit", query.limit);
    query.within = context.caller.within;
    const auto page = context.management.listLinks(query);
    if (!page)
        return fail(page.error());
    QJsonArray links;
    for (const engine::LinkInfo& info : page->links)
        links.append(toJson(info));
    return QJsonValue(QJsonObject{
        {QStringLiteral("links"), links},
        {QStringLiteral("next"), page->next.empty() ? QJsonValue(QJsonValue::Null) : toQString(page->next)}});
}

/// Who shares in share_roots only learns nothing of what else is on the machine, not even whether it is
/// there.
template<class Made>
Result<Made> withoutTraces(const OperationContext& context, const std::string& target, Result<Made> made)
{
    if (made || !target.starts_with('/') || !sharesInRootsOnly(context))
        return made;
    const ErrorCode code = made.error().code;
    if (code != ErrorCode::NotFound && code != ErrorCode::PermissionDenied && code != ErrorCode::Io)
        return made;
    return fail(ErrorCode::NotFound, target + " lies in no share; share its folder first");
}

/// What is given of a link's rules.
Result<engine::LinkRules> linkRules(const Arguments& arguments)
{
    engine::LinkRules rules;
    if (arguments.has("expires")) {
        auto expiry = checkedExpiry(arguments);
        if (!expiry)
            return fail(expiry.error());
        rules.expiry = *expiry;
    }
    if (arguments.has("max_downloads"))
        rules.maxDownloads = arguments.integer("max_downloads", 0);
    if (arguments.has("concurrency"))
        rules.concurrency = arguments.integer("concurrency", 0);
    if (arguments.has("rate"))
        rules.rate = arguments.rate("rate");
    if (arguments.has("allow"))
        rules.allow = arguments.list("allow");
    if (arguments.has("password")) {
        rules.password = arguments.text("password");
        if (rules.password->empty())
            return fail(ErrorCode::InvalidArgument, "a password is not empty");
    }
    rules.note = arguments.optionalText("note");
    rules.page = arguments.optionalFlag("page");
    return rules;
}

/// The parameters of a link's rules, behind `first`.
std::vector<Parameter> withLinkRules(std::vector<Parameter> first)
{
    // clang-format off
    for (const Parameter& rule : {
             Parameter{"expires", Type::DurationOrNever, Place::Body, false, "How long it is good, from now on; a new one by default: links.default_expiry."},
             Parameter{"max_downloads", Type::Integer, Place::Body, false, "How often it may be downloaded; 0: no maximum."},
             Parameter{"password", Type::Text, Place::Body, false, "Asked for before anything is sent; never shown again."},
             Parameter{"allow", Type::TextList, Place::Body, false, "Only clients of these address blocks; an empty list: everybody."},
             Parameter{"rate", Type::Rate, Place::Body, false, "The most it sends, over all its downloads; 0: no limit of its own."},
             Parameter{"concurrency", Type::Integer, Place::Body, false, "Downloads at a time; 0: no limit of its own."},
             Parameter{"note", Type::Text, Place::Body, false, "A word to whoever gets the link: its page shows it, and so do your lists."},
             Parameter{"page", Type::Boolean, Place::Body, false, "Browsers get a page first; of a new link by default: true."}})
        first.push_back(rule);
    // clang-format on
    return first;
}

Result<QJsonValue> linkCreate(OperationContext& context, const Arguments& arguments)
{
    auto rules = linkRules(arguments);
    if (!rules)
        return fail(rules.error());
    engine::NewLink link;
    link.target = arguments.text("target");
    link.rules = std::move(*rules);
    link.within = context.caller.within;
    return answer(withoutTraces(context, link.target, context.management.createLink(link)));
}

Result<QJsonValue> linkUpdate(OperationContext& context, const Arguments& arguments)
{
    auto rules = linkRules(arguments);
    if (!rules)
        return fail(rules.error());
    if (arguments.flag("no_password")) {
        if (rules->password)
            return fail(ErrorCode::InvalidArgument, "give a password or take it away, not both");
        rules->password.emplace();
    }
    return answer(context.management.updateLink(arguments.text("id"), *rules));
}

Result<QJsonValue> linkShow(OperationContext& context, const Arguments& arguments)
{
    auto link = context.management.showLink(arguments.text("id"));
    if (link && !context.caller.seesUrls())
        link->url.clear();
    return answer(link);
}

Result<QJsonValue> linkRevoke(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.revokeLink(arguments.text("id")));
}

Result<QJsonValue> linkRestore(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.restoreLink(arguments.text("id")));
}

Result<QJsonValue> linkReceipts(OperationContext& context, const Arguments& arguments)
{
    // What arrived in the last second, too. Where the catalog does not take it, what it has is shown.
    if (context.engine)
        (void)context.engine->recipients().save();
    const auto page = context.management.linkReceipts(arguments.text("id"), arguments.integer("after", 0),
                                                      arguments.integer("limit", 100));
    if (!page)
        return fail(page.error());
    QJsonArray receipts;
    for (const catalog::Receipt& receipt : page->receipts)
        receipts.append(toJson(receipt));
    return QJsonValue(
        QJsonObject{{QStringLiteral("receipts"), receipts},
                    {QStringLiteral("next"), page->next == 0 ? QJsonValue(QJsonValue::Null)
                                                             : QJsonValue(static_cast<qint64>(page->next))}});
}

Result<QJsonValue> presign(OperationContext& context, const Arguments& arguments)
{
    const auto expiry = checkedExpiry(arguments);
    if (!expiry)
        return fail(expiry.error());
    const std::string target = arguments.text("target");
    return answer(withoutTraces(context, target,
                                context.management.presign({target, *expiry, arguments.list("allow"),
                                                            arguments.rate("rate"), context.caller.within})));
}

Result<QJsonValue> deny(OperationContext& context, const Arguments& arguments)
{
    const auto denied = context.management.denyPresigned(arguments.text("url"), arguments.text("note"),
                                                         context.caller.within);
    if (!denied)
        return fail(denied.error());
    return QJsonValue(QJsonObject{{QStringLiteral("digest"), toQString(denied->digest)},
                                  {QStringLiteral("expires_at"), optionalNumber(denied->expiresAt)}});
}

Result<QJsonValue> keyList(OperationContext& context, const Arguments&)
{
    return answerList(context.management.listKeys());
}

Result<QJsonValue> keyRotate(OperationContext& context, const Arguments&)
{
    return answer(context.management.rotateKey());
}

Result<QJsonValue> keyRetire(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.retireKey(arguments.text("id")));
}

Result<QJsonValue> keyExport(OperationContext& context, const Arguments& arguments)
{
    const std::string id = arguments.text("id");
    const auto secret = context.management.exportKey(id);
    if (!secret)
        return fail(secret.error());
    return QJsonValue(
        QJsonObject{{QStringLiteral("id"), toQString(id)}, {QStringLiteral("secret"), toQString(*secret)}});
}

Result<QJsonValue> banList(OperationContext& context, const Arguments&)
{
    return answerList(context.management.listBans());
}

/// How bans by rule come about, and who is spared from them.
Result<QJsonValue> banRules(OperationContext& context, const Arguments&)
{
    if (!context.engine)
        return fail(ErrorCode::Unavailable, "no server runs, so nobody is banned by rule");
    const auto rules = context.engine->bans().rules();
    QJsonArray never;
    for (const config::Cidr& block : rules->never)
        never.append(toQString(config::formatCidr(block)));
    return QJsonValue(
        QJsonObject{{QStringLiteral("threshold"), static_cast<qint64>(rules->threshold)},
                    {QStringLiteral("window"), static_cast<qint64>(rules->window.count())},
                    {QStringLiteral("duration"), static_cast<qint64>(rules->duration.count())},
                    {QStringLiteral("max_duration"), static_cast<qint64>(rules->longest.count())},
                    {QStringLiteral("never"), never}});
}

Result<QJsonValue> banAdd(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.addBan(
        {arguments.text("address"), arguments.duration("for"), arguments.text("reason")}));
}

Result<QJsonValue> banLift(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.liftBan(arguments.text("address")));
}

Result<QJsonValue> status(OperationContext& context, const Arguments&)
{
    if (context.engine)
        return QJsonValue(statusJson(*context.engine, context.index, context.management.publicUrl()));
    return QJsonValue(QJsonObject{{QStringLiteral("running"), false}});
}

Result<QJsonValue> search(OperationContext& context, const Arguments& arguments)
{
    if (!context.engine || !context.index)
        return fail(ErrorCode::Unavailable, "there is no index to search in: no server runs, or the setting "
                                            "index.enabled is off");
    if (context.engine->health().is(observe::Mode::Saving))
        return fail(ErrorCode::Unavailable,
                    "search is off while the server saves its strength (mode saving)");
    const auto rules = context.engine->rules().rules();
    catalog::IndexSearch wanted;
    wanted.text = arguments.text("q");
    wanted.limit = arguments.integer("limit", wanted.limit);
    wanted.after = arguments.integer("after", 0);
    if (arguments.has("share")) {
        const auto share = rules->byName.find(arguments.text("share"));
        if (share == rules->byName.end())
            return fail(ErrorCode::NotFound, "there is no share named \"" + arguments.text("share") + "\"");
        wanted.share = share->second->share.id;
    }
    const auto entries = context.index->search(wanted);
    if (!entries)
        return fail(entries.error());
    QJsonArray found;
    for (const catalog::IndexEntry& entry : *entries) {
        const auto share = rules->byId.find(entry.share);
        if (share == rules->byId.end())
            continue;
        QJsonObject object{
            {QStringLiteral("share"), toQString(share->second->share.name)},
            {QStringLiteral("folder"), entry.facts.isFolder},
            {QStringLiteral("size"), static_cast<qint64>(entry.facts.size)},
            {QStringLiteral("modified_at"), static_cast<qint64>(entry.facts.mtimeNs / 1'000'000'000)}};
        putBytes(object, "path", entry.path);
        if (entry.crc32)
            object.insert(QStringLiteral("crc32"),
                          QStringLiteral("%1").arg(*entry.crc32, 8, 16, QLatin1Char('0')));
        if (!entry.sha256.empty())
            object.insert(QStringLiteral("sha256"),
                          QString::fromLatin1(QByteArray::fromStdString(entry.sha256).toHex()));
        found.append(object);
    }
    const bool full = entries->size() == static_cast<std::size_t>(wanted.limit);
    return QJsonValue(
        QJsonObject{{QStringLiteral("entries"), found},
                    {QStringLiteral("next"), full ? QJsonValue(static_cast<qint64>(entries->back().id))
                                                  : QJsonValue(QJsonValue::Null)}});
}

} // namespace

/// A number of seconds passed the type check; the rules of Expiry::parse hold for it, too.
Result<engine::Expiry> checkedExpiry(const Arguments& arguments)
{
    if (!arguments.has("expires"))
        return engine::Expiry{};
    const auto after = arguments.duration("expires");
    if (!after)
        return engine::Expiry{engine::Expiry::Kind::Never, {}};
    return engine::Expiry::parse(std::to_string(after->count()) + "s");
}

Parameter ifMatchParameter()
{
    return {"if_match", Type::Text, Place::Header, false,
            "The object's `version`; refused with 412 where it has changed meanwhile."};
}

const std::vector<Operation>& operations()
{
    // clang-format off
    static const Parameter shareName{"name", Type::Text, Place::Path, true, "The share's name."};
    static const Parameter linkId{"id", Type::Text, Place::Path, true, "The link's id."};
    static const Parameter settingName{"name", Type::Text, Place::Path, true, "As in setting.list: http.idle_timeout."};
    static const Parameter keyId{"id", Type::Text, Place::Path, true, "The key's id."};
    static const Parameter bannedAddress{"address", Type::Text, Place::Body, true, "An IPv4 or IPv6 address, or an IPv6 /64."};
    static const Parameter target{"target", Type::Bytes, Place::Body, true, "SHARE, SHARE/PATH, or an absolute path in a share."};
    static const Parameter expires{"expires", Type::DurationOrNever, Place::Body, false, "How long it is good; default: links.default_expiry."};
    static const std::vector<Operation> table{
        {"share.list", "GET", "/api/v1/shares", "List the shares.", {}, shareList},
        {"share.add", "POST", "/api/v1/shares", "Share a folder or a file under a name.",
         {{"name", Type::Text, Place::Body, true, "1 to 64 letters, digits, '.', '_' or '-'."},
          {"path", Type::Bytes, Place::Body, true, "An absolute path on the server's machine."},
          {"public", Type::Boolean, Place::Body, false, "Everybody may read it."},
          {"dot_files", Type::Boolean, Place::Body, false, "Show files whose name begins with a dot."},
          {"listing", Type::Boolean, Place::Body, false, "Folders can be listed; default: true."},
          {"cache_max_age", Type::Duration, Place::Body, false, "How long caches may keep a file."}}, shareAdd},
        {"share.update", "PATCH", "/api/v1/shares/{name}", "Change a share; what is not given stays.",
         {shareName,
          {"new_name", Type::Text, Place::Body, false, "Its URLs change with it."},
          {"path", Type::Bytes, Place::Body, false, "An absolute path on the server's machine."},
          {"public", Type::Boolean, Place::Body, false, "Everybody may read it."},
          {"dot_files", Type::Boolean, Place::Body, false, "Show files whose name begins with a dot."},
          {"listing", Type::Boolean, Place::Body, false, "Folders can be listed."},
          {"cache_max_age", Type::Duration, Place::Body, false, "How long caches may keep a file."}, ifMatchParameter()}, shareUpdate},
        {"share.remove", "DELETE", "/api/v1/shares/{name}", "Stop sharing; its links end, its files stay.", {shareName, ifMatchParameter()}, shareRemove},
        {"folder.list", "GET", "/api/v1/shares/{name}/folder", "What is in a folder of a share, as its readers see it.",
         {shareName,
          {"path", Type::Bytes, Place::Query, false, "Below the share; default: the share itself."},
          {"limit", Type::Integer, Place::Query, false, "1 to 20000 entries; default 5000."}}, folderList},
        {"folder.browse", "GET", "/api/v1/folders", "What could be shared: folders of the setting share_roots, and what is in them.",
         {{"path", Type::Bytes, Place::Query, false, "An absolute path in one of them; default: they themselves, by their whole paths."},
          {"files", Type::Boolean, Place::Query, false, "Files too, not folders alone."},
          {"limit", Type::Integer, Place::Query, false, "1 to 20000 entries; default 5000."}}, folderBrowse},
        {"link.list", "GET", "/api/v1/links", "List links, newest first, without their signatures.",
         {{"share", Type::Text, Place::Query, false, "Only those of this share."},
          {"all", Type::Boolean, Place::Query, false, "Expired and revoked ones too."},
          {"q", Type::Text, Place::Query, false, "Part of id, name, path or note."},
          {"after", Type::Text, Place::Query, false, "`next` of the page before."},
          {"limit", Type::Integer, Place::Query, false, "1 to 1000; default 100."}}, linkList},
        {"link.create", "POST", "/api/v1/links", "Make a link that can be changed and revoked later.",
         withLinkRules({target}), linkCreate},
        {"link.show", "GET", "/api/v1/links/{id}", "One link with its URL.", {linkId}, linkShow},
        {"link.update", "PATCH", "/api/v1/links/{id}", "Change a link's rules, also for downloads that run; what is not given stays.",
         withLinkRules({linkId, ifMatchParameter(), {"no_password", Type::Boolean, Place::Body, false, "Take the password away."}}), linkUpdate},
        {"link.revoke", "POST", "/api/v1/links/{id}/revoke", "End a link now.", {linkId}, linkRevoke},
        {"link.restore", "POST", "/api/v1/links/{id}/restore", "Take a revocation back: the same URL works again.", {linkId}, linkRestore},
        {"link.receipts", "GET", "/api/v1/links/{id}/receipts", "Who took a link, newest first, and what arrived.",
         {linkId,
          {"after", Type::Integer, Place::Query, false, "`next` of the page before."},
          {"limit", Type::Integer, Place::Query, false, "1 to 1000; default 100."}}, linkReceipts},
        {"link.presign", "POST", "/api/v1/presign", "Make a URL that carries its own rules.",
         {target, expires,
          {"allow", Type::TextList, Place::Body, false, "Only clients of these address blocks."},
          {"rate", Type::Rate, Place::Body, false, "The most it sends."}}, presign, true},
        {"link.deny", "POST", "/api/v1/denied", "Take back one presigned URL.",
         {{"url", Type::Text, Place::Body, true, "The whole URL."},
          {"note", Type::Text, Place::Body, false, "Why."}}, deny},
        {"limit.list", "GET", "/api/v1/limits", "List the limits that are set.", {}, limitList},
        {"limit.show", "GET", "/api/v1/limits/{level}", "What a level, or one of its members, may take.", limitParameters(false), limitShow},
        {"limit.set", "PATCH", "/api/v1/limits/{level}", "Change it, also for downloads that run; what is not given stays.", limitParameters(true), limitSet},
        {"token.create", "POST", "/api/v1/tokens", "Make an API token; the answer shows it, and nothing else ever does.",
         {{"name", Type::Text, Place::Body, true, "Whose it is or what for, in 1 to 100 bytes."},
          {"scopes", Type::TextList, Place::Body, true, "Of download, list, share, view, admin."},
          {"shares", Type::TextList, Place::Body, false, "Only for these shares; default: all."},
          {"expires", Type::DurationOrNever, Place::Body, false, "How long it is good; default: never ends."}}, tokenCreate},
        {"token.list", "GET", "/api/v1/tokens", "List the tokens, without their text.", {}, tokenList},
        {"token.revoke", "POST", "/api/v1/tokens/{id}/revoke", "End a token now, and the downloads that run by it.",
         {{"id", Type::Text, Place::Path, true, "The token's id."}}, tokenRevoke},
        {"key.list", "GET", "/api/v1/keys", "List the signing keys, never their secrets.", {}, keyList},
        {"key.rotate", "POST", "/api/v1/keys/rotate", "Sign new links with a new key.", {}, keyRotate},
        {"key.retire", "POST", "/api/v1/keys/{id}/retire", "End a key and all that it signed.", {keyId}, keyRetire},
        {"key.export", "POST", "/api/v1/keys/{id}/export", "A key's secret, for a program that makes presigned URLs.", {keyId}, keyExport, true},
        {"ban.list", "GET", "/api/v1/bans", "List the banned addresses.", {}, banList},
        {"ban.rules", "GET", "/api/v1/bans/rules", "How bans by rule come about, and which addresses never get one.", {}, banRules},
        {"ban.add", "POST", "/api/v1/bans", "Refuse an address from now on; its running downloads go on.",
         {bannedAddress,
          {"for", Type::DurationOrForever, Place::Body, false, "How long; default: \"forever\"."},
          {"reason", Type::Text, Place::Body, false, "Shown in lists."}}, banAdd},
        {"ban.lift", "POST", "/api/v1/bans/lift", "End a ban now and forget what led to it.", {bannedAddress}, banLift},
        {"connection.list", "GET", "/api/v1/connections", "The answers that are going out, oldest first.", {}, connectionList},
        {"connection.kick", "DELETE", "/api/v1/connections/{id}", "End one connection now.",
         {{"id", Type::Text, Place::Path, true, "As connection.list names it."}}, connectionKick},
        {"mode.show", "GET", "/api/v1/modes", "The modes, what set them, and how near their rules are.", {}, modeShow},
        {"mode.set", "POST", "/api/v1/modes/{mode}", "Set a mode by hand, until it is taken back.",
         {{"mode", Type::Text, Place::Path, true, "saving, catalog-down, read-only, paused, draining, or normal."},
          {"setting", Type::Text, Place::Body, false, "\"on\"; \"off\": taken back, its rule decides; \"never\": not even by rule."}}, modeSet, true},
        {"setting.list", "GET", "/api/v1/settings", "Every setting: what it means, its value, where that is from, what is pending.", {}, settingList},
        {"setting.set", "PATCH", "/api/v1/settings/{name}", "Change a setting in the settings file, and now where it needs no restart.",
         {settingName, ifMatchParameter(),
          {"value", Type::TextList, Place::Body, true, "One text as the settings file has it; of a list any number."}}, settingSet, true},
        {"setting.reset", "DELETE", "/api/v1/settings/{name}", "Take a setting out of the settings file: back to its default.", {settingName, ifMatchParameter()}, settingReset, true},
        {"audit.list", "GET", "/api/v1/audit", "Who changed what, newest first.",
         {{"q", Type::Text, Place::Query, false, "Part of an entry."},
          {"after", Type::Text, Place::Query, false, "`next` of the page before."},
          {"limit", Type::Integer, Place::Query, false, "1 to 1000; default 100."}}, auditList},
        {"audit.verify", "GET", "/api/v1/audit/verify", "Whether a line of the audit log was changed, removed or cut.",
         {{"head", Type::Text, Place::Query, false, "A head that was noted earlier; its line must be there."}}, auditVerify},
        {"log.list", "GET", "/api/v1/log", "Lines of the access log, the oldest first; by default the newest.",
         {{"q", Type::Text, Place::Query, false, "Part of a line."},
          {"after", Type::Text, Place::Query, false, "`newest` of an answer before: only what came since."},
          {"before", Type::Text, Place::Query, false, "`older` of an answer before: what came earlier."},
          {"limit", Type::Integer, Place::Query, false, "1 to 2000; default 200."}}, logList},
        {"history.get", "GET", "/api/v1/history", "What the server did in the last minute, hour or day, for charts; kept over restarts.",
         {{"span", Type::Text, Place::Query, false, "minute, hour or day; default: hour."},
          {"after", Type::Integer, Place::Query, false, "Only samples that end after this, in milliseconds since 1970."}}, historyGet},
        {"top.get", "GET", "/api/v1/top", "The links, clients and files with the most bytes sent in the last minute, hour or day, running downloads included; kept over restarts. "
                                          "`downloads` counts answers that began at the first byte; resumed and parallel parts add bytes alone. Among thousands of names, or of small answers a second, numbers are estimates.",
         {{"span", Type::Text, Place::Query, false, "minute, hour or day; default: hour."},
          {"limit", Type::Integer, Place::Query, false, "Rows of each list, 1 to 50; default 5."}}, topGet},
        {"console.invite", "POST", "/api/v1/console/invites", "One line by which a console elsewhere can connect, once.",
         {{"host", Type::Text, Place::Body, false, "The name or address that it uses; default: this machine's best address."},
          {"for", Type::Duration, Place::Body, false, "How long it is good, up to 24h; default: 10m."}}, consoleInvite, true},
        {"console.join", "POST", "/api/v1/console/join", "Change an invite, shown as the bearer token, for a token of the scope admin.",
         {{"name", Type::Text, Place::Body, true, "What the console is called; the token is named by it."}}, consoleJoin},
        {"status", "GET", "/api/v1/status", "What the server does.", {}, status},
        {"search", "GET", "/api/v1/search", "Find files and folders by name.",
         {{"q", Type::Text, Place::Query, true, "Words; a name must hold every one."},
          {"share", Type::Text, Place::Query, false, "Only in this share."},
          {"after", Type::Integer, Place::Query, false, "`next` of the page before."},
          {"limit", Type::Integer, Place::Query, false, "1 to 1000; default 100."}}, search},
    };
    // clang-format on
    return table;
}

const Operation* findOperation(std::string_view name)
{
    for (const Operation& operation : operations())
        if (operation.name == name)
            return &operation;
    return nullptr;
}

Result<QJsonValue> runOperation(const Operation& operation, OperationContext& context,
                                const QJsonObject& parameters)
{
    if (!context.caller.may(operation.name, operation.method))
        return fail(ErrorCode::PermissionDenied, "this token may not do that");
    const auto arguments = Arguments::check(operation.parameters, parameters);
    if (!arguments)
        return fail(arguments.error());
    if (operation.method != "GET" && !operation.always && context.engine)
        if (const auto refused = context.engine->refusesChanges())
            return fail(*refused);
    if (operation.name.starts_with("link.") && arguments->has("id"))
        if (auto mine = context.management.checkLink(arguments->text("id"), context.caller.within); !mine)
            return fail(mine.error());
    return isRecorded(operation) ? runRecorded(operation, context, *arguments, parameters)
                                 : operation.run(context, *arguments);
}

bool matchPath(std::string_view pattern, std::string_view path, QJsonObject& values)
{
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = pattern.substr(0, pattern.find('/', 1));
        const std::string_view part = path.substr(0, path.find('/', 1));
        if (part.front() != '/')
            return false;
        if (wanted.starts_with("/{")) {
            if (part.size() == 1)
                return false;
            values.insert(toQString(wanted.substr(2, wanted.size() - 3)), toQString(part.substr(1)));
        } else if (wanted != part) {
            return false;
        }
        pattern.remove_prefix(wanted.size());
        path.remove_prefix(part.size());
    }
    return pattern.empty() && path.empty();
}

} // namespace spillway::admin
