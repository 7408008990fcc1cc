// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/caller.h"

namespace spillway::admin {

using catalog::TokenScope;

Caller Caller::of(const auth::KnownToken& token)
{
    Caller caller;
    caller.everything = token.may(TokenScope::Admin);
    caller.reads = caller.everything || token.may(TokenScope::View);
    caller.links = caller.everything || token.may(TokenScope::Share);
    if (!token.record.allShares)
        caller.within = token.record.shares;
    return caller;
}

bool Caller::may(std::string_view name, std::string_view method) const
{
    return everything || (reads && method == "GET") || (links && name.starts_with("link."));
}

} // namespace spillway::admin
