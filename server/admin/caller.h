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
    bool everything = false;
    bool reads = false;
    bool links = false;
    engine::ShareBounds within; ///< where it may touch links

    /// Who has the run's own token, or the data folder itself.
    [[nodiscard]] static Caller owner() { return {true, true, true, {}}; }
    [[nodiscard]] static Caller of(const auth::KnownToken& token);
    [[nodiscard]] bool anything() const { return everything || reads || links; }

    /// By the operation's name ("link.create") and HTTP method.
    [[nodiscard]] bool may(std::string_view name, std::string_view method) const;
    /// A link's URL opens what it links to: not for who may only look.
    [[nodiscard]] bool seesUrls() const { return everything || links; }
};

} // namespace spillway::admin
