// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"
#include "server/config/cidr.h"
#include "server/http/exchange.h"
#include "server/observe/health.h"
#include "server/observe/metrics.h"

#include <array>

namespace spillway::admin {

class LiveFeed;

/// Who may do what on the admin listener.
struct AdminAccess
{
    std::string token;                      ///< of this run: opens everything
    std::vector<config::Cidr> metricsAllow; ///< may read /metrics without a token
    std::string metricsToken;               ///< may read /metrics; empty: there is none
    std::vector<std::string> hosts;         ///< lower case, without port: names beside localhost and loopback
    bool anyAddress = false; ///< an address of this machine is ours, too: it listens beyond loopback
};

/// The admin listener's requests: /healthz and /readyz for everybody, /metrics for its addresses and tokens,
/// /api/v1 by the table of operations for the bearer of the run's token, or of an API token as far as its
/// scopes go (Caller). A token that nobody has, or that is over, is 401; one that may not is 403.
///
/// On the admin worker's own thread, where blocking on the catalog is fine. Credentials are judged on the
/// head, before a body (at most 1 MiB) is taken: no token, no body. A Host that is neither loopback nor ours
/// is answered 421, so that a web page whose name was made to point here (DNS rebinding) gets nowhere.
/// Who is banned gets 403 and no more; a wrong token counts as on the public listener. No CORS field is ever
/// sent, so no web page reads an answer. Answers are JSON with `no-store`; errors are problem+json (RFC 9457)
/// with a member `code`: errorCodeName() of the refusal. An object that has a `version` comes with it as its
/// ETag, and a change with If-Match is made only to that version (412 else). GET /api/v1/live is an event
/// stream (LiveFeed).
class AdminHandler final : public http::RequestHandler
{
public:
    static constexpr std::size_t kMaxBody = 1 << 20;

    AdminHandler(OperationContext context, const observe::Metrics& metrics, const observe::Health& health,
                 AdminAccess access);

    void setAccess(AdminAccess access);            ///< on the worker's thread
    void setFeed(LiveFeed* feed) { feed_ = feed; } ///< on the worker's thread; null: no stream

    [[nodiscard]] std::size_t bodyLimit(const http::RequestHead& head) const override;
    void refuseBody(http::Exchange& exchange) override;
    void handle(http::Exchange& exchange) override;

private:
    using Digest = std::array<unsigned char, 32>;
    [[nodiscard]] static Digest digestOf(std::string_view token);
    [[nodiscard]] bool isOurHost(std::string_view host) const;
    [[nodiscard]] bool bears(std::string_view given, const Digest& token) const;
    /// None where the token is wrong or over.
    [[nodiscard]] std::optional<Caller> callerOf(std::string_view bearer) const;
    [[nodiscard]] bool refusesBanned(http::Exchange& exchange) const;
    void countWrongToken(const http::Exchange& exchange) const;
    /// Who may go on; else it has answered.
    [[nodiscard]] std::optional<Caller> admit(http::Exchange& exchange) const;
    void metrics(http::Exchange& exchange);
    void api(http::Exchange& exchange, const Caller& caller);
    void live(http::Exchange& exchange, const Caller& caller);

    OperationContext context_;
    const observe::Metrics& metrics_;
    const observe::Health& health_;
    AdminAccess access_;
    Digest token_, metricsToken_;
    LiveFeed* feed_ = nullptr;
};

/// The HTTP status of an error of the operations.
[[nodiscard]] int httpStatus(ErrorCode code);

} // namespace spillway::admin
