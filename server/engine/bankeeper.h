// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/catalog.h"
#include "server/config/settings.h"
#include "server/http/proxywatch.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/policy/banbook.h"

#include <functional>

namespace spillway::engine {

/// The ban book of a running server, with what surrounds it: the table `bans` that it begins from and is
/// written to, the log that tells of bans, and the watch for proxies that nobody trusted yet.
///
/// Made and destroyed on the main thread, which also calls load(), apply() and tick(); book() and watch() are
/// for all. A ban by rule is in the table about a second after it was made, and later where the catalog
/// cannot be written; Management writes those by hand.
class BanKeeper
{
public:
    BanKeeper(const Clock& clock, observe::Log& log, std::size_t capacity);

    /// Told of each ban by rule, on the thread of whom it banned; must not block. Set before anybody fails.
    void onBanned(std::function<void(const policy::BanRecord&)> banned) { banned_ = std::move(banned); }

    [[nodiscard]] policy::BanBook& book() noexcept { return book_; }
    [[nodiscard]] http::ProxyWatch& watch() noexcept { return watch_; }

    /// bans.* and proxy.trusted.
    void apply(const config::Settings& settings);
    /// Reads the table; waits for the catalog.
    [[nodiscard]] Result<void> load(catalog::Catalog& catalog);
    /// Once a second: hands new bans to the catalog, which writes them on its own thread.
    void tick(catalog::Catalog& catalog);
    void registerMetrics(observe::Metrics& metrics,
                         std::vector<observe::Metrics::Registration>& registrations);

private:
    const Clock& clock_;
    observe::Log& log_;
    const std::size_t capacity_;
    std::chrono::seconds remembered_{0};
    std::function<void(const policy::BanRecord&)> banned_;
    http::ProxyWatch watch_;
    policy::BanBook book_; ///< after watch_, which it asks
};

/// Rows of the catalog as the book has them, and back. InvalidArgument where the address is none.
[[nodiscard]] Result<policy::BanRecord> toRecord(const catalog::Ban& ban);
[[nodiscard]] catalog::Ban toRow(const policy::BanRecord& record);

} // namespace spillway::engine
