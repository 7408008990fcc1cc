// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/target.h"
#include "server/http/exchange.h"
#include "server/policy/limittree.h"

namespace spillway::download {

/// The stage between "may have it" and "where is it": how often and how fast. One per worker, on its thread.
///
/// A request is asked for at each level that limits requests, the connection first and the server last, so
/// that who is over a limit of his own costs the others nothing. The address's node hangs on the connection:
/// a client that keeps its connection costs no look-up. Static pages and health never come here.
///
/// A refusal is 429 with Retry-After and the fields RateLimit-Policy and RateLimit
/// (draft-ietf-httpapi-ratelimit-headers-10). Answers that were let through do not carry them: their heads
/// are made once and sent to everybody.
class LimitStage
{
public:
    explicit LimitStage(policy::LimitTree& tree) : tree_(tree) {}

    /// Other rules are in force, of this epoch.
    void follow(const Rules& rules, std::uint64_t epoch);
    /// Anything is limited at all; if not, nothing here need be called.
    [[nodiscard]] bool active() const noexcept { return active_; }

    /// The nodes of what is asked for: server, share, token, link. Null where none limits anything.
    [[nodiscard]] std::shared_ptr<const policy::LimitPath> pathOf(const Target& target);
    /// False: over a limit, and answered so. `path` is that of the target.
    [[nodiscard]] bool admit(http::Exchange& exchange, const policy::LimitPath* path);

private:
    struct ClientHold;
    [[nodiscard]] ClientHold& holdOf(http::Exchange& exchange);
    void refuse(http::Exchange& exchange, const policy::LimitNode& node,
                const policy::RequestRate::Decision& decision);

    policy::LimitTree& tree_;
    std::shared_ptr<const policy::LimitSet> limits_ = std::make_shared<const policy::LimitSet>();
    std::uint64_t epoch_ = 0;
    bool active_ = false;
    bool perClient_ = false; ///< the levels IP or connection limit something
};

} // namespace spillway::download
