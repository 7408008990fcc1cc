// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/passwordchecker.h"
#include "server/download/credentials.h"
#include "server/download/pageanswer.h"
#include "server/download/pipeline.h"

// The part of Pipeline about links with a password. People get a form, which sets a cookie; programs get 401
// and send Basic with any user name.
namespace spillway::download {

using LinkPtr = catalog::LinkCache::LinkPtr;
using Verdict = auth::PasswordChecker::Verdict;

namespace {

constexpr std::string_view kPasswordCookie = "spillway_password";

void failBusy(http::Exchange& exchange, std::string_view message)
{
    exchange.fail(503, message, "Retry-After: 2\r\n");
}

constexpr std::string_view kTooMany = "Too many passwords are being checked; try again in a moment.";

/// What the cookie of a link says: its id, and which password it was.
std::string cookiePayload(const auth::ValueSigner& signer, const catalog::Link& link)
{
    const auth::Mac digest = signer.digest("password of a link", link.passwordHash);
    return link.id + std::string(reinterpret_cast<const char*>(digest.data()), 8);
}

} // namespace

bool Pipeline::hasPasswordCookie(const http::Exchange& exchange, const catalog::Link& link) const
{
    const auto values = cookieValues(exchange.head().cookie, kPasswordCookie);
    if (values.empty() || !rules_->signer)
        return false;
    const std::string wanted = cookiePayload(*rules_->signer, link);
    for (const std::string_view value : values)
        if (rules_->signer->open(auth::ValueKind::Password, value, exchange.wallSecond()) == wanted)
            return true;
    return false;
}

/// The link opens but for its password, which the request has not shown yet.
void Pipeline::askPassword(http::Exchange& exchange, const LinkPtr& link, std::uint64_t epoch)
{
    if (const auto password = basicPassword(exchange.head().authorization)) {
        checkPassword(exchange, *link, *password, [this, link, epoch](http::Exchange& again, bool right) {
            if (right)
                passLink(again, link, epoch);
            else
                refusePassword(again, true);
        });
        return;
    }
    refusePassword(exchange, false);
}

/// The form of that page came in.
void Pipeline::postLink(http::Exchange& exchange, const LinkPtr& link)
{
    const http::RequestHead& head = exchange.head();
    if (!isSameOrigin(head, rules_->signIn.publicHost)) {
        exchange.fail(403, "This form was sent by another site.");
        return;
    }
    if (link->passwordHash.empty()) { // it was taken away while the page was open
        seeOther(exchange, ownAddress(head, {}));
        return;
    }
    checkPassword(exchange, *link, formValue(exchange.body(), "password"),
                  [this, link](http::Exchange& again, bool right) {
                      if (!right) {
                          refusePassword(again, true);
                          return;
                      }
                      const auto lifetime = rules_->signIn.lifetime;
                      const std::string value = rules_->signer->sign(auth::ValueKind::Password,
                                                                     cookiePayload(*rules_->signer, *link),
                                                                     again.wallSecond() + lifetime.count());
                      seeOther(again, ownAddress(again.head(), {}),
                               setCookie({kPasswordCookie, value, rules_->signIn.basePath + "/d/" + link->id,
                                          lifetime, again.secure()}));
                  });
}

/// Parks the request unless the answer is known; `then` gets the one to answer.
void Pipeline::checkPassword(http::Exchange& exchange, const catalog::Link& link, const std::string& password,
                             std::function<void(http::Exchange&, bool)> then)
{
    if (!parts_.passwords || !rules_->signer) {
        failBusy(exchange, "Passwords cannot be checked now; try again in a moment.");
        return;
    }
    // All that the answer depends on: another password, or another one wanted, is another question.
    const auth::Mac question = rules_->signer->digest("check " + link.id + link.passwordHash, password);
    if (parts_.passwords->remembers(question)) {
        then(exchange, true);
        return;
    }
    struct Wait
    {
        http::Parked parked;
        std::function<void(http::Exchange&, bool)> then;
        std::string link;
    };
    auto wait = std::make_shared<Wait>();
    wait->then = std::move(then);
    wait->link = link.id;
    const std::uint64_t guess = rules_->signer->fingerprint("password " + link.id, password);
    const bool taken = parts_.passwords->check(
        policy::SubjectKey::client(exchange.client()), question, link.passwordHash, password,
        [this, wait, guess, post = post_](Verdict verdict) {
            post([this, wait, guess, verdict] {
                wait->parked.resume([&](http::Exchange& again) {
                    again.labels.route = observe::Route::Link;
                    again.labels.link = wait->link;
                    refreshRules();
                    if (verdict == Verdict::Busy) {
                        failBusy(again, kTooMany);
                        return;
                    }
                    if (verdict == Verdict::Wrong && parts_.failures)
                        parts_.failures->failed(again.client().address, policy::FailureKind::Password, guess);
                    wait->then(again, verdict == Verdict::Right);
                });
            });
        });
    if (taken)
        wait->parked = exchange.park();
    else
        failBusy(exchange, kTooMany);
}

/// 403 with the form for people, 401 for programs (RFC 9110 §15.5.2).
void Pipeline::refusePassword(http::Exchange& exchange, bool wrong) const
{
    if (!wantsForm(exchange.head())) {
        exchange.fail(401, "This link needs its password.",
                      "WWW-Authenticate: Basic realm=\"shared link\", charset=\"UTF-8\"\r\n");
        return;
    }
    failForm(exchange, viewOf(exchange, *rules_), pages::kPasswordForm, wrong);
}

} // namespace spillway::download
