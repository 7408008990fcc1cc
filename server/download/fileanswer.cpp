// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/fileanswer.h"

#include "server/body/multirange.h"
#include "server/http/conditional.h"
#include "server/http/disposition.h"
#include "server/http/httpdate.h"
#include "server/http/multipart.h"
#include "server/http/query.h"
#include "server/http/range.h"
#include "server/net/worker.h"

#include <algorithm>
#include <array>

namespace spillway::download {

namespace {

/// Types that a browser may run script in. They are shown in an origin of their own (CSP sandbox), so nothing
/// that is shared can act as this server's pages. Not a PDF: what its script can do is its viewer's to say,
/// which has an origin of its own, and Safari shows none in a sandbox.
bool isActive(std::string_view mediaType)
{
    const std::string_view bare = mediaType.substr(0, mediaType.find(';'));
    return bare == "text/html" || bare == "application/xhtml+xml" || bare == "image/svg+xml" ||
           bare == "text/xml" || bare == "application/xml" || bare.ends_with("+xml") ||
           bare == "text/javascript";
}

http::Validators validatorsOf(const body::CachedFile& file, std::int64_t now)
{
    // Never later than Date (RFC 9110 §8.8.2.1).
    return {{file.file->entityTag(), false}, std::min(file.file->lastModified(), now)};
}

} // namespace

net::Segment wholeFile(const std::shared_ptr<body::CachedFile>& file)
{
    if (file->hot)
        return file->content();
    return net::Segment::fileRange(file->file, 0, file->file->size());
}

void FileAnswer::validatorFields(http::HeadWriter& writer, const ShareRule& share, Audience audience,
                                 const body::CachedFile& file, std::int64_t now) const
{
    writer.field("ETag", file.file->entityTag());
    char date[http::kHttpDateBytes];
    // Never later than Date (RFC 9110 §8.8.2.1).
    http::formatHttpDate(std::min(file.file->lastModified(), now), date);
    writer.field("Last-Modified", std::string_view(date, sizeof date));
    if (audience == Audience::Public) {
        writer.lines(share.cacheControl);
    } else {
        writer.lines(kPrivateFields);
        writer.lines("Vary: Accept, Sec-Fetch-Dest\r\n"); // people may get a page in its place
    }
}

void FileAnswer::fields(http::HeadWriter& writer, const ShareRule& share, Audience audience,
                        const body::CachedFile& file, std::int64_t now, bool attachment) const
{
    writer.lines("Accept-Ranges: bytes\r\n");
    if (!file.digest.empty())
        writer.field("Repr-Digest", file.digest);
    validatorFields(writer, share, audience, file, now);
    writer.field("Content-Disposition",
                 http::contentDisposition(
                     attachment ? http::Disposition::Attachment : http::Disposition::Inline, file.name));
    writer.lines("X-Content-Type-Options: nosniff\r\n");
    if (isActive(file.mediaType))
        writer.lines("Content-Security-Policy: sandbox\r\n");
}

bool FileAnswer::sendsBytes(const http::Exchange& exchange, const body::CachedFile& file)
{
    const http::RequestHead& head = exchange.head();
    const std::int64_t now = exchange.wallSecond();
    const http::Validators validators = validatorsOf(file, now);
    if (exchange.isHead() || file.file->size() == 0 ||
        http::evaluate(head, validators, now) != http::Precondition::Proceed)
        return false;
    return !head.range.data() || !http::ifRangeHolds(head.ifRange, validators, now) ||
           http::parseRange(head.range, file.file->size()).outcome() !=
               http::RangeSet::Outcome::Unsatisfiable;
}

void FileAnswer::follow(http::Exchange& exchange, const Target& target, const body::CachedFile& file,
                        std::vector<BodyPiece> pieces)
{
    const RecipientPtr& recipient = target.taking.recipient;
    if (!recipient || exchange.isHead() || file.file->size() == 0)
        return;
    LinkFile followed{std::string(pathBelowLink(target)), file.file->entityTag(), file.file->size()};
    if (recipient->covers(followed.tag()))
        return;
    if (auto watcher =
            CoverageWatcher::make(recipients_, recipient, std::move(followed), std::move(pieces), clock_))
        exchange.watch(std::move(watcher));
}

void FileAnswer::send(http::Exchange& exchange, const Target& target,
                      const std::shared_ptr<body::CachedFile>& file)
{
    const http::RequestHead& head = exchange.head();
    const std::int64_t now = exchange.wallSecond();
    const http::Validators validators = validatorsOf(*file, now);
    switch (http::evaluate(head, validators, now)) {
    case http::Precondition::NotModified: {
        validatorFields(exchange.begin(304), *target.share, target.audience, *file, now);
        exchange.answerEmpty();
        return;
    }
    case http::Precondition::Failed: {
        exchange.fail(412, "The file is not the one that this request asks for.");
        return;
    }
    case http::Precondition::Proceed:
        break;
    }
    const auto forced = http::Query(head.rawQuery).find("dl");
    const bool attachment = forced && forced->rawValue != "inline";
    const bool ranged = !exchange.isHead() && head.range.data() != nullptr &&
                        http::ifRangeHolds(head.ifRange, validators, now);
    if (ranged) {
        sendRanges(exchange, target, file, now, attachment);
        return;
    }
    if (!attachment && !exchange.isHead() && !target.pacer && target.taking.fields.empty()) {
        follow(exchange, target, *file, {{0, 0, file->file->size()}});
        labelDownload(exchange, target, true);
        sendReady(exchange, *target.share, target.audience, *file);
        return;
    }
    sendWhole(exchange, target, file, now, attachment);
}

void FileAnswer::sendWhole(http::Exchange& exchange, const Target& target,
                           const std::shared_ptr<body::CachedFile>& file, std::int64_t now, bool attachment)
{
    labelDownload(exchange, target, true);
    http::HeadWriter& writer = exchange.begin(200);
    writer.field("Content-Type", file->mediaType);
    fields(writer, *target.share, target.audience, *file, now, attachment);
    writer.lines(target.taking.fields);
    follow(exchange, target, *file, {{0, 0, file->file->size()}});
    net::Body body;
    body.pacer = target.pacer;
    if (!exchange.isHead())
        body.segments.push_back(wholeFile(file));
    exchange.answer(std::move(body), file->file->size());
}

void FileAnswer::sendRanges(http::Exchange& exchange, const Target& target,
                            const std::shared_ptr<body::CachedFile>& file, std::int64_t now, bool attachment)
{
    const std::uint64_t size = file->file->size();
    const http::RangeSet set = http::parseRange(exchange.head().range, size);
    switch (set.outcome()) {
    case http::RangeSet::Outcome::Unsatisfiable:
        exchange.fail(416, "The file has no such bytes.",
                      "Content-Range: " + http::unsatisfiedContentRange(size) + "\r\n");
        return;
    case http::RangeSet::Outcome::Whole:
        sendWhole(exchange, target, file, now, attachment);
        return;
    case http::RangeSet::Outcome::Partial:
        break;
    }
    const std::array<net::Segment, 1> whole{wholeFile(file)};
    http::HeadWriter& writer = exchange.begin(206);
    const auto ranges = set.ranges();
    labelDownload(exchange, target, http::hasFirstByte(ranges));
    std::string boundary;
    if (ranges.size() == 1) {
        writer.field("Content-Type", file->mediaType);
        writer.field("Content-Range", http::contentRange(ranges.front(), size));
    } else {
        boundary = http::randomBoundary();
        writer.field("Content-Type", http::multipartContentType(boundary));
    }
    fields(writer, *target.share, target.audience, *file, now, attachment);
    writer.lines(target.taking.fields);
    const http::MultipartForm form{boundary, file->mediaType, size};
    follow(exchange, target, *file, bodyPieces(ranges, form));
    auto parts = body::rangesBody(whole, ranges, form);
    net::Body body;
    body.pacer = target.pacer;
    body.segments = std::move(parts.segments);
    exchange.answer(std::move(body), parts.length);
}

void FileAnswer::sendReady(http::Exchange& exchange, const ShareRule& share, Audience audience,
                           body::CachedFile& file)
{
    auto& ready = file.ready[static_cast<std::size_t>(audience)];
    const std::int64_t now = exchange.wallSecond();
    if (!ready) {
        writer_.begin(200);
        writer_.date(now);
        writer_.field("Content-Type", file.mediaType);
        fields(writer_, share, audience, file, now, false);
        writer_.field("Content-Length", std::uint64_t{file.file->size()});
        writer_.finish();
        auto answer = std::make_shared<body::ReadyAnswer>();
        answer->headLength = writer_.text().size();
        answer->dateOffset = writer_.dateOffset();
        answer->dateSecond = now;
        const net::Segment content = file.hot ? file.content() : net::Segment{};
        answer->bytes.reserve(answer->headLength + content.length);
        answer->bytes.append(writer_.text()).append(content.data, content.length);
        file.setReady(static_cast<std::size_t>(audience), std::move(answer));
    } else if (ready->dateSecond != now) {
        char date[http::kHttpDateBytes];
        http::formatHttpDate(now, date);
        std::copy(std::begin(date), std::end(date),
                  ready->bytes.begin() + static_cast<std::ptrdiff_t>(ready->dateOffset));
        ready->dateSecond = now;
    }
    if (!file.hot) {
        exchange.answerFile(ready->bytes, file.file, file.file->size(), 200);
        return;
    }
    exchange.worker().counters().add(observe::Counter::HotCacheHit);
    exchange.worker().counters().add(observe::Counter::HotCacheServedBytes, file.file->size());
    exchange.answerWhole(ready, ready->bytes, ready->headLength, 200);
}

} // namespace spillway::download
