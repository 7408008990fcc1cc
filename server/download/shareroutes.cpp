// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/linkurl.h"
#include "server/download/credentials.h"
#include "server/download/pageanswer.h"
#include "server/download/pipeline.h"
#include "server/http/headwriter.h"
#include "server/http/query.h"

// The part of Pipeline about shares by name, /s/, and the tokens that open the private ones.
namespace spillway::download {

namespace {

constexpr std::string_view kSignInCookie = "spillway_signin";

/// "<share>" and what is below it.
struct SharePath
{
    std::string_view name, below;
};

SharePath sharePathOf(std::string_view path)
{
    path.remove_prefix(3);
    const auto slash = path.find('/');
    return {path.substr(0, slash),
            slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1)};
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

void Pipeline::routeShare(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::File;
    const http::RequestHead& head = exchange.head();
    const http::Query query(head.rawQuery);
    const std::size_t tokens = query.count("token");
    const SharePath path = sharePathOf(head.path);
    const auto at = rules_->byName.find(path.name);
    if (path.name.empty()) {
        exchange.fail(404, "Nothing is shared at this address.");
        return;
    }
    if (tokens > 1) {
        exchange.fail(400, "This address has more than one token.");
        return;
    }
    Target target;
    if (at == rules_->byName.end() || !at->second->share.isPublic) {
        // Without a good token nobody can tell a private share from one that is not there.
        if (query.contains("signout") && isPageRequest(head)) {
            showSignOut(exchange);
            return;
        }
        const auth::TokenTable::TokenPtr token = shownToken(exchange);
        const bool here = at != rules_->byName.end();
        const bool reads =
            token && (token->may(catalog::TokenScope::Download) || token->may(catalog::TokenScope::List));
        if (!reads || (here ? !token->covers(at->second->share.id) : !token->record.allShares)) {
            refuseShare(exchange, tokens == 1);
            return;
        }
        if (tokens == 1 && isPageRequest(head)) {
            letIn(exchange, *token, path.name);
            return;
        }
        if (!here) {
            exchange.fail(404, "Nothing is shared at this address.");
            return;
        }
        auto right = std::make_shared<Right>();
        right->share = at->second->share.id;
        right->token = token;
        right->expiresAt = token->record.expiresAt.value_or(0);
        target.right = std::move(right);
        target.expiresAt = token->record.expiresAt.value_or(0);
        target.mayDownload = token->may(catalog::TokenScope::Download);
        target.mayList = token->may(catalog::TokenScope::List);
        target.token = token;
        target.audience = Audience::Secret;
        target.repeatable = false; // it depends on a field of the request
    } else if (tokens > 0) {
        // It opens anyway, but a token in an address must not end up in a cache.
        target.audience = Audience::Secret;
    }
    target.share = at->second;
    target.epoch = rulesEpoch_;
    target.folderForm = head.path.ends_with('/');
    target.path = withoutSlash(path.below);
    openTarget(exchange, std::move(target));
}

/// The token of the request: from Authorization, from the query, or that of the sign-in cookie. Null where it
/// shows none that is good; one that nobody has is reported.
auth::TokenTable::TokenPtr Pipeline::shownToken(const http::Exchange& exchange) const
{
    const http::RequestHead& head = exchange.head();
    const std::string_view bearer = bearerToken(head.authorization);
    if (bearer.data())
        return goodToken(exchange, bearer);
    if (const auto parameter = http::Query(head.rawQuery).find("token"))
        return goodToken(exchange, parameter->value().value_or(std::string()));
    if (!rules_->signer)
        return nullptr;
    for (const std::string_view value : cookieValues(head.cookie, kSignInCookie)) {
        const auto id = rules_->signer->open(auth::ValueKind::SignIn, value, exchange.wallSecond());
        const auto token = id ? rules_->tokens->byId(*id) : nullptr;
        if (token && token->goodAt(exchange.wallSecond())) {
            token->used(exchange.wallSecond());
            return token;
        }
    }
    return nullptr;
}

/// Null for one that nobody has, which is reported, and for one that is over, which is not.
auth::TokenTable::TokenPtr Pipeline::goodToken(const http::Exchange& exchange, std::string_view text) const
{
    auto token = rules_->tokens->find(text);
    if (!token) {
        reportFailure(exchange, policy::FailureKind::Token, text);
        return nullptr;
    }
    if (!token->goodAt(exchange.wallSecond()))
        return nullptr;
    token->used(exchange.wallSecond());
    return token;
}

/// 403; for people with a form. The same whether the share is there, the file is there, or the token is bad.
void Pipeline::refuseShare(http::Exchange& exchange, bool wrong)
{
    if (!wantsForm(exchange.head())) {
        refuse(exchange);
        return;
    }
    failForm(exchange, viewOf(exchange, *rules_), pages::kSignInForm, wrong);
}

/// The cookie for a token that was shown, and the way to the same address without it.
void Pipeline::letIn(http::Exchange& exchange, const auth::KnownToken& token, std::string_view share)
{
    std::int64_t until = exchange.wallSecond() + rules_->signIn.lifetime.count();
    if (token.record.expiresAt)
        until = std::min(until, *token.record.expiresAt);
    const std::string value = rules_->signer->sign(auth::ValueKind::SignIn, token.record.id, until);
    seeOther(exchange, ownAddress(exchange.head(), "token"),
             setCookie({kSignInCookie, value, sharePathForCookies(share),
                        std::chrono::seconds(until - exchange.wallSecond()), exchange.secure()}));
}

/// As the client sees it; names of shares need no percent-encoding (records.h), unknown ones may.
std::string Pipeline::sharePathForCookies(std::string_view share) const
{
    return rules_->signIn.basePath + "/s/" + auth::percentEncodePath(share);
}

void Pipeline::showSignOut(http::Exchange& exchange) const
{
    const pages::View view = viewOf(exchange, *rules_);
    const std::string fields = "Cache-Control: no-store\r\n" + std::string(kFormReferrer);
    answerPage(exchange, view, pages::formPage(view, pages::kSignOutForm, {}), fields);
}

/// A form of ours: a token to sign in with, or the wish to sign out.
void Pipeline::postShare(http::Exchange& exchange)
{
    exchange.labels.route = observe::Route::File;
    const http::RequestHead& head = exchange.head();
    const SharePath path = sharePathOf(head.path);
    const auto at = rules_->byName.find(path.name);
    if (path.name.empty() || (at != rules_->byName.end() && at->second->share.isPublic)) {
        exchange.fail(405, "Only GET, HEAD and OPTIONS are possible here.", kAllow);
        return;
    }
    if (!isSameOrigin(head, rules_->signIn.publicHost)) {
        exchange.fail(403, "This form was sent by another site.");
        return;
    }
    if (http::Query(head.rawQuery).contains("signout")) {
        seeOther(exchange, ownAddress(head, "signout"),
                 setCookie({kSignInCookie, "", sharePathForCookies(path.name), std::chrono::seconds(0),
                            exchange.secure()}));
        return;
    }
    const std::string text = formValue(exchange.body(), "token");
    const auto token = goodToken(exchange, trimmed(text));
    const bool opens =
        token && (at != rules_->byName.end() ? token->covers(at->second->share.id) : token->record.allShares);
    if (opens)
        letIn(exchange, *token, path.name);
    else
        refuseShare(exchange, true);
}

} // namespace spillway::download
