// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/catalog.h"
#include "server/catalog/metadatacache.h"

namespace spillway::catalog {

/// Links by id, from memory where they are known: the metadata cache over the catalog.
///
/// The owner destroys it before the catalog. Any thread asks. A change that the catalog acknowledged is seen
/// by every question asked after the acknowledgement. Revoked and expired links come back like others: the
/// caller judges them. Errors are those of the catalog's read (Exhausted: too many reads wait).
class LinkCache
{
public:
    using LinkPtr = std::shared_ptr<const Link>;
    using Store = MetadataStore<std::string, Link>;

    LinkCache(Catalog& catalog, const MetadataCacheOptions& options);

    /// Known without a load? A nullptr inside: known not to exist.
    [[nodiscard]] std::optional<LinkPtr> peek(const std::string& id) { return cache_.peek(id); }
    void get(const std::string& id, Store::GetOptions options, Store::Callback done)
    {
        cache_.get(id, options, std::move(done));
    }
    [[nodiscard]] MetadataCacheCounters counters() const { return cache_.counters(); }

private:
    class CatalogSource final : public MetadataSource<std::string, Link>
    {
    public:
        explicit CatalogSource(Catalog& catalog) : catalog_(catalog) {}
        void load(const std::string& id, Callback done) override;

    private:
        Catalog& catalog_;
    };

    CatalogSource source_;
    MetadataCache<std::string, Link> cache_;
    ChangeSubscription subscription_; ///< last: its hook uses the cache
};

} // namespace spillway::catalog
