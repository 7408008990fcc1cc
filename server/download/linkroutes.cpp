// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"
#include "server/body/directory.h"
#include "server/download/denydigest.h"
#include "server/download/pipeline.h"

// The part of Pipeline about signed links: /d/ and /p/.
namespace spillway::download {

using LinkPtr = catalog::LinkCache::LinkPtr;

namespace {
constexpr std::string_view kRetrySoon = "Retry-After: 5\r\n";
} // namespace

void Pipeline::routeLink(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::Link;
    const http::RequestHead& head = exchange.head();
    auth::StoredLink link;
    if (const auto verdict = auth::check(head.path, head.rawQuery, *rules_->keys, link);
        verdict != auth::LinkVerdict::Valid) {
        refuse(exchange, verdict);
        return;
    }
    std::string id(link.link);
    if (const auto known = parts_.links.peek(id)) {
        linkFound(exchange, id, rulesEpoch_, *known);
        return;
    }
    const http::Parked parked = exchange.park();
    parts_.links.get(id, {.allowStale = true},
                     [this, parked, id, epoch = rulesEpoch_](const Result<LinkPtr>& found) {
                         parked.post([this, parked, id, epoch, found] {
                             parked.resume([&](http::Exchange& again) {
                                 again.labels.route = observe::Route::Link;
                                 linkFound(again, id, epoch, found);
                             });
                         });
                     });
}

void Pipeline::linkFound(http::Exchange& exchange, const std::string& id, std::uint64_t epoch,
                         const Result<LinkPtr>& link)
{
    exchange.labels.link = id;
    if (!link)
        exchange.fail(503, "The links cannot be looked up now; try again in a moment.", kRetrySoon);
    else if (!*link)
        refuse(exchange);
    else
        admitLink(exchange, *link, epoch);
}

void Pipeline::admitLink(http::Exchange& exchange, const LinkPtr& record, std::uint64_t epoch)
{
    const catalog::Link& link = *record;
    refreshRules();
    const auto share = rules_->byId.find(link.share);
    const bool over = link.revokedAt || (link.expiresAt && exchange.wallSecond() >= *link.expiresAt);
    auth::StoredLink url;
    if (over || share == rules_->byId.end() ||
        auth::parseStoredLink(exchange.head().path, exchange.head().rawQuery, url)) {
        refuse(exchange);
        return;
    }
    Target target;
    target.share = share->second;
    target.audience = Audience::Secret;
    target.route = observe::Route::Link;
    target.linkId = link.id;
    target.link = record;
    target.epoch = epoch;
    target.expiresAt = link.expiresAt.value_or(0);
    target.folderForm = exchange.head().path.ends_with('/');
    target.path = link.path;
    const std::string_view below = withoutSlash(url.below);
    if (!below.empty()) {
        if (!link.isFolder) {
            refuse(exchange);
            return;
        }
        target.path = body::joinPath(link.path, below);
    }
    openTarget(exchange, std::move(target));
}

void Pipeline::routePresigned(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::Presigned;
    const http::RequestHead& head = exchange.head();
    auth::PresignedLink link;
    const config::IpAddress client{exchange.client().address};
    const auto verdict =
        auth::check(head.path, head.rawQuery, *rules_->keys, exchange.wallSecond(), client, link);
    if (verdict != auth::LinkVerdict::Valid) {
        refuse(exchange, verdict);
        return;
    }
    const auto share = rules_->byName.find(link.share);
    if (share == rules_->byName.end() ||
        (!rules_->denied.empty() && rules_->denied.contains(denyDigest(link)))) {
        refuse(exchange);
        return;
    }
    Target target;
    target.share = share->second;
    target.audience = Audience::Secret;
    target.route = observe::Route::Presigned;
    target.epoch = rulesEpoch_;
    target.expiresAt = link.expiresAt;
    target.folderForm = head.path.ends_with('/');
    target.path = withoutSlash(link.path);
    if (link.rate.count > 0 || !rules_->limits->untouched(policy::LimitLevel::Link)) {
        target.subjects.link = policy::SubjectKey::text(denyDigest(link));
        target.subjects.ownRate = link.rate; // of all transfers of this URL together, over all workers
    }
    target.repeatable = link.blockCount == 0; // else it depends on who asks
    openTarget(exchange, std::move(target));
}

} // namespace spillway::download
