// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/answerschemas.h"

#include "server/admin/arguments.h"

#include <QtCore/QJsonArray>
#include <algorithm>
#include <array>

namespace spillway::admin {

namespace {

/// An object by its members: "NAME:TYPE" with blanks between, "NAME?:TYPE" where it may be missing. A type is
/// string, integer, number, boolean, any, the name of another schema, "[TYPE]" for a list, or "bytes": text,
/// and NAME_base64 beside it where that loses something. "TYPE|null" may be null.
struct Schema
{
    std::string_view name, members;
};

// clang-format off
constexpr std::array kSchemas{
    Schema{"Share", "id:integer name:string path:bytes public:boolean dot_files:boolean listing:boolean cache_max_age:integer created_at:integer version:string"},
    Schema{"RemovedShare", "id:integer name:string path:bytes public:boolean dot_files:boolean listing:boolean cache_max_age:integer created_at:integer version:string links_ended:integer"},
    Schema{"FolderEntry", "name:bytes folder:boolean size:integer modified_at:integer"},
    Schema{"Folder", "entries:[FolderEntry] truncated:boolean"},
    Schema{"Link", "id:string share:string path:bytes name:bytes folder:boolean state:string key:string expires_at:integer|null revoked_at:integer|null "
                   "created_at:integer downloads:integer max_downloads:integer|null password:boolean rate:integer concurrency:integer note:string "
                   "page:boolean allow:[string] version:string url?:string"},
    Schema{"LinkPage", "links:[Link] next:string|null"},
    Schema{"ReceiptFile", "path:bytes size:integer arrived:integer percent:integer etag:string"},
    Schema{"Receipt", "id:integer recipient:string started_at:integer last_at:integer finished_at:integer|null files:[ReceiptFile]"},
    Schema{"ReceiptPage", "receipts:[Receipt] next:integer|null"},
    Schema{"Presigned", "url:string share:string path:bytes folder:boolean key:string expires_at:integer|null"},
    Schema{"Denied", "digest:string expires_at:integer|null"},
    Schema{"Limit", "level:string id:string|null requests:number|null burst:integer|null bandwidth:integer|null connections:integer|null "
                    "downloads:integer|null queue:integer|null wait:number|null priority:string|null version:string running?:integer waiting?:integer"},
    Schema{"Token", "id:string name:string scopes:[string] shares:[string]|null state:string created_at:integer expires_at:integer|null "
                    "revoked_at:integer|null last_used_at:integer|null token?:string"},
    Schema{"Key", "id:string current:boolean created_at:integer retired_at:integer|null"},
    Schema{"KeySecret", "id:string secret:string"},
    Schema{"Ban", "address:string reason:string by_hand:boolean offences:integer created_at:integer until:integer|null"},
    Schema{"Transfer", "id:string client:string path:bytes share:string link:string user_agent:string tls:boolean started_at_ms:integer sent:integer "
                       "total:integer|null token:string priority:string"},
    Schema{"TransferList", "transfers:[Transfer] omitted:integer"},
    Schema{"Kicked", "id:string"},
    Schema{"Mode", "mode:string active:boolean by_hand:string by_rule:boolean reason:string since:integer|null gauges?:[Gauge]"},
    Schema{"Gauge", "name:string unit:string value:number limit:number below:boolean"},
    Schema{"BanRules", "threshold:integer window:integer duration:integer max_duration:integer never:[string]"},
    Schema{"Setting", "name:string type:string help:string default:[string] value:[string] list:boolean allowed:string choices:[string] "
                      "zero_means:string needs_restart:boolean secret:boolean set:boolean origin:string where:string fixed_by:string "
                      "pending:boolean version:string"},
    Schema{"SettingList", "settings:[Setting] file:bytes"},
    Schema{"EndedTransfer", "transfer:Transfer ended_at_ms:integer complete:boolean"},
    Schema{"ModeChange", "modes:[Mode] kept:boolean problem?:string"},
    Schema{"AuditEntry", "id:integer at:integer by:string token_id?:string token_name?:string from?:string operation:string given?:any before?:any "
                         "after?:any error?:any text?:string outcome:string"},
    Schema{"AuditPage", "entries:[AuditEntry] next:string|null"},
    Schema{"AuditFault", "file:string line:integer text:string"},
    Schema{"AuditVerdict", "good:boolean lines:integer files:integer dropped:integer head:string key_missing:boolean faults:[AuditFault] faults_left_out:integer"},
    Schema{"LogPage", "format:string lines:[string] newest:string older:string|null"},
    Schema{"HistorySample", "at_ms:integer sent_rate:number received_rate:number ok_rate:number redirect_rate:number client_error_rate:number "
                            "server_error_rate:number connections:number transfers:number p50_ms:number p95_ms:number p99_ms:number cache_hit_ratio:number"},
    Schema{"History", "span:string step_ms:integer samples:[HistorySample] running?:HistorySample"},
    Schema{"TopLink", "id:string share:string path:bytes note:string bytes:integer downloads:integer"},
    Schema{"TopClient", "address:string bytes:integer downloads:integer"},
    Schema{"TopFile", "share:string path:bytes archive:boolean bytes:integer downloads:integer"},
    Schema{"Top", "span:string links:[TopLink] clients:[TopClient] files:[TopFile]"},
    Schema{"ConsoleInvite", "invite:string host:string port:integer fingerprint:string expires_at:integer"},
    Schema{"IndexProgress", "share:string state:string watched:boolean files:integer folders:integer bytes:integer files_hashed:integer "
                            "seen_by_scan:integer errors:integer scanned_at:integer|null"},
    Schema{"Contact", "address:string at:integer"},
    Schema{"Status", "running:boolean version?:string pid?:integer addresses?:[string] public_url?:string mode?:string ready?:boolean started_at?:integer "
                     "uptime_seconds?:integer workers?:integer connections?:integer requests?:integer sent_bytes?:integer received_bytes?:integer "
                     "index?:[IndexProgress] data?:bytes reached_by?:Contact firewall?:string"},
    Schema{"FoundEntry", "share:string path:bytes folder:boolean size:integer modified_at:integer crc32?:string sha256?:string"},
    Schema{"FoundPage", "entries:[FoundEntry] next:integer|null"},
    Schema{"Snapshot", "at_ms:integer seconds:number mode:string mode_reason:string connections:integer sent_rate:number received_rate:number "
                       "request_rate:number ok_rate:number redirect_rate:number client_error_rate:number server_error_rate:number p50_ms:number "
                       "p95_ms:number p99_ms:number cache_hit_ratio:number requests:integer sent_bytes:integer waiting:integer wait_ms:integer running:TransferList ended:[EndedTransfer]"},
    Schema{"Problem", "type:string title:string status:integer detail:string code:string"},
};

struct AnswerOf
{
    std::string_view operation, type;
};
constexpr std::array kAnswers{
    AnswerOf{"share.list", "[Share]"}, AnswerOf{"share.add", "Share"}, AnswerOf{"share.update", "Share"}, AnswerOf{"share.remove", "RemovedShare"},
    AnswerOf{"folder.list", "Folder"}, AnswerOf{"folder.browse", "Folder"},
    AnswerOf{"link.list", "LinkPage"}, AnswerOf{"link.create", "Link"}, AnswerOf{"link.show", "Link"}, AnswerOf{"link.update", "Link"},
    AnswerOf{"link.revoke", "Link"}, AnswerOf{"link.restore", "Link"}, AnswerOf{"link.receipts", "ReceiptPage"},
    AnswerOf{"link.presign", "Presigned"}, AnswerOf{"link.deny", "Denied"},
    AnswerOf{"limit.list", "[Limit]"}, AnswerOf{"limit.show", "Limit"}, AnswerOf{"limit.set", "Limit"},
    AnswerOf{"token.create", "Token"}, AnswerOf{"token.list", "[Token]"}, AnswerOf{"token.revoke", "Token"},
    AnswerOf{"key.list", "[Key]"}, AnswerOf{"key.rotate", "Key"}, AnswerOf{"key.retire", "Key"}, AnswerOf{"key.export", "KeySecret"},
    AnswerOf{"ban.list", "[Ban]"}, AnswerOf{"ban.rules", "BanRules"}, AnswerOf{"ban.add", "Ban"}, AnswerOf{"ban.lift", "Ban"},
    AnswerOf{"connection.list", "TransferList"}, AnswerOf{"connection.kick", "Kicked"},
    AnswerOf{"mode.show", "[Mode]"}, AnswerOf{"mode.set", "ModeChange"},
    AnswerOf{"setting.list", "SettingList"}, AnswerOf{"setting.set", "Setting"}, AnswerOf{"setting.reset", "Setting"},
    AnswerOf{"audit.list", "AuditPage"}, AnswerOf{"audit.verify", "AuditVerdict"},
    AnswerOf{"log.list", "LogPage"}, AnswerOf{"history.get", "History"}, AnswerOf{"top.get", "Top"}, AnswerOf{"console.invite", "ConsoleInvite"}, AnswerOf{"console.join", "Token"},
    AnswerOf{"status", "Status"}, AnswerOf{"search", "FoundPage"},
};
// clang-format on

QJsonObject typed(const char* type)
{
    return {{QStringLiteral("type"), QLatin1String(type)}};
}

QJsonObject schemaOfType(std::string_view type)
{
    constexpr std::string_view orNull = "|null";
    if (type.ends_with(orNull)) {
        QJsonObject inner = schemaOfType(type.substr(0, type.size() - orNull.size()));
        inner.insert(QStringLiteral("type"),
                     QJsonArray{inner.value(QLatin1String("type")), QStringLiteral("null")});
        return inner;
    }
    if (type.starts_with('[')) {
        QJsonObject list = typed("array");
        list.insert(QStringLiteral("items"), schemaOfType(type.substr(1, type.size() - 2)));
        return list;
    }
    if (type == "any")
        return {};
    if (type == "bytes")
        return typed("string");
    if (type == "string" || type == "integer" || type == "number" || type == "boolean")
        return {{QStringLiteral("type"), toQString(type)}};
    return {{QStringLiteral("$ref"), QLatin1String("#/components/schemas/") + toQString(type)}};
}

QJsonObject schemaOfMembers(std::string_view members)
{
    QJsonObject properties;
    QJsonArray required;
    while (!members.empty()) {
        const std::string_view one = members.substr(0, members.find(' '));
        members.remove_prefix(std::min(members.size(), one.size() + 1));
        std::string_view name = one.substr(0, one.find(':'));
        const std::string_view type = one.substr(name.size() + 1);
        const bool optional = name.ends_with('?');
        if (optional)
            name.remove_suffix(1);
        else
            required.append(toQString(name));
        properties.insert(toQString(name), schemaOfType(type));
        if (type == "bytes") {
            QJsonObject exact = typed("string");
            exact.insert(QStringLiteral("contentEncoding"), QStringLiteral("base64"));
            properties.insert(toQString(name) + QLatin1String("_base64"), exact);
        }
    }
    QJsonObject schema = typed("object");
    schema.insert(QStringLiteral("properties"), properties);
    schema.insert(QStringLiteral("required"), required);
    return schema;
}

} // namespace

QJsonObject answerSchemas()
{
    QJsonObject all;
    for (const Schema& schema : kSchemas)
        all.insert(toQString(schema.name), schemaOfMembers(schema.members));
    return all;
}

QJsonObject answerSchemaOf(std::string_view operation)
{
    for (const AnswerOf& answer : kAnswers)
        if (answer.operation == operation)
            return schemaOfType(answer.type);
    return {};
}

bool hasAnswerSchema(std::string_view operation)
{
    return std::any_of(kAnswers.begin(), kAnswers.end(),
                       [operation](const AnswerOf& answer) { return answer.operation == operation; });
}

} // namespace spillway::admin
