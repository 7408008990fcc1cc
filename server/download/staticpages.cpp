// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/staticpages.h"

#include "server/auth/linkurl.h"
#include "server/http/errorpage.h"
#include "server/http/headwriter.h"

namespace spillway::download {

namespace {

/// Water over a crest. SVG, which every browser of today takes for an icon.
constexpr std::string_view kIcon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><path fill=\"#0F7C8A\" d=\"M1 4h6c3 0 3 "
    "8 8 8v2H1z\"/>"
    "<path fill=\"none\" stroke=\"#45B7C4\" stroke-width=\"1.5\" d=\"M1 2.5h6.5c4 0 3.5 7 7.5 7\"/></svg>";

} // namespace

bool answerStatic(http::Exchange& exchange, const observe::Health& health)
{
    const std::string_view path = exchange.head().path;
    if (path == "/healthz") {
        exchange.labels.route = observe::Route::Health;
        exchange.begin(200).lines("Cache-Control: no-store\r\n");
        exchange.answerText("application/json", health.aliveJson());
    } else if (path == "/readyz") {
        exchange.labels.route = observe::Route::Ready;
        exchange.begin(health.ready() ? 200 : 503).lines("Cache-Control: no-store\r\n");
        exchange.answerText("application/json", health.readyJson());
    } else if (path == "/robots.txt") {
        exchange.begin(200).lines("Cache-Control: public, max-age=86400\r\n");
        exchange.answerText("text/plain; charset=utf-8", "User-agent: *\nDisallow: /\n");
    } else if (path == "/favicon.ico") {
        exchange.begin(200).lines(
            "Cache-Control: public, max-age=86400\r\nX-Content-Type-Options: nosniff\r\n");
        exchange.answerText("image/svg+xml", std::string(kIcon));
    } else {
        return false;
    }
    return true;
}

std::string rootPage(const Rules& rules)
{
    std::string page =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>Spillway</title>"
        "<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;"
        "margin:10vh auto;padding:0 1.5rem}li{margin:.25rem 0}a{color:#0F7C8A}"
        "@media(prefers-color-scheme:dark){a{color:#45B7C4}}</style><h1>Shared folders</h1>";
    std::string items;
    for (const auto& [name, rule] : rules.byName) {
        if (!rule->share.isPublic)
            continue;
        items += "<li><a href=\"s/";
        http::appendHtmlEscaped(items, auth::percentEncodePath(name));
        items += "/\">";
        http::appendHtmlEscaped(items, name);
        items += "</a></li>";
    }
    if (items.empty())
        page += "<p>Nothing is shared with everybody here. If somebody sent you a link, open that one.</p>";
    else
        page += "<ul>" + items + "</ul>";
    page += "</html>\n";
    return page;
}

} // namespace spillway::download
