// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/limitstage.h"

#include "server/net/worker.h"

namespace spillway::download {

using policy::LimitLevel;
using policy::LimitNode;
using policy::LimitPath;
using policy::SubjectKey;

/// Whose limits hold on a connection, looked up once for each client and epoch of rules.
struct LimitStage::ClientHold final : net::Connection::Attachment
{
    std::array<std::uint8_t, 16> client{}; ///< behind a proxy another one may follow
    std::uint64_t epoch = 0;
    std::shared_ptr<LimitNode> ip, connection;
};

void LimitStage::follow(const Rules& rules, std::uint64_t epoch)
{
    limits_ = rules.limits;
    epoch_ = epoch;
    active_ = !limits_->empty();
    perClient_ = !limits_->untouched(LimitLevel::Ip) || !limits_->untouched(LimitLevel::Connection);
}

std::shared_ptr<const LimitPath> LimitStage::pathOf(const Target& target)
{
    LimitPath path;
    const auto take = [&](LimitLevel level, const SubjectKey& key) {
        path[policy::indexOf(level)] = tree_.find(*limits_, level, key);
    };
    take(LimitLevel::Server, {});
    take(LimitLevel::Share, SubjectKey::number(target.share->share.id));
    if (target.token)
        take(LimitLevel::Token, SubjectKey::text(target.token->record.id));
    if (!target.linkId.empty())
        take(LimitLevel::Link, SubjectKey::text(target.linkId));
    for (const auto& node : path)
        if (node)
            return std::make_shared<const LimitPath>(std::move(path));
    return nullptr;
}

LimitStage::ClientHold& LimitStage::holdOf(http::Exchange& exchange)
{
    auto& attachment = exchange.attachment();
    if (!attachment)
        attachment = std::make_unique<ClientHold>();
    auto& hold = static_cast<ClientHold&>(*attachment);
    const net::PeerAddress& client = exchange.client();
    if (hold.epoch == epoch_ && hold.client == client.address) [[likely]]
        return hold;
    hold.ip = tree_.find(*limits_, LimitLevel::Ip, SubjectKey::client(client));
    const auto own = limits_->fieldsFor(LimitLevel::Connection, {});
    if (!own.empty() && !hold.connection)
        hold.connection = std::make_shared<LimitNode>(LimitLevel::Connection);
    if (hold.connection)
        hold.connection->configure(own);
    hold.client = client.address;
    hold.epoch = epoch_;
    return hold;
}

bool LimitStage::admit(http::Exchange& exchange, const LimitPath* path)
{
    std::array<LimitNode*, policy::kLimitLevels> nodes{}; // the innermost first
    std::size_t count = 0;
    const auto add = [&](const std::shared_ptr<LimitNode>& node) {
        if (node && node->requests.limited())
            nodes[count++] = node.get();
    };
    if (perClient_) {
        const ClientHold& hold = holdOf(exchange);
        add(hold.connection);
        add(hold.ip);
    }
    if (path)
        for (std::size_t i = policy::indexOf(LimitLevel::Ip); i-- > 0;)
            add((*path)[i]);
    const Monotonic now = exchange.worker().now();
    for (std::size_t i = 0; i < count; ++i) {
        const auto decision = nodes[i]->requests.take(now);
        if (decision.allowed)
            continue;
        for (std::size_t taken = 0; taken < i; ++taken)
            nodes[taken]->requests.giveBack();
        refuse(exchange, *nodes[i], decision);
        return false;
    }
    return true;
}

void LimitStage::refuse(http::Exchange& exchange, const LimitNode& node,
                        const policy::RequestRate::Decision& decision)
{
    tree_.countRefused(node.level());
    const std::string seconds =
        std::to_string(std::chrono::ceil<std::chrono::seconds>(decision.retryAfter).count());
    const std::string level(policy::limitLevelName(node.level()));
    const auto quota = node.requests.quota();
    exchange.fail(429, "Too many requests; this one may be made again in " + seconds + " s.",
                  "Retry-After: " + seconds + "\r\nRateLimit-Policy: \"" + level +
                      "\";q=" + std::to_string(quota.requests) + ";w=" + std::to_string(quota.window) +
                      "\r\nRateLimit: \"" + level + "\";r=0;t=" + seconds + "\r\n");
}

} // namespace spillway::download
