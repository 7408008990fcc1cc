// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/linkcache.h"

#include "server/catalog/linkrepository.h"

namespace spillway::catalog {

namespace {

MetadataCacheOptions counting(MetadataCacheOptions options, policy::CircuitBreaker& breaker)
{
    options.onStale = [&breaker] { breaker.fellBack(); };
    return options;
}

} // namespace

LinkCache::LinkCache(Catalog& catalog, const MetadataCacheOptions& options)
    : source_(catalog), cache_(source_, catalog.clock(), counting(options, catalog.guard().reads())),
      subscription_(catalog.onChange([this](const ChangeSet& changes) {
          for (const auto* ids : {&changes.links, &changes.counted})
              for (const std::string& id : *ids)
                  cache_.erase(id);
      }))
{
}

void LinkCache::CatalogSource::load(const std::string& id, Callback done)
{
    catalog_.readAsync([id](Session& session) { return LinkRepository::find(session, id); },
                       [done = std::move(done)](Result<std::optional<Link>> found) {
                           if (!found)
                               done(fail(found.error()));
                           else if (*found)
                               done(std::make_shared<const Link>(std::move(**found)));
                           else
                               done(LinkPtr());
                       });
}

} // namespace spillway::catalog
