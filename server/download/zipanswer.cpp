// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/zipanswer.h"

#include "server/http/conditional.h"
#include "server/http/disposition.h"
#include "server/http/headwriter.h"
#include "server/http/query.h"
#include "server/http/range.h"
#include "server/net/worker.h"

namespace spillway::download {

namespace {

constexpr std::string_view kType = "application/zip";
constexpr std::string_view kSelected = "sel";
constexpr std::string_view kRetryChecksums = "Retry-After: 10\r\n";

http::Validators validatorsOf(const body::ZipPlan& plan)
{
    // No Last-Modified: a folder from which a file was taken away has no later date for it.
    return {{plan.entityTag(), false}, std::nullopt};
}

/// The Range field where it counts, else null.
std::string_view rangeOf(const http::Exchange& exchange, const body::ZipPlan& plan)
{
    const http::RequestHead& head = exchange.head();
    const bool counts = !exchange.isHead() && head.range.data() &&
                        http::ifRangeHolds(head.ifRange, validatorsOf(plan), exchange.wallSecond());
    return counts ? head.range : std::string_view();
}

std::optional<std::vector<std::string>> selectionOf(std::string_view rawQuery)
{
    std::vector<std::string> names;
    for (const http::QueryParameter& parameter : http::Query(rawQuery)) {
        if (!parameter.nameIs(kSelected))
            continue;
        auto name = parameter.value();
        if (!name)
            return std::nullopt;
        names.emplace_back(withoutSlash(*name));
    }
    return names;
}

/// As the recipient knows the folder.
std::string archiveName(const Target& target)
{
    std::string_view name = std::string_view(target.path).substr(target.path.rfind('/') + 1);
    if (target.link && pathBelowLink(target).empty())
        name = target.link->name;
    else if (name.empty())
        name = target.share->share.name;
    return std::string(name) + ".zip";
}

void labelZip(http::Exchange& exchange, const Target& target)
{
    label(exchange, target);
    exchange.labels.route = observe::Route::Zip;
}

/// What has become of what a request waits for; whoever sets it wakes the request after that. Apart from the
/// request, whose parts end on its worker's thread.
struct Outcome
{
    Result<body::ZipPlanPtr> plan = body::ZipPlanPtr();
    bool good = true; ///< the checksum is there
};

} // namespace

struct ZipAnswer::Wait
{
    Target target;
    Then then;
    std::string_view late; ///< the sentence for who has waited too long
    std::string_view lateFields;
    std::shared_ptr<Outcome> outcome;
    body::ZipChecksums::Ticket ticket{}; ///< of a checksum
};

bool ZipAnswer::isAskedFor(const http::RequestHead& head)
{
    return http::Query(head.rawQuery).contains("zip");
}

http::Parked ZipAnswer::park(http::Exchange& exchange, const std::shared_ptr<Wait>& wait) const
{
    http::Waiting waiting;
    waiting.until = exchange.worker().now() + wait_;
    waiting.go = [wait](http::Exchange& again) {
        labelZip(again, wait->target);
        const Outcome& outcome = *wait->outcome;
        if (!outcome.plan)
            failPlan(again, outcome.plan.error());
        else if (!outcome.good)
            again.fail(503, "A file of this folder changed just now; ask for the archive again.", kRetrySoon);
        else
            wait->then(again, wait->target, *outcome.plan);
    };
    waiting.late = [wait](http::Exchange& again) {
        labelZip(again, wait->target);
        again.fail(503, wait->late, wait->lateFields);
    };
    return exchange.wait(std::move(waiting));
}

void ZipAnswer::plan(http::Exchange& exchange, const Target& target, Then then)
{
    labelZip(exchange, target);
    auto selection = selectionOf(exchange.head().rawQuery);
    if (!selection) {
        exchange.fail(400, "The selection is damaged: a name in it is not percent-encoded as it should be.");
        return;
    }
    const body::ZipFolder folder{target.share->share.id, target.share->rootNumber, target.share->root,
                                 target.path, std::move(*selection)};
    if (const auto known = folders_.find(folder)) {
        then(exchange, target, known);
        return;
    }
    const auto outcome = std::make_shared<Outcome>();
    const auto parked =
        park(exchange, std::make_shared<Wait>(Wait{target, std::move(then),
                                                   "This folder is still being read; try again in a moment.",
                                                   kRetrySoon, outcome}));
    folders_.plan(folder, [outcome, parked](const Result<body::ZipPlanPtr>& plan) {
        outcome->plan = plan;
        parked.wake();
    });
}

void ZipAnswer::failPlan(http::Exchange& exchange, const Error& error)
{
    switch (error.code) {
    case ErrorCode::Unavailable:
        exchange.fail(503, "This share's folder is not there at the moment; try again later.",
                      "Retry-After: 30\r\n");
        break;
    case ErrorCode::Exhausted:
    case ErrorCode::Busy:
        failBusy(exchange);
        break;
    case ErrorCode::Unsupported:
        exchange.fail(403, "This folder has too many entries for one archive; take the folders in it.");
        break;
    case ErrorCode::PermissionDenied:
        exchange.fail(403, "The server may not read this folder.");
        break;
    case ErrorCode::InvalidArgument:
        exchange.fail(400, "The selection has a name that cannot be in a folder.");
        break;
    case ErrorCode::NotFound:
        exchange.fail(404, "The folder, or what was selected in it, is not there.");
        break;
    default:
        exchange.fail(500, "The folder cannot be read.");
    }
}

bool ZipAnswer::sendsBytes(const http::Exchange& exchange, const body::ZipPlan& plan)
{
    if (exchange.isHead() || http::evaluate(exchange.head(), validatorsOf(plan), exchange.wallSecond()) !=
                                 http::Precondition::Proceed)
        return false;
    const std::string_view range = rangeOf(exchange, plan);
    return !range.data() ||
           http::parseRange(range, plan.length()).outcome() != http::RangeSet::Outcome::Unsatisfiable;
}

void ZipAnswer::prepare(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan,
                        Then then)
{
    labelZip(exchange, target);
    const std::string_view range = rangeOf(exchange, *plan);
    const http::RangeSet set = http::parseRange(range, plan->length());
    const bool ranged = sendsBytes(exchange, *plan) && set.outcome() == http::RangeSet::Outcome::Partial;
    // All of an archive begins with its head; what its first file needs is waited for behind that.
    if (!ranged || body::ZipFolders::isAtHand(*plan, set.ranges().front().first)) {
        then(exchange, target, plan);
        return;
    }
    const auto outcome = std::make_shared<Outcome>();
    outcome->plan = plan;
    const auto wait = std::make_shared<Wait>(
        Wait{target, std::move(then),
             "The checksums that this part of the archive needs are still being computed; try again in a "
             "moment.",
             kRetryChecksums, outcome});
    const auto parked = park(exchange, wait);
    wait->ticket = folders_.prepare(plan, set.ranges().front().first, [outcome, parked](bool good) {
        outcome->good = good;
        parked.wake();
    });
}

void ZipAnswer::fields(http::HeadWriter& writer, const Target& target, const body::ZipPlan& plan)
{
    writer.lines("Accept-Ranges: bytes\r\n");
    writer.field("ETag", plan.entityTag());
    writer.lines(target.audience == Audience::Public ? std::string_view("Cache-Control: no-cache\r\n")
                                                     : kPrivateFields);
    writer.field("Content-Disposition",
                 http::contentDisposition(http::Disposition::Attachment, archiveName(target)));
    writer.lines("X-Content-Type-Options: nosniff\r\n");
    writer.lines(target.taking.fields);
}

void ZipAnswer::send(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan)
{
    labelZip(exchange, target);
    switch (http::evaluate(exchange.head(), validatorsOf(*plan), exchange.wallSecond())) {
    case http::Precondition::NotModified: {
        http::HeadWriter& writer = exchange.begin(304);
        writer.field("ETag", plan->entityTag());
        writer.lines(target.audience == Audience::Public ? std::string_view("Cache-Control: no-cache\r\n")
                                                         : kPrivateFields);
        exchange.answerEmpty();
        return;
    }
    case http::Precondition::Failed:
        exchange.fail(412, "The folder is not as it was when this archive was begun.");
        return;
    case http::Precondition::Proceed:
        break;
    }
    if (rangeOf(exchange, *plan).data()) {
        sendRanges(exchange, target, plan);
        return;
    }
    sendWhole(exchange, target, plan);
}

void ZipAnswer::sendWhole(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan)
{
    labelDownload(exchange, target, true, observe::DownloadOf::What::Archive);
    http::HeadWriter& writer = exchange.begin(200);
    writer.field("Content-Type", kType);
    fields(writer, target, *plan);
    sendBody(exchange, target, plan, {{{}, 0, plan->length()}}, {{0, 0, plan->length()}}, plan->length());
}

void ZipAnswer::sendRanges(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan)
{
    const http::RangeSet set = http::parseRange(exchange.head().range, plan->length());
    const auto ranges = set.ranges();
    std::vector<body::ZipStretch> stretches;
    switch (set.outcome()) {
    case http::RangeSet::Outcome::Unsatisfiable:
        exchange.fail(416, "The archive has no such bytes.",
                      "Content-Range: " + http::unsatisfiedContentRange(plan->length()) + "\r\n");
        return;
    case http::RangeSet::Outcome::Whole:
        sendWhole(exchange, target, plan);
        return;
    case http::RangeSet::Outcome::Partial:
        break;
    }
    labelDownload(exchange, target, http::hasFirstByte(ranges), observe::DownloadOf::What::Archive);
    http::HeadWriter& writer = exchange.begin(206);
    const std::string boundary = http::randomBoundary();
    const http::MultipartForm form{boundary, kType, plan->length()};
    std::uint64_t length = ranges.front().length();
    if (ranges.size() == 1) {
        writer.field("Content-Type", kType);
        writer.field("Content-Range", http::contentRange(ranges.front(), plan->length()));
        stretches.push_back({{}, ranges.front().first, length});
    } else {
        writer.field("Content-Type", http::multipartContentType(boundary));
        auto which = http::Part::First;
        for (const http::ByteRange& range : ranges) {
            stretches.push_back({http::partHead(form, range, which), range.first, range.length()});
            which = http::Part::Later;
        }
        stretches.push_back({http::closingDelimiter(boundary), 0, 0});
        length = http::multipartLength(form, ranges);
    }
    fields(writer, target, *plan);
    sendBody(exchange, target, plan, std::move(stretches), bodyPieces(ranges, form), length);
}

void ZipAnswer::sendBody(http::Exchange& exchange, const Target& target, const body::ZipPlanPtr& plan,
                         std::vector<body::ZipStretch> stretches, std::vector<BodyPiece> pieces,
                         std::uint64_t length)
{
    net::Body body;
    body.pacer = target.pacer;
    if (!exchange.isHead()) {
        body.source = folders_.send(plan, std::move(stretches), post_);
        if (const RecipientPtr& recipient = target.taking.recipient) {
            // No name can hold a slash, so it is nobody else's path in the receipt.
            LinkFile file{std::string(pathBelowLink(target)) + "/?zip", plan->entityTag(), plan->length()};
            if (!recipient->covers(file.tag()))
                if (auto watcher = CoverageWatcher::make(recipients_, recipient, std::move(file),
                                                         std::move(pieces), clock_))
                    exchange.watch(std::move(watcher));
        }
    }
    exchange.answer(std::move(body), length);
}

} // namespace spillway::download
