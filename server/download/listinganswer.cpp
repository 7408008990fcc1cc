// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/listinganswer.h"

#include "server/body/listing.h"
#include "server/download/credentials.h"
#include "server/download/pageanswer.h"
#include "server/http/accept.h"
#include "server/http/headwriter.h"
#include "server/http/query.h"
#include "server/pages/folderpage.h"

#include <charconv>

namespace spillway::download {

namespace {

/// Of the text that names are filtered by, bytes.
constexpr std::size_t kMostFilter = 255;

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

/// The value of a parameter, decoded; empty where it is not there.
std::string parameterOf(const http::Query& query, std::string_view name)
{
    const auto parameter = query.find(name);
    return parameter ? parameter->value().value_or(std::string()) : std::string();
}

/// What the page calls the top of what may be seen, and the rest of the path below it.
void setPlace(pages::FolderOptions& options, const http::RequestHead& head, const Target& target)
{
    const std::string_view path = head.path; // "/s/<share>/<below>/", "/d/<link>/<name>/<below>/"
    std::string_view rest = path.substr(3);
    if (target.route == observe::Route::Link)
        rest = rest.substr(std::min(rest.size(), rest.find('/') + 1));
    const auto slash = rest.find('/');
    options.title = rest.substr(0, slash);
    if (slash != std::string_view::npos && rest.size() > slash + 1)
        options.shownPath = rest.substr(slash + 1, rest.size() - slash - 2);
}

pages::FolderOptions pageOptions(const http::Exchange& exchange, const Target& target, pages::View view,
                                 std::string_view grant)
{
    const http::RequestHead& head = exchange.head();
    const http::Query query(head.rawQuery);
    pages::FolderOptions options;
    options.view = std::move(view);
    setPlace(options, head, target);
    options.signOut = target.token && !head.authorization.data();
    if (target.audience == Audience::Secret)
        options.query = signedQuery(head.rawQuery);
    options.sorting = pages::parseSorting(parameterOf(query, "sort"));
    options.tiles = parameterOf(query, "view") == "tiles";
    options.filter = formValue(head.rawQuery, "q").substr(0, kMostFilter); // a form of ours sends it
    options.filesHavePages = target.link && target.link->page;
    if (target.mayDownload) {
        const std::array<std::string_view, 3> parts{options.query, "zip", grant};
        options.zipQuery = pages::joinQuery(parts);
    }
    if (target.link && options.shownPath.empty())
        options.facts = linkFacts(*target.link);
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

void answerListing(http::Exchange& exchange, const Target& target, const Rules& rules, std::string_view grant,
                   BlockingPool& pool, const body::Post& post)
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
    const pages::View view = lines ? pages::View() : viewOf(exchange, rules);
    writer.lines(lines ? "Vary: Accept\r\nX-Content-Type-Options: nosniff\r\n" : pages::pageFields(view));
    writer.lines(target.audience == Audience::Public ? std::string_view("Cache-Control: no-cache\r\n")
                                                     : kPrivateFields);
    net::Body body;
    body.pacer = target.pacer;
    if (!exchange.isHead()) {
        if (lines)
            body.generator = std::make_unique<body::NdjsonListing>(
                target.share->root, target.path, body::NdjsonOptions{depthOf(head.rawQuery)}, pool, post);
        else
            body.generator = std::make_unique<pages::FolderPage>(
                target.share->root, target.path, pageOptions(exchange, target, view, grant), pool, post);
    }
    exchange.answer(std::move(body), std::nullopt);
}

} // namespace spillway::download
