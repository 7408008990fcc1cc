// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/link.h"
#include "server/base/blockingpool.h"
#include "server/body/filecache.h"
#include "server/catalog/linkcache.h"
#include "server/download/counting.h"
#include "server/download/fileanswer.h"
#include "server/download/httpsrules.h"
#include "server/download/limitstage.h"
#include "server/download/rules.h"
#include "server/download/targetcache.h"
#include "server/http/exchange.h"
#include "server/observe/health.h"
#include "server/policy/banbook.h"
#include "server/policy/bandwidth.h"
#include "server/policy/failuresink.h"

namespace spillway::download {

/// What all workers' pipelines share. The engine owns it.
struct SharedParts
{
    RulesBoard& board;
    catalog::LinkCache& links;
    Recipients& recipients;
    BlockingPool& pool;
    policy::BandwidthTable& rates;
    policy::LimitTree& limits;
    observe::Health& health;
    const Clock& clock;
    policy::FailureSink* failures = nullptr; ///< told of wrong credentials; null: nobody counts them
    const policy::BanBook* bans = nullptr;   ///< null: nobody is banned
};

/// The public listener's request handler: link → auth → limits → look-up → count → body. One per worker, on
/// its thread.
///
///     handle ── known target, hot file ──────────────────────────► FileAnswer::sendReady
///        └─ route ─ /s/ ─ share public? ──────────┐
///                 ├ /d/ ─ signature ─ link record ─┼─ openTarget ─ LimitStage ─ file cache
///                 ├ /p/ ─ signature, URL's rules ──┘         └─ of a /d/: Counting ─ FileAnswer::send, or
///                 listing └ /healthz, /readyz, /, /robots.txt, /favicon.ico
///
/// Before all that, a banned client gets 403 and no more. A signature is checked before anything is looked
/// up, so a forgery costs no I/O. What blocks (SQL, opens) parks the request. 403 has one body for every
/// reason: it does not tell what exists.
class Pipeline final : public http::RequestHandler
{
public:
    Pipeline(SharedParts parts, body::FileCache& files, body::Post post, std::size_t targetLimit);
    void handle(http::Exchange& exchange) override;
    /// Worker thread, as all else: at the start, and when a reload has changed them.
    void setHttps(HttpsRules rules) { https_ = rules; }
    void setAcmeFolder(std::string folder) { acmeFolder_ = std::move(folder); }

private:
    void refuseBanned(http::Exchange& exchange, std::int64_t until);
    [[nodiscard]] bool answerKnown(http::Exchange& exchange);
    [[nodiscard]] bool unchanged(body::CachedFile& file);
    void refreshRules();
    void route(http::Exchange& exchange);
    void routeShare(http::Exchange& exchange);
    void routeLink(http::Exchange& exchange);
    void routePresigned(http::Exchange& exchange);
    void linkFound(http::Exchange& exchange, const std::string& id, std::uint64_t epoch,
                   const Result<catalog::LinkCache::LinkPtr>& link);
    void admitLink(http::Exchange& exchange, const catalog::LinkCache::LinkPtr& link, std::uint64_t epoch);
    void openTarget(http::Exchange& exchange, Target target);
    void opened(http::Exchange& exchange, const Target& target, const std::shared_ptr<body::CachedFile>& file,
                const Error* error);
    void answerFile(http::Exchange& exchange, const Target& target,
                    const std::shared_ptr<body::CachedFile>& file);
    void answerFolder(http::Exchange& exchange, const Target& target);
    [[nodiscard]] bool answerPreviewBot(http::Exchange& exchange, const Target& target,
                                        const body::CachedFile* file);
    void remember(http::Exchange& exchange, const Target& target,
                  const std::shared_ptr<body::CachedFile>& file);
    void answerRoot(http::Exchange& exchange);
    void refuse(http::Exchange& exchange);
    void refuse(http::Exchange& exchange, auth::LinkVerdict verdict);
    void reportFailure(const http::Exchange& exchange, policy::FailureKind kind, std::string_view what) const;
    void label(http::Exchange& exchange, const Target& target);

    SharedParts parts_;
    body::FileCache& files_;
    body::Post post_;
    TargetCache targets_;
    FileAnswer fileAnswer_;
    LimitStage limits_;
    Counting counting_;
    std::uint64_t rulesEpoch_ = 0;
    std::shared_ptr<const Rules> rules_;
    HttpsRules https_;
    std::string acmeFolder_;
};

} // namespace spillway::download
