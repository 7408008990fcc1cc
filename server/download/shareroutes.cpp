// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/pipeline.h"

// The part of Pipeline about shares by name: /s/.
namespace spillway::download {

void Pipeline::routeShare(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::File;
    std::string_view rest = exchange.head().path.substr(3);
    const auto slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    const auto at = rules_->byName.find(name);
    if (at == rules_->byName.end()) {
        exchange.fail(404, "Nothing is shared at this address.");
        return;
    }
    if (!at->second->share.isPublic) {
        refuse(exchange);
        return;
    }
    Target target;
    target.share = at->second;
    target.epoch = rulesEpoch_;
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    target.folderForm = exchange.head().path.ends_with('/');
    target.path = withoutSlash(rest);
    openTarget(exchange, std::move(target));
}

} // namespace spillway::download
