// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/answertexts.h"

#include "app/commands/output.h"
#include "server/base/units.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace spillway::app {

namespace {

std::string yesNo(const QJsonValue& flag)
{
    return flag.toBool() ? "yes" : "no";
}

/// "3", or "3/5" where there is a maximum.
std::string downloadsText(const QJsonValue& link)
{
    const QJsonValue most = value(link, "max_downloads");
    return number(value(link, "downloads")) + (most.isDouble() ? "/" + number(most) : "");
}

std::string joined(const QJsonValue& texts, const char* otherwise)
{
    std::string all;
    for (const QJsonValue text : texts.toArray())
        all += (all.empty() ? "" : ", ") + text.toString().toStdString();
    return all.empty() ? otherwise : all;
}

/// The proof that other machines get through, or the lack of it.
std::string contactText(const QJsonValue& contact)
{
    if (!contact.isObject())
        return "no other machine so far";
    return member(contact, "address") + ", " + timeText(value(contact, "at"));
}

} // namespace

std::string member(const QJsonValue& object, const char* name)
{
    return object.toObject().value(QLatin1String(name)).toString().toStdString();
}

QJsonValue value(const QJsonValue& object, const char* name)
{
    return object.toObject().value(QLatin1String(name));
}

std::string number(const QJsonValue& value)
{
    return std::to_string(value.toInteger());
}

std::string shareTable(const QJsonValue& shares)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue share : shares.toArray())
        rows.push_back({member(share, "name"), yesNo(value(share, "public")), yesNo(value(share, "listing")),
                        yesNo(value(share, "dot_files")), member(share, "path")});
    return rows.empty() ? "Nothing is shared.\n"
                        : table({"NAME", "PUBLIC", "LISTING", "DOT FILES", "PATH"}, rows);
}

std::string linkTable(const QJsonValue& links)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue link : links.toArray()) {
        const std::string path = member(link, "path");
        rows.push_back({member(link, "id"), member(link, "state"), timeText(value(link, "expires_at")),
                        downloadsText(link), member(link, "share") + (path.empty() ? "" : "/" + path),
                        member(link, "note")});
    }
    return rows.empty() ? "There are no links.\n"
                        : table({"LINK", "STATE", "EXPIRES", "DOWNLOADS", "PATH", "NOTE"}, rows);
}

std::string tokenTable(const QJsonValue& tokens)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue token : tokens.toArray())
        rows.push_back({member(token, "id"), member(token, "name"), member(token, "state"),
                        joined(value(token, "scopes"), "-"),
                        value(token, "shares").isNull() ? "all" : joined(value(token, "shares"), "none"),
                        timeText(value(token, "expires_at")), timeText(value(token, "last_used_at"))});
    return rows.empty() ? "There are no tokens.\n"
                        : table({"TOKEN", "NAME", "STATE", "SCOPES", "SHARES", "EXPIRES", "LAST USED"}, rows);
}

/// A row for each file; who has begun none has one all the same.
std::string receiptTable(const QJsonValue& receipts)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue receipt : receipts.toArray()) {
        const std::vector<std::string> who{
            member(receipt, "recipient"), timeText(value(receipt, "started_at")),
            timeText(value(receipt, "last_at")), timeText(value(receipt, "finished_at"))};
        const QJsonArray files = value(receipt, "files").toArray();
        for (const QJsonValue file : files) {
            rows.push_back(who);
            rows.back().push_back(number(value(file, "percent")) + "%");
            rows.back().push_back(number(value(file, "arrived")) + "/" + number(value(file, "size")));
            rows.back().push_back(member(file, "path"));
        }
        if (files.isEmpty()) {
            rows.push_back(who);
            rows.back().resize(7, "-");
        }
    }
    return rows.empty()
               ? "Nobody has taken it yet.\n"
               : table({"RECIPIENT", "STARTED", "LAST", "FINISHED", "ARRIVED", "BYTES", "FILE"}, rows);
}

std::string linkDetails(const QJsonValue& link)
{
    const std::string path = member(link, "path"), url = member(link, "url");
    std::vector<std::vector<std::string>> rows{
        {"state", member(link, "state")},
        {"url", url.empty() ? (member(link, "state") == "key-retired" ? "none: its key is retired"
                                                                      : "spillway link show prints it")
                            : url},
        {"path", member(link, "share") + (path.empty() ? "" : "/" + path)},
        {"expires", timeText(value(link, "expires_at"))},
        {"created", timeText(value(link, "created_at"))},
        {"downloads", downloadsText(link)},
        {"password", yesNo(value(link, "password"))},
        {"allowed", joined(value(link, "allow"), "everybody")},
        {"rate", value(link, "rate").toInteger() == 0
                     ? "no limit of its own"
                     : formatRate(BytesPerSecond{value(link, "rate").toInteger()})},
        {"at a time", value(link, "concurrency").toInteger() == 0 ? "no limit of its own"
                                                                  : number(value(link, "concurrency"))},
        {"page", yesNo(value(link, "page"))},
        {"key", member(link, "key")},
        {"note", member(link, "note")},
    };
    return table({"link", member(link, "id")}, rows);
}

std::string keyTable(const QJsonValue& keys)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue key : keys.toArray()) {
        const bool retired = !value(key, "retired_at").isNull();
        rows.push_back({member(key, "id"),
                        value(key, "current").toBool() ? "signs new links"
                        : retired                      ? "retired"
                                                       : "verifies",
                        timeText(value(key, "created_at")), timeText(value(key, "retired_at"))});
    }
    return rows.empty() ? "There are no keys yet; the first link makes one.\n"
                        : table({"KEY", "STATE", "CREATED", "RETIRED"}, rows);
}

std::string untilText(const QJsonValue& ban)
{
    const QJsonValue until = value(ban, "until");
    return until.isNull() ? "for ever" : "until " + timeText(until);
}

std::string banTable(const QJsonValue& bans)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue ban : bans.toArray())
        rows.push_back({member(ban, "address"), untilText(ban),
                        value(ban, "by_hand").toBool() ? "hand" : "rule", number(value(ban, "offences")),
                        timeText(value(ban, "created_at")), member(ban, "reason")});
    return rows.empty() ? "Nobody is banned.\n"
                        : table({"ADDRESS", "BANNED", "BY", "OFFENCES", "SINCE", "REASON"}, rows);
}

std::string modeTable(const QJsonValue& modes)
{
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue mode : modes.toArray())
        rows.push_back({member(mode, "mode"), yesNo(value(mode, "active")), member(mode, "by_hand"),
                        yesNo(value(mode, "by_rule")), timeText(value(mode, "since")),
                        member(mode, "reason")});
    return table({"MODE", "HOLDS", "BY HAND", "BY RULE", "SINCE", "REASON"}, rows);
}

std::string urlLine(const QJsonValue& answer)
{
    return member(answer, "url") + "\n";
}

std::string statusText(const QJsonValue& status)
{
    if (!value(status, "running").toBool())
        return "No server runs.\n";
    std::string addresses;
    for (const QJsonValue address : value(status, "addresses").toArray())
        addresses += (addresses.empty() ? "" : " ") + address.toString().toStdString();
    std::string text = table(
        {"data", member(status, "data")},
        {{"process", number(value(status, "pid"))},
         {"mode", member(status, "mode")},
         {"listening", addresses},
         {"public URL", member(status, "public_url")},
         {"reached by", contactText(value(status, "reached_by"))},
         {"running for", formatDuration(std::chrono::seconds(value(status, "uptime_seconds").toInteger()))},
         {"workers", number(value(status, "workers"))},
         {"connections", number(value(status, "connections"))},
         {"requests", number(value(status, "requests"))},
         {"sent", number(value(status, "sent_bytes")) + " bytes"}});
    std::vector<std::vector<std::string>> rows;
    for (const QJsonValue share : value(status, "index").toArray())
        rows.push_back({member(share, "share"), member(share, "state"), number(value(share, "files")),
                        number(value(share, "folders")), number(value(share, "bytes")),
                        number(value(share, "files_hashed"))});
    if (!rows.empty())
        text += "\n" + table({"SHARE", "INDEX", "FILES", "FOLDERS", "BYTES", "WITH CHECKSUM"}, rows);
    return text;
}

} // namespace spillway::app
