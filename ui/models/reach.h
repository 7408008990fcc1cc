// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"

#include <QtCore/QStringList>

namespace spillway::ui {

/// Whether other devices can open a link, as far as the server can tell: a connection from one of them is the
/// proof, and the lack of it proves nothing.
struct Reach
{
    enum class State : std::uint8_t
    {
        Reached,   ///< another machine was here
        Waiting,   ///< nobody yet, and too early to wonder
        Unproven,  ///< nobody for a while: `hints` tell what may be in the way
        ByProxy,   ///< it only listens to its own machine, and links name another address
        Impossible ///< it only listens to, or only has, its own machine
    } state = State::Waiting;
    QString text;
    QStringList hints; ///< the likeliest first
};

/// `url` is the link; `waited`: another device should have been there by now.
[[nodiscard]] Reach judgeReach(const contract::ServerStatus& status, const QString& url, bool waited);

} // namespace spillway::ui
