// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/digestanswer.h"

#include "server/http/headwriter.h"
#include "server/http/query.h"
#include "server/net/worker.h"

namespace spillway::download {

namespace {

/// A file that the index has not hashed yet is soon hashed.
constexpr auto kAskAgain = std::chrono::seconds(10);
constexpr auto kLongest = std::chrono::minutes(2); ///< for a line

Digests::File fileOf(const Target& target, const body::CachedFile& file)
{
    return {target.share->share.id, target.share->root, target.path, file.file->facts()};
}

void failDigest(http::Exchange& exchange, Digests::Verdict verdict)
{
    switch (verdict) {
    case Digests::Verdict::Unknown:
        exchange.fail(404,
                      "The checksum of this file is not known yet, and the file is too large to compute it "
                      "for one request.");
        break;
    case Digests::Verdict::Unreadable:
        exchange.fail(503, "The file changed while its checksum was computed; try again.", kRetrySoon);
        break;
    case Digests::Verdict::Busy:
    case Digests::Verdict::Found:
        failBusy(exchange);
    }
}

} // namespace

bool DigestAnswer::isAskedFor(const http::RequestHead& head)
{
    return http::Query(head.rawQuery).contains("sha256");
}

void DigestAnswer::sendLine(http::Exchange& exchange, const Target& target,
                            const std::shared_ptr<body::CachedFile>& file)
{
    // Apart from the request, whose parts end on its worker's thread.
    const auto answer = std::make_shared<Digests::Answer>();
    http::Waiting waiting;
    waiting.until = exchange.worker().now() + kLongest;
    waiting.go = [target, name = file->name, answer](http::Exchange& again) {
        label(again, target);
        if (answer->verdict != Digests::Verdict::Found) {
            failDigest(again, answer->verdict);
            return;
        }
        http::HeadWriter& writer = again.begin(200);
        writer.lines(target.audience == Audience::Public ? std::string_view("Cache-Control: no-cache\r\n")
                                                         : kPrivateFields);
        writer.lines("X-Content-Type-Options: nosniff\r\n");
        again.answerText("text/plain; charset=utf-8", digestLine(answer->sha256, name));
    };
    waiting.late = [target](http::Exchange& again) {
        label(again, target);
        failBusy(again);
    };
    const auto parked = exchange.wait(std::move(waiting));
    digests_.ask(fileOf(target, *file), Digests::Effort::Computed,
                 [parked, answer](const Digests::Answer& found) {
                     *answer = found;
                     parked.wake();
                 });
}

/// Not at every request: what the index has costs a query, though on a thread of its own.
void DigestAnswer::look(const Target& target, const std::shared_ptr<body::CachedFile>& file, Monotonic now)
{
    if (now < file->digestAskAt)
        return;
    file->digestAskAt = now + kAskAgain;
    digests_.ask(fileOf(target, *file), Digests::Effort::Known,
                 [post = post_, weak = std::weak_ptr(file)](const Digests::Answer& answer) {
                     if (answer.verdict != Digests::Verdict::Found)
                         return;
                     post([weak, value = digestField(answer.sha256)] {
                         if (const auto known = weak.lock())
                             known->setDigest(value);
                     });
                 });
}

void DigestAnswer::find(http::Exchange& exchange, const Target& target,
                        const std::shared_ptr<body::CachedFile>& file, Then then)
{
    if (!file->digest.empty() || !wantsSha256(exchange.head().wantReprDigest)) {
        look(target, file, exchange.worker().now());
        then(exchange, target);
        return;
    }
    struct Wait
    {
        Target target;
        Then then;
    };
    const auto wait = std::make_shared<Wait>(Wait{target, std::move(then)});
    http::Waiting waiting;
    waiting.until = exchange.worker().now() + wait_;
    waiting.go = waiting.late = [wait](http::Exchange& again) {
        label(again, wait->target);
        wait->then(again, wait->target);
    };
    const auto parked = exchange.wait(std::move(waiting));
    digests_.ask(fileOf(target, *file), Digests::Effort::Computed,
                 [parked, post = post_, weak = std::weak_ptr(file)](const Digests::Answer& answer) {
                     if (answer.verdict == Digests::Verdict::Found)
                         post([weak, value = digestField(answer.sha256)] {
                             if (const auto known = weak.lock())
                                 known->setDigest(value);
                         });
                     parked.wake(); // behind the other in the worker's mailbox
                 });
}

} // namespace spillway::download
