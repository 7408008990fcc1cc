// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/link.h"
#include "server/auth/passwordchecker.h"
#include "server/base/blockingpool.h"
#include "server/body/filecache.h"
#include "server/catalog/linkcache.h"
#include "server/download/counting.h"
#include "server/download/digestanswer.h"
#include "server/download/fileanswer.h"
#include "server/download/httpsrules.h"
#include "server/download/limitstage.h"
#include "server/download/rules.h"
#include "server/download/runninganswers.h"
#include "server/download/targetcache.h"
#include "server/download/zipanswer.h"
#include "server/http/exchange.h"
#include "server/observe/health.h"
#include "server/policy/banbook.h"
#include "server/policy/failuresink.h"

namespace spillway::catalog {
class FileIndex;
}
namespace spillway::pages {
struct FilePage;
}

namespace spillway::download {

/// What all workers' pipelines share. The engine owns it.
struct SharedParts
{
    RulesBoard& board;
    catalog::LinkCache& links;
    Recipients& recipients;
    BlockingPool& pool;
    policy::LimitTree& limits;
    observe::Health& health;
    const Clock& clock;
    policy::FailureSink* failures = nullptr;    ///< told of wrong credentials; null: nobody counts them
    const policy::BanBook* bans = nullptr;      ///< null: nobody is banned
    auth::PasswordChecker* passwords = nullptr; ///< of links; null: such links do not open
    body::ZipFolders* zips = nullptr;           ///< null: folders are listed only
    std::chrono::milliseconds zipWait{45'000};  ///< see ZipAnswer
    Digests* digests = nullptr;                 ///< null: no digests of files
    std::chrono::milliseconds digestWait{3000}; ///< see DigestAnswer
};

/// The public listener's request handler: link → auth → limits → look-up → count → body. One per worker, on
/// its thread.
///
///     handle ── known target, hot file ──────────────────────────► FileAnswer::sendReady
///        └─ route ─ /s/ ─ share public? ──────────┐
///                 ├ /d/ ─ signature ─ link record ─┼─ openTarget ─ LimitStage ─ file cache
///                 ├ /p/ ─ signature, URL's rules ──┘       └─ of a /d/: Counting ─ FileAnswer::send, or
///                 │                                          listing, or the file's page for people
///                 └ /healthz, /readyz, /, /robots.txt, /favicon.ico, /.spillway/ (what pages look like)
///
/// Before all that, a banned client gets 403 and no more. A signature is checked before anything is looked
/// up, so a forgery costs no I/O. What blocks (SQL, opens) parks the request. 403 has one body for every
/// reason: it does not tell what exists.
class Pipeline final : public http::RequestHandler
{
public:
    Pipeline(SharedParts parts, body::FileCache& files, body::Post post, std::size_t targetLimit);
    void handle(http::Exchange& exchange) override;
    [[nodiscard]] http::FailurePage failurePage(const http::Exchange& exchange,
                                                const http::Failure& failure) const override;
    [[nodiscard]] std::unique_ptr<http::AnswerWatcher> follow(http::Exchange& exchange,
                                                              net::Connection& connection) override;
    [[nodiscard]] bool accepted(net::Connection& connection) override { return limits_.accepted(connection); }

    /// Other limits are in force: answers that go out obey.
    void limitsChanged(net::Worker& worker);
    /// So may the records of these links.
    void linksChanged(const std::vector<std::string>& ids);

    /// Worker thread, as all else: at the start, and when a reload has changed them.
    void setHttps(HttpsRules rules) { https_ = rules; }
    void setAcmeFolder(std::string folder) { acmeFolder_ = std::move(folder); }
    /// A form of ours has up to 4 KiB; nothing else has a body.
    [[nodiscard]] std::size_t bodyLimit(const http::RequestHead& head) const override;

    /// Ends the answers whose right is gone. To be called a few times a second while there are any that go
    /// out by one: `told` hears when that begins and ends.
    void enforce();
    void onRunning(std::function<void(bool)> told);

private:
    [[nodiscard]] bool refusePaused(http::Exchange& exchange);
    void refuseBanned(http::Exchange& exchange, std::int64_t until);
    /// Says, while an answer is given to the session, by what right and under whose limits it goes out.
    class Answering
    {
    public:
        Answering(Pipeline& pipeline, const std::shared_ptr<const Right>& right,
                  const LimitSubjects& subjects, std::uint64_t epoch,
                  const std::shared_ptr<policy::Admission>& admission = nullptr)
            : pipeline_(pipeline), limited_(pipeline.limits_, subjects, epoch, admission)
        {
            pipeline_.answering_ = &right;
            pipeline_.answeringEpoch_ = epoch;
        }
        ~Answering() { pipeline_.answering_ = nullptr; }
        Answering(const Answering&) = delete;
        Answering& operator=(const Answering&) = delete;

    private:
        Pipeline& pipeline_;
        LimitStage::Answering limited_;
    };
    [[nodiscard]] bool answerKnown(http::Exchange& exchange);
    [[nodiscard]] bool unchanged(body::CachedFile& file);
    void refreshRules();
    void route(http::Exchange& exchange);
    void routeShare(http::Exchange& exchange);
    void postShare(http::Exchange& exchange);
    [[nodiscard]] auth::TokenTable::TokenPtr shownToken(const http::Exchange& exchange) const;
    [[nodiscard]] auth::TokenTable::TokenPtr goodToken(const http::Exchange& exchange,
                                                       std::string_view text) const;
    void refuseShare(http::Exchange& exchange, bool wrong);
    void letIn(http::Exchange& exchange, const auth::KnownToken& token, std::string_view share);
    [[nodiscard]] std::string sharePathForCookies(std::string_view share) const;
    void showSignOut(http::Exchange& exchange) const;
    void routeLink(http::Exchange& exchange);
    void passLink(http::Exchange& exchange, const catalog::LinkCache::LinkPtr& link, std::uint64_t epoch);
    [[nodiscard]] bool hasPasswordCookie(const http::Exchange& exchange, const catalog::Link& link) const;
    void askPassword(http::Exchange& exchange, const catalog::LinkCache::LinkPtr& link, std::uint64_t epoch);
    void postLink(http::Exchange& exchange, const catalog::LinkCache::LinkPtr& link);
    void checkPassword(http::Exchange& exchange, const catalog::Link& link, const std::string& password,
                       std::function<void(http::Exchange&, bool)> then);
    void refusePassword(http::Exchange& exchange, bool wrong) const;
    void routePresigned(http::Exchange& exchange);
    [[nodiscard]] RunningAnswers::Verdict judge(RunningAnswers::Item& item, std::int64_t now);
    [[nodiscard]] RunningAnswers::Verdict judgeLink(RunningAnswers::Item& item, std::int64_t now);
    void linkFound(http::Exchange& exchange, const std::string& id, std::uint64_t epoch,
                   const Result<catalog::LinkCache::LinkPtr>& link);
    void admitLink(http::Exchange& exchange, const catalog::LinkCache::LinkPtr& link, std::uint64_t epoch);
    void openTarget(http::Exchange& exchange, Target target);
    void admitted(http::Exchange& exchange, Target target);
    void lookUp(http::Exchange& exchange, Target target);
    void opened(http::Exchange& exchange, const Target& target, const std::shared_ptr<body::CachedFile>& file,
                const Error* error);
    void answerFile(http::Exchange& exchange, const Target& target,
                    const std::shared_ptr<body::CachedFile>& file);
    void answerFolder(http::Exchange& exchange, const Target& target);
    [[nodiscard]] bool answerPreviewBot(http::Exchange& exchange, const Target& target,
                                        const body::CachedFile* file);
    [[nodiscard]] std::string grantFor(const http::Exchange& exchange, const std::string& link) const;
    void showFilePage(http::Exchange& exchange, const Target& target,
                      const std::shared_ptr<body::CachedFile>& file);
    void answerFilePage(http::Exchange& exchange, pages::FilePage& page);
    void sendDigest(http::Exchange& exchange, const Target& target,
                    const std::shared_ptr<body::CachedFile>& file);
    void countFile(http::Exchange& exchange, const Target& target,
                   const std::shared_ptr<body::CachedFile>& file);
    void sendFile(http::Exchange& exchange, const Target& target,
                  const std::shared_ptr<body::CachedFile>& file);
    void sendListing(http::Exchange& exchange, const Target& target);
    void answerZip(http::Exchange& exchange, const Target& target);
    void sendZip(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan);
    void remember(http::Exchange& exchange, const Target& target,
                  const std::shared_ptr<body::CachedFile>& file);
    void answerRoot(http::Exchange& exchange);
    void refuse(http::Exchange& exchange);
    void refuse(http::Exchange& exchange, auth::LinkVerdict verdict);
    void refuseLink(http::Exchange& exchange, const catalog::Link& link);
    void reportFailure(const http::Exchange& exchange, policy::FailureKind kind, std::string_view what) const;

    SharedParts parts_;
    body::FileCache& files_;
    body::Post post_;
    TargetCache targets_;
    FileAnswer fileAnswer_;
    std::optional<ZipAnswer> zipAnswer_;
    std::optional<DigestAnswer> digestAnswer_;
    LimitStage limits_;
    RunningAnswers running_;
    std::unordered_set<std::string> loading_; ///< links whose records judgeLink() waits for
    const std::shared_ptr<const Right>* answering_ = nullptr;
    std::uint64_t answeringEpoch_ = 0;
    std::shared_ptr<policy::Admission> kept_; ///< while a request that waited is judged again
    Counting counting_;
    std::uint64_t rulesEpoch_ = 0;
    std::shared_ptr<const Rules> rules_;
    HttpsRules https_;
    std::string acmeFolder_;
};

} // namespace spillway::download
