// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/tokens.h"
#include "server/engine/management.h"

#include <string_view>

namespace spillway::admin {

/// Who asks for an operation, by what it showed. Made of the scopes admin (everything), view (what only
/// reads) and share (links, in its shares).
struct Caller
{
    /// By what it is, for the audit log.
    enum class Kind : std::uint8_t
    {
        Owner,       ///< has the run's own token: the command line beside a server
        Console,     ///< the window of this process
        CommandLine, ///< on the data folder, without a server
        Token,
        Invited ///< a console that shows its invite, to get a token for it
    };

    bool everything = false;
    bool reads = false;
    bool links = false;
    engine::ShareBounds within; ///< where it may touch links
    Kind kind = Kind::Owner;
    std::string tokenId, tokenName; ///< of Kind::Token
    std::string address;            ///< where it asks from; empty: this process
    bool elsewhere = false;         ///< not over loopback, so perhaps from another machine
    std::string inviteCode;         ///< of Kind::Invited; a secret

    /// Who has the run's own token, or the data folder itself.
    [[nodiscard]] static Caller owner(Kind kind = Kind::Owner);
    [[nodiscard]] static Caller of(const auth::KnownToken& token);
    [[nodiscard]] static Caller invited(std::string code);
    [[nodiscard]] bool anything() const { return everything || reads || links || kind == Kind::Invited; }

    /// By the operation's name ("link.create") and HTTP method.
    [[nodiscard]] bool may(std::string_view name, std::string_view method) const;
    /// What is changed on the server's own machine alone (config::Row::hereOnly): by its window, or by its
    /// command line.
    [[nodiscard]] bool isHere() const { return !elsewhere && kind != Kind::Token && kind != Kind::Invited; }
    /// A link's URL opens what it links to: not for who may only look.
    [[nodiscard]] bool seesUrls() const { return everything || links; }
};

/// "owner", "console", "command-line", "token", "invited".
[[nodiscard]] const char* callerKindName(Caller::Kind kind);

} // namespace spillway::admin
