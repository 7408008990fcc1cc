// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/listinganswer.h"

#include "server/body/listing.h"
#include "server/http/accept.h"
#include "server/http/headwriter.h"
#include "server/http/query.h"

#include <charconv>

namespace spillway::download {

namespace {

void redirectToSlash(http::Exchange& exchange)
{
    // RFC 9110 §15.4.9; relative links in the listing need the slash. The reference is relative too, to its
    // last segment, so that it holds behind a proxy that adds a sub-path.
    const http::RequestHead& head = exchange.head();
    std::string location = "./";
    location += head.rawPath.substr(head.rawPath.find_last_of('/') + 1);
    location += '/';
    if (head.rawQuery.data())
        location.append(1, '?').append(head.rawQuery);
    auto& writer = exchange.begin(308);
    writer.field("Location", location);
    writer.lines("Cache-Control: no-store\r\n");
    exchange.answer({}, 0);
}

/// The credentials of a signed URL, for the links of its listing.
std::string credentials(std::string_view rawQuery)
{
    std::string kept;
    for (const auto& parameter : http::Query(rawQuery)) {
        const auto name = parameter.rawName;
        if (name != "k" && name != "s" && name != "e" && !name.starts_with("x-"))
            continue;
        if (!kept.empty())
            kept += '&';
        kept.append(name).append(1, '=').append(parameter.rawValue);
    }
    return kept;
}

/// What the page calls the top of what may be seen, and the rest of the path below it.
body::HtmlOptions pageOptions(const http::Exchange& exchange, const Target& target)
{
    body::HtmlOptions options;
    const std::string_view path = exchange.head().path; // "/s/<share>/<below>/", "/d/<link>/<name>/<below>/"
    std::string_view rest = path.substr(3);
    if (target.route == observe::Route::Link)
        rest = rest.substr(std::min(rest.size(), rest.find('/') + 1));
    const auto slash = rest.find('/');
    options.title = rest.substr(0, slash);
    if (slash != std::string_view::npos && rest.size() > slash + 1)
        options.shownPath = rest.substr(slash + 1, rest.size() - slash - 2);
    options.signOut = target.token && !exchange.head().authorization.data();
    if (target.audience == Audience::Secret)
        options.query = credentials(exchange.head().rawQuery);
    return options;
}

unsigned depthOf(std::string_view rawQuery)
{
    unsigned depth = 1;
    if (const auto parameter = http::Query(rawQuery).find("depth"))
        std::from_chars(parameter->rawValue.data(), parameter->rawValue.data() + parameter->rawValue.size(),
                        depth);
    return std::min(depth, body::NdjsonListing::mostDepth);
}

} // namespace

void answerListing(http::Exchange& exchange, const Target& target, BlockingPool& pool, const body::Post& post)
{
    exchange.labels.route = observe::Route::Listing;
    const http::RequestHead& head = exchange.head();
    if (!target.folderForm) {
        redirectToSlash(exchange);
        return;
    }
    const auto format = http::Query(head.rawQuery).find("format");
    const bool lines =
        format ? format->rawValue == "ndjson" : http::acceptNames(head.accept, "application/x-ndjson");
    auto& writer = exchange.begin(200);
    writer.field("Content-Type", lines ? "application/x-ndjson" : "text/html; charset=utf-8");
    writer.lines("Vary: Accept\r\nX-Content-Type-Options: nosniff\r\n");
    writer.lines(target.audience == Audience::Public ? std::string_view("Cache-Control: no-cache\r\n")
                                                     : kPrivateFields);
    if (!lines)
        writer.lines("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n");
    net::Body body;
    body.pacer = target.pacer;
    if (!exchange.isHead()) {
        if (lines)
            body.generator = std::make_unique<body::NdjsonListing>(
                target.share->root, target.path, body::NdjsonOptions{depthOf(head.rawQuery)}, pool, post);
        else
            body.generator = std::make_unique<body::HtmlListing>(target.share->root, target.path,
                                                                 pageOptions(exchange, target), pool, post);
    }
    exchange.answer(std::move(body), std::nullopt);
}

} // namespace spillway::download
