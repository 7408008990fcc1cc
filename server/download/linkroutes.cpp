// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/link.h"
#include "server/body/directory.h"
#include "server/download/access.h"
#include "server/download/credentials.h"
#include "server/download/denydigest.h"
#include "server/download/pipeline.h"

// The part of Pipeline about signed links: /d/ and /p/.
namespace spillway::download {

using LinkPtr = catalog::LinkCache::LinkPtr;

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
    refreshRules();
    // Before any word about its password: what does not open asks for none.
    if (!opens(*record, *rules_, exchange.wallSecond(), exchange.client()))
        refuseLink(exchange, *record);
    else if (exchange.head().method == http::Method::Post)
        postLink(exchange, record);
    else if (!record->passwordHash.empty() && !hasPasswordCookie(exchange, *record))
        askPassword(exchange, record, epoch);
    else
        passLink(exchange, record, epoch);
}

/// One refusal for all reasons; but people whose link was good until its time was over are told so, for they
/// can ask for another. The signature has shown that it was given to them.
void Pipeline::refuseLink(http::Exchange& exchange, const catalog::Link& link)
{
    const bool expired = !link.revokedAt && link.expiresAt && exchange.wallSecond() >= *link.expiresAt;
    exchange.fail(403, expired && isPageRequest(exchange.head()) ? kLinkExpired : kLinkRefused);
}

/// All that could be asked of the client has been shown.
void Pipeline::passLink(http::Exchange& exchange, const LinkPtr& record, std::uint64_t epoch)
{
    const catalog::Link& link = *record;
    const auto share = rules_->byId.find(link.share);
    auth::StoredLink url;
    if (share == rules_->byId.end() ||
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
    auto right = std::make_shared<Right>();
    right->share = link.share;
    right->link = record;
    right->expiresAt = target.expiresAt;
    target.right = std::move(right);
    target.repeatable = link.allow.empty() && link.passwordHash.empty(); // else it depends on who asks
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
    std::string digest = denyDigest(link);
    if (share == rules_->byName.end() || rules_->denied.contains(digest)) {
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
        target.subjects.link = policy::SubjectKey::text(digest);
        target.subjects.ownRate = link.rate; // of all transfers of this URL together, over all workers
    }
    auto right = std::make_shared<Right>();
    right->share = target.share->share.id;
    right->keyId = link.key;
    right->urlDigest = std::move(digest);
    right->expiresAt = link.expiresAt;
    target.right = std::move(right);
    target.repeatable = link.blockCount == 0; // else it depends on who asks
    openTarget(exchange, std::move(target));
}

/// The link of an answer that goes out, anew: its record may be another one by now, and with it its rules.
RunningAnswers::Verdict Pipeline::judgeLink(RunningAnswers::Item& item, std::int64_t now)
{
    using Verdict = RunningAnswers::Verdict;
    const catalog::Link& before = *item.right->link;
    if (!rules_->byId.contains(before.share))
        return Verdict::Gone;
    const auto known = parts_.links.peek(before.id);
    if (!known) {
        if (loading_.insert(before.id).second)
            parts_.links.get(before.id, {.allowStale = false},
                             [post = post_, this, id = before.id](const auto&) {
                                 post([this, id] { loading_.erase(id); });
                             });
        return Verdict::Unknown;
    }
    if (!*known)
        return Verdict::Gone;
    const LinkPtr& record = *known;
    const catalog::Link& link = *record;
    // Whoever knew the old password need not know the new one.
    const bool locked = link.passwordHash != before.passwordHash && !link.passwordHash.empty();
    if (locked || !opens(link, *rules_, now, item.client))
        return Verdict::Gone;
    item.expiresAt = link.expiresAt.value_or(0);
    auto right = std::make_shared<Right>(*item.right);
    right->link = record;
    right->expiresAt = item.expiresAt;
    item.right = std::move(right);
    return Verdict::Holds;
}

} // namespace spillway::download
