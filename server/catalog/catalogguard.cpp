// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/catalogguard.h"

namespace spillway::catalog {

namespace {

/// A call waits up to five seconds for a lock, so few of them are enough.
policy::CircuitBreaker::Options options()
{
    policy::CircuitBreaker::Options options;
    options.minSamples = 2;
    options.window = std::chrono::seconds(30);
    options.longestCoolDown = std::chrono::seconds(10);
    return options;
}

bool isOutage(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
    case ErrorCode::Io:
    case ErrorCode::Corrupt:
    case ErrorCode::PermissionDenied: // SQLite's READONLY
        return true;
    default:
        return false;
    }
}

} // namespace

CatalogGuard::CatalogGuard(const Clock& clock)
    : reads_("catalog_reads", "stale_links", clock, options()),
      writes_("catalog_writes", "refused_changes", clock, options())
{
}

Result<policy::CircuitBreaker::Permit> CatalogGuard::begin(policy::CircuitBreaker& breaker)
{
    if (isOut())
        return fail(
            ErrorCode::Unavailable,
            "the catalog was taken out of use by hand; spillway mode set catalog-down --off brings it "
            "back");
    if (const auto permit = breaker.allow())
        return *permit;
    return fail(ErrorCode::Unavailable,
                "the catalog does not answer now: it is locked by another program, or its disk has failed");
}

Result<policy::CircuitBreaker::Permit> CatalogGuard::beginRead()
{
    return begin(reads_);
}

Result<policy::CircuitBreaker::Permit> CatalogGuard::beginWrite()
{
    auto permit = begin(writes_);
    if (!permit)
        writes_.fellBack();
    return permit;
}

void CatalogGuard::endedRead(policy::CircuitBreaker::Permit permit, const Error* error)
{
    reads_.ended(permit, error == nullptr || !isOutage(error->code));
}

void CatalogGuard::endedWrite(policy::CircuitBreaker::Permit permit, const Error* error, bool commit)
{
    writes_.ended(permit, error == nullptr || !(commit || isOutage(error->code)));
}

} // namespace spillway::catalog
