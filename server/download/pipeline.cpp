// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/pipeline.h"

#include "server/download/access.h"
#include "server/download/acmeanswer.h"
#include "server/download/credentials.h"
#include "server/download/grant.h"
#include "server/download/pageanswer.h"
#include "server/download/staticpages.h"
#include "server/http/headwriter.h"
#include "server/http/httpdate.h"
#include "server/http/query.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"
#include "server/pages/messagepage.h"

#include <charconv>
#include <limits>

namespace spillway::download {

namespace {

/// The largest form of ours.
constexpr std::size_t kMaxForm = 4096;

bool hasConditions(const http::RequestHead& head)
{
    return head.range.data() || head.ifNoneMatch.data() || head.ifModifiedSince.data() ||
           head.ifMatch.data() || head.ifUnmodifiedSince.data() || head.wantReprDigest.data();
}

/// The seconds of "Retry-After: 5" among `fields`; 0: there is none.
std::int64_t retryAfterIn(std::string_view fields)
{
    constexpr std::string_view name = "Retry-After: ";
    std::int64_t seconds = 0;
    if (const auto at = fields.find(name); at != std::string_view::npos)
        std::from_chars(fields.data() + at + name.size(), fields.data() + fields.size(), seconds);
    return seconds;
}

} // namespace

Pipeline::Pipeline(SharedParts parts, body::FileCache& files, body::Post post, std::size_t targetLimit)
    : parts_(parts), files_(files), post_(std::move(post)), targets_(targetLimit),
      fileAnswer_(parts.recipients, parts.clock),
      limits_(parts.limits,
              [this](http::Exchange& exchange, Target target) { admitted(exchange, std::move(target)); }),
      counting_(parts.recipients, targetLimit), rules_(parts.board.rules())
{
    counting_.setSigner(rules_->signer);
    if (parts_.zips)
        zipAnswer_.emplace(*parts_.zips, parts_.recipients, post_, parts_.clock, parts_.zipWait);
    if (parts_.digests)
        digestAnswer_.emplace(*parts_.digests, post_, parts_.digestWait);
}

std::size_t Pipeline::bodyLimit(const http::RequestHead& head) const
{
    const bool form = head.method == http::Method::Post && isForm(head) &&
                      (head.path.starts_with("/s/") || head.path.starts_with("/d/"));
    return form ? kMaxForm : 0;
}

void Pipeline::handle(http::Exchange& exchange)
{
    if (parts_.bans) {
        if (const auto until = parts_.bans->isBanned(exchange.client().address, exchange.wallSecond())) {
            refuseBanned(exchange, *until);
            return;
        }
    }
    if (parts_.health.is(observe::Mode::Paused) && refusePaused(exchange)) [[unlikely]]
        return;
    refreshRules();
    if (https_.plain != HttpsRules::Plain::Serve && !admitPlain(exchange, https_))
        return;
    const http::RequestHead& head = exchange.head();
    if (head.method == http::Method::Get && !hasConditions(head) && answerKnown(exchange))
        return;
    switch (head.method) {
    case http::Method::Get:
    case http::Method::Head:
        route(exchange);
        return;
    case http::Method::Post:
        if (head.path.starts_with("/s/"))
            return postShare(exchange);
        if (head.path.starts_with("/d/"))
            return routeLink(exchange);
        break;
    case http::Method::Options:
        exchange.begin(204).lines(kAllow);
        exchange.answerEmpty();
        return;
    case http::Method::Other:
        exchange.fail(501, "This server does not know that method.");
        return;
    default:
        break;
    }
    exchange.fail(405, "Only GET, HEAD and OPTIONS are possible here.", kAllow);
}

/// The connection ends with it: a proxy may bring others on it, but who guesses must come anew each time.
void Pipeline::refuseBanned(http::Exchange& exchange, std::int64_t until)
{
    exchange.worker().counters().add(observe::Counter::RefusedBanned);
    exchange.closeAfter();
    if (until == std::numeric_limits<std::int64_t>::max()) {
        exchange.fail(403, "Your address is banned here.");
        return;
    }
    char date[http::kHttpDateBytes];
    http::formatHttpDate(until, date);
    exchange.fail(403, "Your address is banned here until " + std::string(date, sizeof date) + ".");
}

/// Pages that tell how the server does go on.
bool Pipeline::refusePaused(http::Exchange& exchange)
{
    const std::string_view path = exchange.head().path;
    if (!path.starts_with("/s/") && !path.starts_with("/d/") && !path.starts_with("/p/"))
        return false;
    exchange.fail(503, "Downloads are paused here; try again later.", "Retry-After: 60\r\n");
    return true;
}

void Pipeline::refreshRules()
{
    // The epoch first: rules that are published between the two loads are fetched again at the next request.
    if (const auto epoch = parts_.board.epoch(); epoch != rulesEpoch_) {
        rules_ = parts_.board.rules();
        rulesEpoch_ = epoch;
        limits_.setRules(*rules_, epoch);
        counting_.setSigner(rules_->signer);
    }
}

bool Pipeline::answerKnown(http::Exchange& exchange)
{
    TargetCache::Entry* entry = targets_.find(exchange.head().rawTarget);
    if (!entry || entry->epoch != rulesEpoch_ ||
        (entry->expiresAt != 0 && exchange.wallSecond() >= entry->expiresAt) ||
        (entry->page && wantsFilePage(exchange.head())) ||
        (entry->tag != 0 && !counting_.passes(exchange, entry->linkId, entry->limited, entry->tag)))
        return false;
    const auto file = entry->file.lock();
    const Monotonic now = exchange.worker().now();
    if (!file || (digestAnswer_ && now >= file->digestAskAt) || !files_.use(*file, now) || !unchanged(*file))
        return false;
    exchange.labels.route = entry->route;
    exchange.labels.share = entry->share->share.name;
    exchange.labels.link = entry->linkId;
    if (entry->right && entry->right->token)
        exchange.labels.token = entry->right->token->record.id;
    switch (limits_.admitKnown(exchange, entry->limits.get())) {
    case LimitStage::Known::Admitted:
        break;
    case LimitStage::Known::Answered:
        return true;
    case LimitStage::Known::LongWay:
        return false;
    }
    exchange.labels.download = {observe::DownloadOf::What::File, true, entry->path};
    const Answering answering(*this, entry->right, entry->subjects, entry->epoch);
    fileAnswer_.sendReady(exchange, *entry->share, entry->audience, *file);
    return true;
}

/// A file that is sent from the disk is looked at before its head promises a length: one changed in place
/// since the cache looked would end the transfer at its first byte. Hot files answer from their copy.
bool Pipeline::unchanged(body::CachedFile& file)
{
    if (file.hot || file.file->prepare(0, 0, {}).state == net::WindowState::Ready)
        return true;
    files_.forget(file);
    return false;
}

std::unique_ptr<http::AnswerWatcher> Pipeline::follow(http::Exchange& exchange, net::Connection& connection)
{
    if (answering_ && *answering_)
        exchange.watch(running_.follow(*answering_, exchange, connection, answeringEpoch_));
    return limits_.follow(exchange, connection);
}

void Pipeline::onRunning(std::function<void(bool)> told)
{
    running_.onBusy(std::move(told));
}

void Pipeline::enforce()
{
    if (running_.size() == 0)
        return;
    refreshRules();
    const std::int64_t now = unixSeconds(parts_.clock.wall());
    running_.sweep(rulesEpoch_, now, [this, now](RunningAnswers::Item& item) { return judge(item, now); });
}

RunningAnswers::Verdict Pipeline::judge(RunningAnswers::Item& item, std::int64_t now)
{
    using Verdict = RunningAnswers::Verdict;
    const Right& right = *item.right;
    if (right.link)
        return judgeLink(item, now);
    const bool holds =
        right.token ? opens(*right.token, *rules_, now, right.share) : presignedHolds(right, *rules_, now);
    return holds ? Verdict::Holds : Verdict::Gone;
}

void Pipeline::limitsChanged(net::Worker& worker)
{
    refreshRules();
    limits_.limitsChanged(worker);
}

void Pipeline::linksChanged(const std::vector<std::string>& ids)
{
    for (const std::string& id : ids) {
        if (!limits_.follows(policy::SubjectKey::text(id)))
            continue;
        parts_.links.get(id, {}, [this, id, post = post_](const Result<catalog::LinkCache::LinkPtr>& found) {
            if (!found || !*found)
                return;
            post([this, id, link = *found] {
                limits_.linkChanged(policy::SubjectKey::text(id), link->rate, link->concurrency);
            });
        });
    }
}

void Pipeline::route(http::Exchange& exchange)
{
    const std::string_view path = exchange.head().path;
    if (http::Query(exchange.head().rawQuery).tooMany())
        exchange.fail(400, "The query has too many parameters.");
    else if (path.starts_with("/s/"))
        routeShare(exchange);
    else if (path.starts_with("/d/"))
        routeLink(exchange);
    else if (path.starts_with("/p/"))
        routePresigned(exchange);
    else if (path == "/")
        answerRoot(exchange);
    else if (path.starts_with(kAcmePath) && !acmeFolder_.empty())
        answerAcme(exchange, acmeFolder_, parts_.pool, post_);
    else if (!answerStatic(exchange, parts_.health))
        exchange.fail(404, "Nothing is shared at this address.");
}

void Pipeline::openTarget(http::Exchange& exchange, Target target)
{
    label(exchange, target);
    target.subjects.share = target.share->share.id;
    if (target.token)
        target.subjects.token = policy::SubjectKey::text(target.token->record.id);
    if (target.link) {
        target.subjects.link = policy::SubjectKey::text(target.link->id);
        target.subjects.ownRate = target.link->rate;
        target.subjects.ownDownloads = target.link->concurrency;
    }
    if (kept_)
        limits_.readmit(exchange, target, std::move(kept_));
    else if (!limits_.admit(exchange, target))
        return;
    lookUp(exchange, std::move(target));
}

/// It has waited. What was allowed before a change of the rules is judged again; its slots it has.
void Pipeline::admitted(http::Exchange& exchange, Target target)
{
    refreshRules();
    if (target.epoch == rulesEpoch_) {
        lookUp(exchange, std::move(target));
        return;
    }
    kept_ = std::move(target.admission);
    route(exchange);
    kept_.reset(); // refused, or waiting for its link's record
}

void Pipeline::lookUp(http::Exchange& exchange, Target target)
{
    label(exchange, target);
    if (auto file = files_.find(target.share->rootNumber, target.path, exchange.worker().now());
        file && unchanged(*file)) {
        answerFile(exchange, target, file);
        return;
    }
    // One allocation holds the token until the cache calls back, which it never does from inside load().
    struct Wait
    {
        http::Parked parked;
        Target target;
    };
    auto wait = std::make_shared<Wait>();
    wait->target = std::move(target);
    const bool taken =
        files_.load(wait->target.share->rootNumber, wait->target.share->root, wait->target.path,
                    [this, wait](const std::shared_ptr<body::CachedFile>& file, const Error* error) {
                        wait->parked.resume([&](http::Exchange& again) {
                            label(again, wait->target);
                            opened(again, wait->target, file, error);
                        });
                    });
    if (taken)
        wait->parked = exchange.park();
    else
        failBusy(exchange);
}

void Pipeline::opened(http::Exchange& exchange, const Target& target,
                      const std::shared_ptr<body::CachedFile>& file, const Error* error)
{
    if (file) {
        answerFile(exchange, target, file);
        return;
    }
    if (!error) {
        answerFolder(exchange, target);
        return;
    }
    switch (error->code) {
    case ErrorCode::Unavailable:
        exchange.fail(503, "This share's folder is not there at the moment; try again later.",
                      "Retry-After: 30\r\n");
        break;
    case ErrorCode::Exhausted:
    case ErrorCode::Busy:
        failBusy(exchange);
        break;
    case ErrorCode::PermissionDenied:
        exchange.fail(403, "The server may not read this file.");
        break;
    case ErrorCode::NotFound:
    case ErrorCode::InvalidArgument:
        exchange.fail(404, "Nothing is shared at this address.");
        break;
    default:
        exchange.fail(500, "The file cannot be read.");
    }
}

void Pipeline::answerFile(http::Exchange& exchange, const Target& target,
                          const std::shared_ptr<body::CachedFile>& file)
{
    // A file is not a folder: "/s/share/file/" is another address. But a share or link of one file may end
    // so.
    if (target.folderForm && !target.path.empty() && target.linkId.empty()) {
        exchange.fail(404, "Nothing is shared at this address.");
        return;
    }
    if (!target.mayDownload) {
        refuse(exchange);
        return;
    }
    if (answerPreviewBot(exchange, target, file.get()))
        return;
    if (digestAnswer_ && DigestAnswer::isAskedFor(exchange.head())) {
        sendDigest(exchange, target, file);
        return;
    }
    if (target.link && target.link->page && wantsFilePage(exchange.head())) {
        counting_.admit(exchange, target, false, [this, file](http::Exchange& again, const Target& counted) {
            showFilePage(again, counted, file);
        });
        return;
    }
    if (target.repeatable && exchange.head().method == http::Method::Get)
        remember(exchange, target, file);
    if (!digestAnswer_) {
        countFile(exchange, target, file);
        return;
    }
    digestAnswer_->find(exchange, target, file, [this, file](http::Exchange& again, const Target& found) {
        countFile(again, found, file);
    });
}

/// A line about the file is none of its bytes: it counts nothing, but a link that is used up shows none.
void Pipeline::sendDigest(http::Exchange& exchange, const Target& target,
                          const std::shared_ptr<body::CachedFile>& file)
{
    if (!target.link) {
        digestAnswer_->sendLine(exchange, target, file);
        return;
    }
    counting_.admit(exchange, target, false, [this, file](http::Exchange& again, const Target& counted) {
        digestAnswer_->sendLine(again, counted, file);
    });
}

void Pipeline::countFile(http::Exchange& exchange, const Target& target,
                         const std::shared_ptr<body::CachedFile>& file)
{
    if (!target.link) {
        sendFile(exchange, target, file);
        return;
    }
    counting_.admit(
        exchange, target, FileAnswer::sendsBytes(exchange, *file),
        [this, file](http::Exchange& again, const Target& counted) { sendFile(again, counted, file); });
}

void Pipeline::sendFile(http::Exchange& exchange, const Target& target,
                        const std::shared_ptr<body::CachedFile>& file)
{
    const Answering answering(*this, target.right, target.subjects, target.epoch, target.admission);
    fileAnswer_.send(exchange, target, file);
}

void Pipeline::remember(http::Exchange& exchange, const Target& target,
                        const std::shared_ptr<body::CachedFile>& file)
{
    const http::Query query(exchange.head().rawQuery);
    if (query.contains("dl") || query.contains(kGrantParameter))
        return;
    TargetCache::Entry entry{target.epoch,    file,         target.share,  target.linkId,   target.expiresAt,
                             target.audience, target.route, target.limits, target.subjects, target.right,
                             target.path};
    if (target.link) {
        entry.tag = LinkFile::tag(pathBelowLink(target), file->file->entityTag());
        entry.limited = target.link->maxDownloads.has_value();
        entry.page = target.link->page;
    }
    if (targets_.insert(exchange.head().rawTarget, std::move(entry)))
        exchange.worker().counters().add(observe::Counter::BoundTargetCache);
}

http::FailurePage Pipeline::failurePage(const http::Exchange& exchange, const http::Failure& failure) const
{
    const pages::View view = viewOf(exchange, *rules_);
    const pages::Problem problem{failure.status, failure.detail, retryAfterIn(failure.fields), failure.id};
    return {pages::messagePage(view, problem), pages::pageFields(view)};
}

void Pipeline::refuse(http::Exchange& exchange)
{
    exchange.fail(403, kLinkRefused);
}

void Pipeline::refuse(http::Exchange& exchange, auth::LinkVerdict verdict)
{
    if (verdict == auth::LinkVerdict::Malformed) {
        exchange.fail(400, "The link is damaged: copy it again, to its very end.");
        return;
    }
    if (verdict == auth::LinkVerdict::BadSignature)
        reportFailure(exchange, policy::FailureKind::Signature, exchange.head().rawTarget);
    refuse(exchange);
}

void Pipeline::reportFailure(const http::Exchange& exchange, policy::FailureKind kind,
                             std::string_view what) const
{
    if (parts_.failures && rules_->signer)
        parts_.failures->failed(exchange.client().address, kind,
                                rules_->signer->fingerprint("failure", what));
}

} // namespace spillway::download
