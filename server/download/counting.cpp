// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/counting.h"

#include "server/download/grant.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"

namespace spillway::download {

namespace {

constexpr std::string_view kUsedUp = "This link has been downloaded as often as it may be.";
constexpr std::string_view kCannotCount =
    "The link's downloads cannot be counted now; try again in a moment.";

bool isUsedUp(const catalog::Link& link)
{
    return link.maxDownloads && link.downloads >= *link.maxDownloads;
}

} // namespace

bool Counting::passes(const http::Exchange& exchange, std::string_view link, bool limited, std::uint64_t tag)
{
    const std::int64_t now = exchange.wallSecond();
    const RecipientPtr* recipient =
        known_.passing(exchange.head(), exchange.client(), recipients_.life(), {link, tag, limited, now});
    if (!recipient)
        return false;
    if ((*recipient)->touch(now)) [[unlikely]]
        recipients_.changed(*recipient);
    return true;
}

Recipients::Question Counting::questionOf(const http::Exchange& exchange, const Target& target,
                                          bool& byGrant) const
{
    Recipients::Question question{target.linkId, {}, target.link->isFolder, exchange.wallSecond()};
    if (signer_ && mayHaveGrant(exchange.head()))
        if (auto name = grantedName(*signer_, exchange.head(), question.link, question.now)) {
            byGrant = true;
            question.name = std::move(*name);
            return question;
        }
    question.name = recipientName(exchange.client());
    return question;
}

void Counting::admit(http::Exchange& exchange, const Target& target, bool takes, Go go)
{
    if (!takes && !isUsedUp(*target.link)) {
        go(exchange, target);
        return;
    }
    Target mine = target;
    auto question = questionOf(exchange, target, mine.taking.byGrant);
    const bool limited = target.link->maxDownloads.has_value();
    if (auto recipient = recipients_.known(question, limited)) {
        proceed(exchange, mine, takes ? recipient : nullptr, false, go);
    } else if (takes && !limited) {
        const auto answer = recipients_.admit(question);
        proceed(exchange, mine, answer.recipient, answer.isNew, go);
    } else {
        lookUp(exchange, {std::move(mine), std::move(question), takes, std::move(go)},
               isUsedUp(*target.link));
    }
}

void Counting::proceed(http::Exchange& exchange, Target& target, const RecipientPtr& recipient, bool isNew,
                       const Go& go)
{
    if (recipient) {
        if (recipient->touch(exchange.wallSecond()))
            recipients_.changed(recipient);
        if (!target.taking.byGrant && known_.remember(exchange.client(), recipient))
            exchange.worker().counters().add(observe::Counter::BoundRecipientCache);
        // A browser may come back from another network; without a Path the cookie is for this link's folder,
        // whatever a proxy calls it (RFC 6265 §5.1.4).
        if (isNew && signer_ && !target.taking.byGrant && exchange.head().userAgent.starts_with("Mozilla/")) {
            target.taking.fields = "Set-Cookie: " + std::string(kGrantCookie) + "=" +
                                   makeGrant(*signer_, recipient->link(), recipient->name(),
                                             exchange.wallSecond() + kGrantLasts) +
                                   "; Max-Age=" + std::to_string(kGrantLasts) +
                                   "; HttpOnly; SameSite=Lax\r\n";
        }
        target.taking.recipient = recipient;
    }
    go(exchange, target);
}

/// `usedUp`: he may only be found, not counted.
void Counting::lookUp(http::Exchange& exchange, Waiting waiting, bool usedUp)
{
    const http::Parked parked = exchange.park();
    const std::uint64_t number = nextWaiting_++;
    const auto done = [this, parked, number](const Recipients::Answer& answer) {
        parked.post([this, parked, number, answer] {
            auto kept = waiting_.extract(number);
            // Where the client has left, nothing is called and the request is forgotten here.
            parked.resume([&](http::Exchange& again) { answered(again, std::move(kept.mapped()), answer); });
        });
    };
    const Recipients::Question question = waiting.question;
    waiting_.try_emplace(number, std::move(waiting));
    if (usedUp)
        recipients_.find(question, done);
    else
        recipients_.admitDurably(question, done);
}

void Counting::answered(http::Exchange& exchange, Waiting waiting, const Recipients::Answer& answer)
{
    label(exchange, waiting.target);
    switch (answer.verdict) {
    case Recipients::Verdict::Admitted:
        if (waiting.takes && !answer.recipient) {
            // He was found in the catalog. Taking him into memory counts him no second time.
            lookUp(exchange, std::move(waiting), false);
            return;
        }
        proceed(exchange, waiting.target, waiting.takes ? answer.recipient : nullptr, answer.isNew,
                waiting.go);
        return;
    case Recipients::Verdict::UsedUp:
        exchange.fail(403, kUsedUp);
        return;
    case Recipients::Verdict::Revoked:
        exchange.fail(403, kLinkRefused);
        return;
    case Recipients::Verdict::Unavailable:
        exchange.fail(503, kCannotCount, kRetrySoon);
        return;
    }
}

} // namespace spillway::download
