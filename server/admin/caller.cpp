// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/caller.h"

namespace spillway::admin {

using catalog::TokenScope;

Caller Caller::owner(Kind kind)
{
    Caller caller;
    caller.everything = caller.reads = caller.links = true;
    caller.kind = kind;
    return caller;
}

Caller Caller::of(const auth::KnownToken& token)
{
    Caller caller;
    caller.everything = token.may(TokenScope::Admin);
    caller.reads = caller.everything || token.may(TokenScope::View);
    caller.links = caller.everything || token.may(TokenScope::Share);
    if (!token.record.allShares)
        caller.within = token.record.shares;
    caller.kind = Kind::Token;
    caller.tokenId = token.record.id;
    caller.tokenName = token.record.name;
    return caller;
}

Caller Caller::invited(std::string code)
{
    Caller caller;
    caller.kind = Kind::Invited;
    caller.inviteCode = std::move(code);
    return caller;
}

const char* callerKindName(Caller::Kind kind)
{
    switch (kind) {
    case Caller::Kind::Owner:
        return "owner";
    case Caller::Kind::Console:
        return "console";
    case Caller::Kind::CommandLine:
        return "command-line";
    case Caller::Kind::Token:
        return "token";
    case Caller::Kind::Invited:
        return "invited";
    }
    return "owner";
}

bool Caller::may(std::string_view name, std::string_view method) const
{
    if (name == "console.join")
        return kind == Kind::Invited;
    if (name == "folder.browse") // what is there, shared or not
        return everything;
    return everything || (reads && method == "GET") || (links && name.starts_with("link."));
}

} // namespace spillway::admin
