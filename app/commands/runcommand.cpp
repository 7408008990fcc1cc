// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/runcommand.h"

#include "app/commands/answertexts.h"
#include "app/commands/auditcommands.h"
#include "app/commands/backend.h"
#include "app/commands/configcommands.h"
#include "app/commands/doctor.h"
#include "app/commands/limitcommands.h"
#include "app/commands/output.h"
#include "app/commands/qrcode.h"
#include "app/commands/tlscommands.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonArray>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <sys/stat.h>

namespace spillway::app {

namespace {

using admin::putBytes;
using admin::toQString;
using config::ParsedCommand;

/// One command: its operation, whether it may make a data folder, its parameters, and how its answer looks.
struct CommandCall
{
    std::string_view words;
    std::string_view operation;
    bool mayCreate = false;
    std::function<QJsonObject(const ParsedCommand&)> parameters;
    std::function<std::string(const QJsonValue&)> text;
};

QJsonObject none(const ParsedCommand&)
{
    return {};
}

QJsonObject idOf(const ParsedCommand& command)
{
    return {{QStringLiteral("id"), toQString(command.arguments.front())}};
}

QJsonObject nameOf(const ParsedCommand& command)
{
    return {{QStringLiteral("name"), toQString(command.arguments.front())}};
}

void copyText(const ParsedCommand& command, std::string_view option, const char* name, QJsonObject& to)
{
    if (command.has(option))
        to.insert(QLatin1String(name), toQString(command.value(option)));
}

QJsonObject shareToAdd(const ParsedCommand& command)
{
    QJsonObject share = nameOf(command);
    // The server's working folder is another one.
    std::error_code ignored;
    putBytes(share, "path", std::filesystem::absolute(command.arguments[1], ignored).string());
    share.insert(QStringLiteral("public"), command.has("--public"));
    share.insert(QStringLiteral("dot_files"), command.has("--dot-files"));
    share.insert(QStringLiteral("listing"), !command.has("--no-listing"));
    copyText(command, "--cache-max-age", "cache_max_age", share);
    return share;
}

/// 0 where the option says "none".
void copyCount(const ParsedCommand& command, std::string_view option, const char* name, QJsonObject& to)
{
    if (command.has(option))
        to.insert(QLatin1String(name),
                  static_cast<qint64>(std::strtoll(command.value(option).c_str(), nullptr, 10)));
}

/// The rules of a link that are given.
QJsonObject linkRules(const ParsedCommand& command)
{
    QJsonObject rules;
    copyText(command, "--expires", "expires", rules);
    copyCount(command, "--max-downloads", "max_downloads", rules);
    copyCount(command, "--concurrency", "concurrency", rules);
    if (command.value("--rate") == "none")
        rules.insert(QStringLiteral("rate"), 0);
    else
        copyText(command, "--rate", "rate", rules);
    if (command.has("--allow")) {
        QJsonArray allow;
        for (const std::string& block : command.values("--allow"))
            if (block != "none")
                allow.append(toQString(block));
        rules.insert(QStringLiteral("allow"), allow);
    }
    copyText(command, "--note", "note", rules);
    if (command.has("--page") || command.has("--no-page"))
        rules.insert(QStringLiteral("page"), !command.has("--no-page"));
    if (command.has("--no-password"))
        rules.insert(QStringLiteral("no_password"), true);
    if (command.has("--password-stdin")) {
        std::string password;
        std::getline(std::cin, password);
        if (password.ends_with('\r'))
            password.pop_back();
        rules.insert(QStringLiteral("password"), toQString(password));
    }
    return rules;
}

QJsonObject linkToMake(const ParsedCommand& command)
{
    QJsonObject link = linkRules(command);
    putBytes(link, "target", command.arguments.front());
    return link;
}

QJsonObject linkToChange(const ParsedCommand& command)
{
    QJsonObject link = linkRules(command);
    link.insert(QStringLiteral("id"), toQString(command.arguments.front()));
    return link;
}

QJsonObject tokenToMake(const ParsedCommand& command)
{
    QJsonObject token = nameOf(command);
    QJsonArray scopes, shares;
    for (const QString& scope : toQString(command.value("--scope", "download,list")).split(QLatin1Char(',')))
        scopes.append(scope);
    token.insert(QStringLiteral("scopes"), scopes);
    for (const std::string& share : command.values("--share"))
        shares.append(toQString(share));
    if (!shares.isEmpty())
        token.insert(QStringLiteral("shares"), shares);
    copyText(command, "--expires", "expires", token);
    return token;
}

QJsonObject urlToPresign(const ParsedCommand& command)
{
    QJsonObject request;
    putBytes(request, "target", command.arguments.front());
    copyText(command, "--expires", "expires", request);
    copyText(command, "--rate", "rate", request);
    QJsonArray allow;
    for (const std::string& block : command.values("--allow"))
        allow.append(toQString(block));
    if (!allow.isEmpty())
        request.insert(QStringLiteral("allow"), allow);
    return request;
}

QJsonObject banToAdd(const ParsedCommand& command)
{
    QJsonObject ban{{QStringLiteral("address"), toQString(command.arguments.front())}};
    copyText(command, "--for", "for", ban);
    copyText(command, "--reason", "reason", ban);
    return ban;
}

QJsonObject consoleToInvite(const ParsedCommand& command)
{
    QJsonObject invite;
    copyText(command, "--host", "host", invite);
    copyText(command, "--for", "for", invite);
    return invite;
}

QJsonObject modeToSet(const ParsedCommand& command)
{
    return {{QStringLiteral("mode"), toQString(command.arguments.front())},
            {QStringLiteral("setting"), command.has("--off")     ? QStringLiteral("off")
                                        : command.has("--never") ? QStringLiteral("never")
                                                                 : QStringLiteral("on")}};
}

const std::vector<CommandCall>& calls()
{
    static const std::vector<CommandCall> all{
        {"share add", "share.add", true, shareToAdd,
         [](const QJsonValue& share) {
             return "Shared " + printable(member(share, "path")) + " as " + member(share, "name") + ".\n";
         }},
        {"share list", "share.list", false, none, shareTable},
        {"share remove", "share.remove", false, nameOf,
         [](const QJsonValue& share) {
             return "Removed " + member(share, "name") +
                    "; links that ended with it: " + number(value(share, "links_ended")) + ".\n";
         }},
        {"link create", "link.create", false, linkToMake, urlLine},
        {"link update", "link.update", false, linkToChange, linkDetails},
        {"token create", "token.create", true, tokenToMake,
         [](const QJsonValue& token) { return member(token, "token") + "\n"; }},
        {"token list", "token.list", false, none, tokenTable},
        {"link presign", "link.presign", false, urlToPresign, urlLine},
        {"link show", "link.show", false, idOf, linkDetails},
        {"limit set", "limit.set", true, limitToSet, limitDetails},
        {"key list", "key.list", false, none, keyTable},
        {"key rotate", "key.rotate", true, none,
         [](const QJsonValue& key) { return "New links are signed with key " + member(key, "id") + ".\n"; }},
        {"key retire", "key.retire", false, idOf,
         [](const QJsonValue& key) {
             return "Key " + member(key, "id") + " is retired; what it signed has ended.\n";
         }},
        {"key export", "key.export", false, idOf,
         [](const QJsonValue& key) { return member(key, "secret") + "\n"; }},
        {"ban list", "ban.list", false, none, banTable},
        {"ban add", "ban.add", true, banToAdd,
         [](const QJsonValue& ban) {
             return "Banned " + member(ban, "address") + " " + untilText(ban) + ".\n";
         }},
        {"mode show", "mode.show", false, none, modeTable},
        {"mode set", "mode.set", false, modeToSet,
         [](const QJsonValue& change) {
             const std::string problem = member(change, "problem");
             return modeTable(value(change, "modes")) +
                    (problem.empty() ? ""
                                     : "It ends with this server, because it could not be written: " +
                                           printable(problem) + "\n");
         }},
        {"console invite", "console.invite", false, consoleToInvite,
         [](const QJsonValue& answer) { return member(answer, "invite") + "\n"; }},
        {"status", "status", false, none, statusText},
    };
    return all;
}

/// All pages of an operation in one array; `name` is what it calls a page's members.
Result<QJsonValue> allPages(Backend& backend, std::string_view operation, QJsonObject query, const char* name)
{
    query.insert(QStringLiteral("limit"), 1000);
    QJsonArray all;
    for (;;) {
        auto page = backend.run(operation, query);
        if (!page)
            return page;
        for (const QJsonValue one : value(*page, name).toArray())
            all.append(one);
        const QJsonValue next = value(*page, "next");
        if (next.isNull() || next.isUndefined())
            return QJsonValue(all);
        query.insert(QStringLiteral("after"), next);
    }
}

int listLinks(Backend& backend, const ParsedCommand& command, bool json)
{
    QJsonObject query{{QStringLiteral("all"), command.has("--all")}};
    copyText(command, "--share", "share", query);
    const auto links = allPages(backend, "link.list", query, "links");
    if (!links)
        return failed(links.error(), json);
    if (json)
        printJson(*links);
    else
        print(linkTable(*links));
    return 0;
}

int listReceipts(Backend& backend, const ParsedCommand& command, bool json)
{
    const auto receipts = allPages(backend, "link.receipts", idOf(command), "receipts");
    if (!receipts)
        return failed(receipts.error(), json);
    if (json)
        printJson(*receipts);
    else
        print(receiptTable(*receipts));
    return 0;
}

/// A command that does the same to each of its arguments.
struct ForEach
{
    std::string_view words;
    std::string_view operation;
    const char* parameter; ///< each argument's name
    const char* done;      ///< "Revoked"
    const char* named;     ///< the member of the answer that names what was done
};

constexpr std::array kForEach{ForEach{"link revoke", "link.revoke", "id", "Revoked ", "id"},
                              ForEach{"token revoke", "token.revoke", "id", "Revoked ", "id"},
                              ForEach{"ban lift", "ban.lift", "address", "Lifted the ban of ", "address"}};

/// Each of them, and 1 where one could not be.
int runForEach(Backend& backend, const ForEach& what, const ParsedCommand& command, bool json)
{
    QJsonArray done;
    std::optional<Error> first;
    for (const std::string& argument : command.arguments) {
        auto answer = backend.run(what.operation, {{QLatin1String(what.parameter), toQString(argument)}});
        if (!answer) {
            if (first)
                say(first->message);
            first = answer.error();
            continue;
        }
        done.append(*answer);
        if (!json)
            print(what.done + member(*answer, what.named) + ".\n");
    }
    if (first)
        return failed(*first, json);
    if (json)
        printJson(done.size() == 1 ? done.first() : QJsonValue(done));
    return 0;
}

int runCall(Backend& backend, const CommandCall& call, const ParsedCommand& command, bool json)
{
    const auto answer = backend.run(call.operation, call.parameters(command));
    if (!answer)
        return failed(answer.error(), json);
    if (json)
        printJson(*answer);
    else
        print(call.text(*answer));
    if (command.has("--qr") && !member(*answer, "url").empty()) {
        const auto picture = terminalQrCode(member(*answer, "url"));
        if (!picture)
            return failed(picture.error(), json);
        // With --json standard output stays one object.
        std::fflush(stdout);
        std::fwrite(picture->data(), 1, picture->size(), json ? stderr : stdout);
    }
    return 0;
}

int runOnBackend(const ParsedCommand& command, bool json)
{
    const std::string_view words = command.command->words;
    const CommandCall* call = nullptr;
    for (const CommandCall& known : calls())
        if (known.words == words)
            call = &known;
    if (words.starts_with("limit ") && !isLimitLevel(command))
        return 2;
    auto backend = Backend::open(command, call && call->mayCreate);
    if (!backend) {
        // A folder that is not there is served by nobody: that is an answer, not a failure.
        if (words == "status" && backend.error().code == ErrorCode::NotFound) {
            json ? printJson(QJsonObject{{QStringLiteral("running"), false}}) : print("No server runs.\n");
            return 0;
        }
        return failed(backend.error(), json);
    }
    if (!backend->online() && words != "status")
        say("no server runs on " + backend->location().dataFolder + ": nothing serves this now");
    else if (backend->location().found)
        say("using the server on " + backend->location().dataFolder + " (process " +
            std::to_string(backend->serverPid()) + ")");
    if (words == "link list")
        return listLinks(*backend, command, json);
    if (words == "limit show")
        return showLimits(*backend, command, json);
    if (words == "audit show")
        return showAudit(*backend, command, json);
    if (words == "link receipts")
        return listReceipts(*backend, command, json);
    if (command.has("--off") && command.has("--never")) {
        say("--off and --never exclude each other");
        return 2;
    }
    for (const ForEach& each : kForEach)
        if (each.words == words)
            return runForEach(*backend, each, command, json);
    if (!call) {
        say("the command \"" + std::string(words) + "\" cannot be run here");
        return 2;
    }
    return runCall(*backend, *call, command, json);
}

} // namespace

int runCommand(const ParsedCommand& command, int argc, char** argv)
{
    const std::string_view words = command.command->words;
    const bool json = command.has("--json");
    // What a command makes in the data folder is for its owner alone.
    ::umask(077);
    QCoreApplication application(argc, argv);
    if (words.starts_with("config "))
        return runConfigCommand(command, json);
    if (words == "tls self-signed")
        return makeSelfSigned(command, json);
    if (words == "audit verify")
        return verifyAudit(command, json);
    if (words == "doctor")
        return runDoctor(command, json);
    return runOnBackend(command, json);
}

} // namespace spillway::app
