// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/management.h"

#include "server/catalog/sharerepository.h"
#include "server/engine/engine.h"
#include "server/engine/publicurl.h"
#include "server/engine/shareroots.h"

namespace spillway::engine {

using catalog::Session;
using catalog::Share;
using catalog::ShareRepository;

namespace {

Result<Share> shareNamed(Session& session, const std::string& name)
{
    auto found = ShareRepository::findByName(session, name);
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(ErrorCode::NotFound,
                    "there is no share named \"" + name + "\"; spillway share list shows them");
    return std::move(**found);
}

} // namespace

Result<Expiry> Expiry::parse(std::string_view text)
{
    if (text == "never")
        return Expiry{Kind::Never, {}};
    const auto duration = parseDuration(text);
    if (!duration)
        return fail(duration.error());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*duration);
    if (seconds < std::chrono::seconds(1))
        return fail(ErrorCode::InvalidArgument, "an expiry is \"never\" or at least 1s");
    // 1,000 years: the sum with any date stays far from the end of 64 bits.
    if (seconds > std::chrono::hours(24 * 365'000))
        return fail(ErrorCode::InvalidArgument, "an expiry is at most 365000d; \"never\" is allowed");
    return Expiry{Kind::After, seconds};
}

ManagementSettings ManagementSettings::from(const config::Settings& settings, Listening listening)
{
    ManagementSettings result;
    result.linkExpiry =
        std::chrono::duration_cast<std::chrono::seconds>(settings.get<"links.default_expiry">());
    result.cacheMaxAge =
        std::chrono::duration_cast<std::chrono::seconds>(settings.get<"shares.cache_max_age">());
    result.publicUrl = publicUrlSource(settings, std::move(listening));
    result.shareRoots = settings.get<"share_roots">();
    return result;
}

Management::Management(catalog::Catalog& catalog, const Clock& clock, std::string dataFolder,
                       ManagementSettings settings, std::function<Result<void>()> rulesChanged,
                       ServingParts serving)
    : catalog_(catalog), clock_(clock), dataFolder_(std::move(dataFolder)),
      rulesChanged_(std::move(rulesChanged)), serving_(std::move(serving)), settings_(std::move(settings))
{
}

Management Management::of(Engine& engine)
{
    return Management(
        engine.catalog(), engine.clock(), engine.dataFolder(), ManagementSettings::from(engine.settings()),
        [&engine] { return engine.reloadRules(); },
        ServingParts{&engine.bans(), &engine.modes(), [&engine] { engine.askForEnd(); }});
}

void Management::setSettings(ManagementSettings settings)
{
    std::lock_guard lock(settingsMutex_);
    settings_ = std::move(settings);
}

ManagementSettings Management::settings() const
{
    std::lock_guard lock(settingsMutex_);
    return settings_;
}

std::string Management::publicUrl() const
{
    return settings().publicUrl();
}

std::vector<std::string> Management::shareRoots() const
{
    return settings().shareRoots;
}

Result<void> Management::apply()
{
    if (!rulesChanged_)
        return {};
    if (auto applied = rulesChanged_(); !applied)
        return fail(ErrorCode::Unavailable,
                    "the change was saved but is not in force yet: " + applied.error().message,
                    applied.error().osError);
    return {};
}

std::optional<std::int64_t> Management::expiresAt(const Expiry& expiry) const
{
    const auto after = expiry.kind == Expiry::Kind::Default ? settings().linkExpiry : expiry.after;
    if (expiry.kind == Expiry::Kind::Never || after.count() == 0)
        return std::nullopt;
    return unixSeconds(clock_.wall()) + after.count();
}

/// Canonical; what lies in a root is so also behind symlinks that are changed meanwhile.
Result<std::string> Management::pathToShare(const std::string& path, bool inRoots) const
{
    if (!inRoots)
        return sharePath(path, dataFolder_);
    const auto real = pathInRoots(path, shareRoots(), clock_);
    if (!real)
        return fail(real.error());
    auto again = sharePath(*real, dataFolder_);
    if (again && *again != *real)
        return fail(ErrorCode::Busy, path + " is being moved; try again");
    return again;
}

Result<Share> Management::addShare(const NewShare& wanted)
{
    auto path = pathToShare(wanted.path, wanted.inRoots);
    if (!path)
        return fail(path.error());
    Share share;
    share.name = wanted.name;
    share.path = std::move(*path);
    share.isPublic = wanted.isPublic;
    share.showDotFiles = wanted.showDotFiles;
    share.listing = wanted.listing;
    share.cacheMaxAge = wanted.cacheMaxAge.value_or(settings().cacheMaxAge);
    share.createdAt = unixSeconds(clock_.wall());

    std::lock_guard lock(changes_);
    auto added =
        catalog_.write([&share](Session& session) { return ShareRepository::add(session, share); }).get();
    if (!added)
        return added;
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return added;
}

Result<std::vector<Share>> Management::listShares()
{
    return catalog_.read([](Session& session) { return ShareRepository::list(session); }).get();
}

Result<Share> Management::updateShare(const std::string& name, const ShareChange& change)
{
    std::optional<std::string> path;
    if (change.path) {
        auto canonical = pathToShare(*change.path, change.inRoots);
        if (!canonical)
            return fail(canonical.error());
        path = std::move(*canonical);
    }
    std::lock_guard lock(changes_);
    auto updated = catalog_
                       .write([&](Session& session) -> Result<Share> {
                           auto share = shareNamed(session, name);
                           if (!share)
                               return share;
                           share->name = change.name.value_or(share->name);
                           share->path = path.value_or(share->path);
                           share->isPublic = change.isPublic.value_or(share->isPublic);
                           share->showDotFiles = change.showDotFiles.value_or(share->showDotFiles);
                           share->listing = change.listing.value_or(share->listing);
                           share->cacheMaxAge = change.cacheMaxAge.value_or(share->cacheMaxAge);
                           return ShareRepository::update(session, *share);
                       })
                       .get();
    if (!updated)
        return updated;
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return updated;
}

Result<RemovedShare> Management::removeShare(const std::string& name)
{
    std::lock_guard lock(changes_);
    auto removed = catalog_
                       .write([&name](Session& session) -> Result<RemovedShare> {
                           auto share = shareNamed(session, name);
                           if (!share)
                               return fail(share.error());
                           const std::size_t before = session.changes().links.size();
                           if (auto gone = ShareRepository::remove(session, share->id); !gone)
                               return fail(gone.error());
                           return RemovedShare{std::move(*share), session.changes().links.size() - before};
                       })
                       .get();
    if (!removed)
        return removed;
    if (auto applied = apply(); !applied)
        return fail(applied.error());
    return removed;
}

} // namespace spillway::engine
