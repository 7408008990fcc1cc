// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"
#include "server/auth/password.h"
#include "server/catalog/keyrepository.h"
#include "server/catalog/linkrepository.h"
#include "server/catalog/sharerepository.h"
#include "server/config/cidr.h"
#include "server/engine/management.h"
#include "server/engine/randomid.h"
#include "server/engine/signingkeys.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

// The part of Management about links: stored ones and presigned URLs.
namespace spillway::engine {

using catalog::Link;
using catalog::LinkRepository;
using catalog::Session;

namespace {

constexpr std::size_t kMaxNoteBytes = 1000;
constexpr std::int64_t kMaxPage = 1000;

Error noLink(const std::string& id)
{
    return {ErrorCode::NotFound, "there is no link " + id + "; spillway link list --all shows them", 0};
}

/// What listLinks needs beside the links, as of one snapshot.
struct Surroundings
{
    std::unordered_map<catalog::ShareId, std::string> shares;
    std::unordered_set<std::string> retiredKeys;
};

Result<Surroundings> surroundings(Session& session)
{
    Surroundings all;
    auto shares = catalog::ShareRepository::list(session);
    if (!shares)
        return fail(shares.error());
    for (catalog::Share& share : *shares)
        all.shares.emplace(share.id, std::move(share.name));
    auto keys = catalog::KeyRepository::list(session);
    if (!keys)
        return fail(keys.error());
    for (catalog::SigningKey& key : *keys) {
        if (key.retiredAt)
            all.retiredKeys.insert(key.id);
        auth::wipe(key);
    }
    return all;
}

bool inside(const ShareBounds& within, catalog::ShareId share)
{
    return !within || std::find(within->begin(), within->end(), share) != within->end();
}

LinkState stateOf(const Link& link, bool keyRetired, std::int64_t now)
{
    if (link.revokedAt)
        return LinkState::Revoked;
    if (link.expiresAt && *link.expiresAt <= now)
        return LinkState::Expired;
    if (keyRetired)
        return LinkState::KeyRetired;
    return link.maxDownloads && link.downloads >= *link.maxDownloads ? LinkState::UsedUp : LinkState::Active;
}

} // namespace

const char* linkStateName(LinkState state)
{
    switch (state) {
    case LinkState::Active:
        return "active";
    case LinkState::UsedUp:
        return "used-up";
    case LinkState::Expired:
        return "expired";
    case LinkState::Revoked:
        return "revoked";
    case LinkState::KeyRetired:
        return "key-retired";
    }
    return "unknown";
}

Result<ShareTarget> Management::targetOf(const std::string& text, const ShareBounds& within)
{
    auto shares = listShares();
    if (!shares)
        return fail(shares.error());
    // To who may not use a share it is one that is not there.
    std::erase_if(*shares, [&within](const catalog::Share& share) { return !inside(within, share.id); });
    return findTarget(text, *shares, clock_);
}

Result<void> Management::changeRules(Link& link, const LinkRules& rules) const
{
    if (rules.note && rules.note->size() > kMaxNoteBytes)
        return fail(ErrorCode::InvalidArgument,
                    "a note has at most " + std::to_string(kMaxNoteBytes) + " bytes");
    if (rules.maxDownloads.value_or(0) < 0 || rules.concurrency.value_or(0) < 0 ||
        rules.rate.value_or(BytesPerSecond{}).count < 0)
        return fail(ErrorCode::InvalidArgument, "a link's limits are not negative");
    for (const std::string& block : rules.allow.value_or(std::vector<std::string>{}))
        if (auto parsed = config::parseCidr(block); !parsed)
            return fail(parsed.error());
    if (rules.password) {
        link.passwordHash.clear();
        if (!rules.password->empty()) {
            auto hash = auth::hashPassword(*rules.password);
            if (!hash)
                return fail(hash.error());
            link.passwordHash = std::move(*hash);
        }
    }
    if (rules.expiry)
        link.expiresAt = expiresAt(*rules.expiry);
    if (rules.maxDownloads)
        link.maxDownloads = *rules.maxDownloads > 0 ? rules.maxDownloads : std::nullopt;
    link.allow = rules.allow.value_or(link.allow);
    link.rate = rules.rate.value_or(link.rate);
    link.concurrency = rules.concurrency.value_or(link.concurrency);
    link.note = rules.note.value_or(link.note);
    link.page = rules.page.value_or(link.page);
    return {};
}

Result<LinkInfo> Management::createLink(const NewLink& wanted)
{
    auto target = targetOf(wanted.target, wanted.within);
    if (!target)
        return fail(target.error());
    auto id = randomText(12);
    if (!id)
        return fail(id.error());

    Link link;
    link.id = std::move(*id);
    link.share = target->share.id;
    link.path = std::move(target->path);
    link.isFolder = target->isFolder;
    link.name = std::move(target->name);
    link.createdAt = unixSeconds(clock_.wall());
    LinkRules rules = wanted.rules;
    rules.expiry = rules.expiry.value_or(wanted.expiry);
    rules.note = rules.note.value_or(wanted.note);
    rules.page = rules.page.value_or(wanted.page);
    if (auto changed = changeRules(link, rules); !changed)
        return fail(changed.error());

    std::lock_guard lock(changes_);
    bool newKey = false;
    auto made = catalog_
                    .write([&](Session& session) -> Result<Link> {
                        // In one transaction: a key that is retired meanwhile signs no new link.
                        auto key = currentKeyId(session, link.createdAt, newKey);
                        if (!key)
                            return fail(key.error());
                        link.keyId = std::move(*key);
                        return LinkRepository::insert(session, link);
                    })
                    .get();
    if (!made)
        return fail(made.error());
    if (newKey)
        if (auto applied = apply(); !applied)
            return fail(applied.error());
    return withUrl(std::move(*made), target->share.name);
}

Result<LinkInfo> Management::withUrl(Link link, std::string share)
{
    auto keys = keyRing(catalog_);
    if (!keys)
        return fail(keys.error());
    const auth::PreparedKey* key = (*keys)->find(link.keyId);
    LinkInfo info;
    info.state = stateOf(link, key == nullptr, unixSeconds(clock_.wall()));
    if (key)
        info.url = auth::makeLinkUrl(publicUrl(), link.id, link.name, link.isFolder, *key);
    info.link = std::move(link);
    info.share = std::move(share);
    return info;
}

Result<LinkPage> Management::listLinks(const LinkQuery& query)
{
    if (query.limit < 1 || query.limit > kMaxPage)
        return fail(ErrorCode::InvalidArgument,
                    "a page of links has 1 to " + std::to_string(kMaxPage) + " of them");
    const std::int64_t now = unixSeconds(clock_.wall());
    return catalog_
        .read([&](Session& session) -> Result<LinkPage> {
            auto around = surroundings(session);
            if (!around)
                return fail(around.error());
            catalog::LinkFilter filter;
            filter.includeRevoked = query.all;
            filter.search = query.search;
            filter.after = query.after;
            filter.limit = kMaxPage;
            if (query.share) {
                auto share = catalog::ShareRepository::findByName(session, *query.share);
                if (!share)
                    return fail(share.error());
                if (!*share)
                    return fail(ErrorCode::NotFound, "there is no share named \"" + *query.share + "\"");
                filter.share = (*share)->id;
            }
            LinkPage page;
            for (;;) {
                auto links = LinkRepository::list(session, filter);
                if (!links)
                    return fail(links.error());
                const bool last = links->size() < static_cast<std::size_t>(filter.limit);
                for (Link& link : *links) {
                    filter.after = link.id;
                    const LinkState state = stateOf(link, around->retiredKeys.contains(link.keyId), now);
                    const bool open = state == LinkState::Active || state == LinkState::UsedUp;
                    if ((!query.all && !open) || !inside(query.within, link.share))
                        continue;
                    // One more than asked for shows that there is a next page.
                    if (page.links.size() == static_cast<std::size_t>(query.limit)) {
                        page.next = page.links.back().link.id;
                        return page;
                    }
                    std::string share = around->shares[link.share];
                    page.links.push_back({std::move(link), std::move(share), state, {}});
                }
                if (last)
                    return page;
            }
        })
        .get();
}

Result<LinkInfo> Management::showLink(const std::string& id)
{
    std::string share;
    auto link = catalog_
                    .read([&](Session& session) -> Result<Link> {
                        auto found = LinkRepository::find(session, id);
                        if (!found)
                            return fail(found.error());
                        if (!*found)
                            return fail(noLink(id));
                        auto owner = catalog::ShareRepository::find(session, (*found)->share);
                        if (!owner)
                            return fail(owner.error());
                        if (*owner)
                            share = (*owner)->name;
                        return std::move(**found);
                    })
                    .get();
    if (!link)
        return fail(link.error());
    return withUrl(std::move(*link), std::move(share));
}

Result<LinkInfo> Management::updateLink(const std::string& id, const LinkRules& rules)
{
    // A password takes a tenth of a second and 64 MiB to hash: not in the catalog's one writer.
    Link prepared;
    if (auto changed = changeRules(prepared, rules); !changed)
        return fail(changed.error());
    LinkRules others = rules;
    others.password.reset();
    {
        std::lock_guard lock(changes_);
        auto updated = catalog_
                           .write([&](Session& session) -> Result<Link> {
                               auto link = LinkRepository::find(session, id);
                               if (!link)
                                   return fail(link.error());
                               if (!*link)
                                   return fail(noLink(id));
                               if (rules.password)
                                   (*link)->passwordHash = prepared.passwordHash;
                               if (auto changed = changeRules(**link, others); !changed)
                                   return fail(changed.error());
                               return LinkRepository::update(session, **link);
                           })
                           .get();
        if (!updated)
            return fail(updated.error());
    }
    auto info = showLink(id);
    if (info)
        info->url.clear();
    return info;
}

Result<void> Management::checkLink(const std::string& id, const ShareBounds& within)
{
    if (!within)
        return {};
    auto link = catalog_.read([&id](Session& session) { return LinkRepository::find(session, id); }).get();
    if (!link)
        return fail(link.error());
    if (!*link || !inside(within, (*link)->share))
        return fail(noLink(id));
    return {};
}

Result<LinkInfo> Management::revokeLink(const std::string& id)
{
    {
        std::lock_guard lock(changes_);
        const std::int64_t now = unixSeconds(clock_.wall());
        auto revoked =
            catalog_.write([&](Session& session) { return LinkRepository::revoke(session, id, now); }).get();
        if (!revoked)
            return fail(revoked.error().code == ErrorCode::NotFound ? noLink(id) : revoked.error());
    }
    auto info = showLink(id);
    if (info)
        info->url.clear();
    return info;
}

Result<LinkInfo> Management::restoreLink(const std::string& id)
{
    {
        std::lock_guard lock(changes_);
        auto restored =
            catalog_.write([&](Session& session) { return LinkRepository::restore(session, id); }).get();
        if (!restored)
            return fail(restored.error().code == ErrorCode::NotFound ? noLink(id) : restored.error());
    }
    auto info = showLink(id);
    if (info)
        info->url.clear();
    return info;
}

Result<Presigned> Management::presign(const NewPresigned& wanted)
{
    auto target = targetOf(wanted.target, wanted.within);
    if (!target)
        return fail(target.error());

    std::lock_guard lock(changes_);
    bool newKey = false;
    const std::int64_t now = unixSeconds(clock_.wall());
    auto keyId = catalog_.write([&](Session& session) { return currentKeyId(session, now, newKey); }).get();
    if (!keyId)
        return fail(keyId.error());
    if (newKey)
        if (auto applied = apply(); !applied)
            return fail(applied.error());
    auto keys = keyRing(catalog_);
    if (!keys)
        return fail(keys.error());
    const auth::PreparedKey* key = (*keys)->find(*keyId);
    if (!key)
        return fail(ErrorCode::Conflict, "the signing key was retired meanwhile; try again");

    Presigned made;
    made.share = target->share.name;
    made.path = target->path;
    made.isFolder = target->isFolder;
    made.expiresAt = expiresAt(wanted.expiry);
    made.keyId = *keyId;
    auto url = auth::makePresignedUrl(
        publicUrl(),
        {made.share, made.path, made.isFolder, made.expiresAt.value_or(0), wanted.allow, wanted.rate}, *key);
    if (!url)
        return fail(url.error());
    made.url = std::move(*url);
    return made;
}

} // namespace spillway::engine
