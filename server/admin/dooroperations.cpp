// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/dooroperations.h"

#include "server/admin/consoledoor.h"
#include "server/admin/records.h"
#include "server/contract/invite.h"
#include "server/engine/engine.h"

namespace spillway::admin {

namespace {

constexpr std::size_t kMostNameBytes = 90; ///< of a token's 100

} // namespace

Result<QJsonValue> consoleInvite(OperationContext& context, const Arguments& arguments)
{
    if (!context.door || !context.engine)
        return fail(ErrorCode::Unavailable, "no server runs that a console could connect to");
    const ConsoleDoor::Address address = context.door->address();
    if (address.host.empty())
        return fail(
            ErrorCode::Unavailable,
            "the admin API can be reached from this machine alone; start the server with --admin-listen "
            "0.0.0.0:8081 and consoles elsewhere can connect to it");
    const auto lasts = arguments.duration("for").value_or(
        std::chrono::duration_cast<std::chrono::seconds>(ConsoleDoor::kUsual));
    const auto code = context.door->invite(lasts);
    if (!code)
        return fail(code.error());
    const std::string host = arguments.has("host") ? arguments.text("host") : address.host;
    const contract::Invite invite{toQString(host), address.port, toQString(address.fingerprint),
                                  toQString(*code)};
    if (auto usable = contract::Invite::parse(invite.text()); !usable)
        return fail(ErrorCode::InvalidArgument, "\"" + host + "\" is no host");
    return QJsonValue(
        QJsonObject{{QStringLiteral("invite"), invite.text()},
                    {QStringLiteral("host"), toQString(host)},
                    {QStringLiteral("port"), address.port},
                    {QStringLiteral("fingerprint"), toQString(address.fingerprint)},
                    {QStringLiteral("expires_at"),
                     static_cast<qint64>(unixSeconds(context.engine->clock().wall()) + lasts.count())}});
}

Result<QJsonValue> consoleJoin(OperationContext& context, const Arguments& arguments)
{
    if (!context.door || !context.door->take(context.caller.inviteCode))
        return fail(ErrorCode::PermissionDenied,
                    "this invite was used already, or has ended; ask for a new one");
    engine::NewToken wanted;
    wanted.name = "console " + arguments.text("name").substr(0, kMostNameBytes);
    wanted.scopes = static_cast<std::uint8_t>(catalog::TokenScope::Admin);
    const auto made = context.management.createToken(wanted);
    if (!made)
        return fail(made.error());
    return QJsonValue(toJson(*made));
}

} // namespace spillway::admin
