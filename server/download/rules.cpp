// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/rules.h"

namespace spillway::download {

void RulesBoard::publish(std::shared_ptr<const Rules> rules)
{
    {
        std::lock_guard lock(mutex_);
        rules_ = std::move(rules);
    }
    invalidate();
}

std::shared_ptr<const Rules> RulesBoard::rules() const
{
    std::lock_guard lock(mutex_);
    return rules_;
}

SignInRules signInRules(std::chrono::seconds lifetime, std::string_view publicUrl)
{
    SignInRules rules{lifetime, {}, {}};
    const auto scheme = publicUrl.find("://");
    if (scheme == std::string_view::npos)
        return rules;
    publicUrl.remove_prefix(scheme + 3);
    const std::string_view host = publicUrl.substr(0, publicUrl.find('/'));
    rules.publicHost = host;
    std::string_view path = publicUrl.substr(host.size());
    while (path.ends_with('/'))
        path.remove_suffix(1);
    rules.basePath = path;
    return rules;
}

std::shared_ptr<const Rules> buildRules(RuleSources sources, const Rules& previous, const Clock& clock)
{
    static std::atomic<std::int64_t> nextRootNumber{1};
    auto rules = std::make_shared<Rules>();
    for (const catalog::Share& share : sources.shares) {
        auto rule = std::make_shared<ShareRule>();
        rule->share = share;
        rule->cacheControl = "Cache-Control: public, max-age=" + std::to_string(share.cacheMaxAge.count()) +
                             ", must-revalidate\r\n";
        const auto old = previous.byId.find(share.id);
        if (old != previous.byId.end() && old->second->share.path == share.path &&
            old->second->share.showDotFiles == share.showDotFiles) {
            rule->root = old->second->root;
            // Ready answers hold the cache age, so another age is another name for the caches.
            rule->rootNumber = old->second->share.cacheMaxAge == share.cacheMaxAge ? old->second->rootNumber
                                                                                   : nextRootNumber++;
        } else {
            rule->root = std::make_shared<body::ShareRoot>(
                share.path, body::ShareRoot::Options{.allowDotFiles = share.showDotFiles}, clock);
            rule->rootNumber = nextRootNumber++;
        }
        rules->byId.emplace(share.id, rule);
        rules->byName.emplace(share.name, std::move(rule));
    }
    rules->keys = std::move(sources.keys);
    rules->denied = std::move(sources.denied);
    rules->signer = std::move(sources.signer);
    rules->limits = std::move(sources.limits);
    rules->tokens = std::make_shared<const auth::TokenTable>(std::move(sources.tokens), *previous.tokens);
    rules->signIn = std::move(sources.signIn);
    return rules;
}

} // namespace spillway::download
