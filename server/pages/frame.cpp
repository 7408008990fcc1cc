// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/frame.h"

#include "server/body/listingtext.h"
#include "server/http/query.h"
#include "server/pages/assets.h"

#include <algorithm>
#include <array>
#include <sys/random.h>

namespace spillway::pages {

namespace {

std::string randomNonce()
{
    std::array<char, 15> bytes{}; // 120 bits, and no padding in base64
    (void)!::getrandom(bytes.data(), bytes.size(), 0);
    std::string text;
    body::appendBase64(text, {bytes.data(), bytes.size()});
    return text;
}

/// "/d/abc/name" is two folders deep; each empty segment counts as one, as RFC 3986 §5.2.4 has it.
std::string rootOf(std::string_view rawPath)
{
    const auto slashes = std::ranges::count(rawPath, '/');
    if (slashes == 0)
        return "/"; // no path was understood
    std::string root;
    for (auto i = slashes; i > 1; --i)
        root += "../";
    return root;
}

std::string queryWithout(std::string_view rawQuery, std::initializer_list<std::string_view> names)
{
    std::string kept;
    for (const http::QueryParameter& parameter : http::Query(rawQuery)) {
        if (std::ranges::any_of(names, [&](std::string_view name) { return parameter.nameIs(name); }))
            continue;
        if (!kept.empty())
            kept += '&';
        kept += parameter.rawName;
        if (parameter.rawValue.data())
            kept.append(1, '=').append(parameter.rawValue);
    }
    return kept;
}

std::string assetAddress(const View& view, std::string_view name)
{
    return view.root + std::string(kAssetFolder) + assets().version() + '/' + std::string(name);
}

void addSummary(Html& html, const View& view, const Summary& summary)
{
    const auto property = [&html](std::string_view name, std::string_view value) {
        html.raw("<meta property=\"og:").raw(name).raw("\" content=\"").text(value).raw("\">\n");
    };
    html.raw("<meta name=\"description\" content=\"").text(summary.description).raw("\">\n");
    property("title", summary.title);
    property("description", summary.description);
    property("type", "website");
    property("site_name", "Spillway");
    if (view.site.empty())
        return;
    const std::string picture =
        view.site + '/' + std::string(kAssetFolder) + assets().version() + "/preview.png";
    property("image", picture);
    property("image:width", "1200");
    property("image:height", "630");
    html.raw("<meta name=\"twitter:card\" content=\"summary_large_image\">\n");
}

} // namespace

View viewOf(const http::RequestHead& head, bool secure, std::string_view basePath)
{
    View view;
    std::string asked;
    if (const auto parameter = http::Query(head.rawQuery).find("lang"))
        asked = parameter->value().value_or(std::string());
    view.language = chooseLanguage(asked, head.acceptLanguage);
    view.languageAsked = asked.substr(0, 2) == languageCode(view.language);
    view.root = rootOf(head.rawPath);
    view.nonce = randomNonce();
    view.ownQuery = queryWithout(head.rawQuery, {"lang", "token"});
    if (!head.host.empty())
        view.site.append(secure ? "https://" : "http://").append(head.host).append(basePath);
    return view;
}

Html& Html::text(std::string_view text)
{
    body::appendHtml(out_, text);
    return *this;
}

Html& Html::time(std::int64_t unixSeconds)
{
    std::string time;
    constexpr std::int64_t nanoseconds = 1'000'000'000;
    constexpr std::int64_t most = INT64_MAX / nanoseconds;
    body::appendRfc3339(time, std::clamp(unixSeconds, -most, most) * nanoseconds);
    const auto day = time.find('T');
    return raw("<time datetime=\"")
        .raw(time)
        .raw("\">")
        .raw(time.substr(0, day))
        .raw(" ")
        .raw(time.substr(day + 1, 5))
        .raw(" UTC</time>");
}

void openPage(std::string& out, const View& view, std::string_view title, const Summary& summary)
{
    Html html(out, view.language);
    html.raw("<!DOCTYPE html>\n<html lang=\"").raw(languageTag(view.language));
    html.raw("\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light "
             "dark\">\n<title>");
    html.text(title).raw("</title>\n");
    if (!summary.title.empty())
        addSummary(html, view, summary);
    html.raw("<link rel=\"icon\" href=\"").raw(view.root).raw("favicon.ico\" type=\"image/svg+xml\">\n");
    html.raw("<link rel=\"stylesheet\" nonce=\"").raw(view.nonce).raw("\" href=\"");
    html.raw(assetAddress(view, "spillway.css")).raw("\">\n<script defer nonce=\"").raw(view.nonce);
    html.raw("\" src=\"").raw(assetAddress(view, "spillway.js")).raw("\"></script>\n</head>\n<body>\n");
    html.raw("<a class=\"skip\" href=\"#content\">").say(Word::SkipToContent).raw("</a>\n");
}

void closePage(std::string& out, const View& view)
{
    Html html(out, view.language);
    html.raw("<footer>\n<span class=\"brand\">Spillway</span>\n<nav aria-label=\"");
    html.say(Word::Languages).raw("\">");
    for (std::size_t i = 0; i < kLanguageCount; ++i) {
        const auto language = static_cast<Language>(i);
        const std::string_view tag = languageTag(language);
        if (language == view.language) {
            html.raw("<span lang=\"").raw(tag).raw("\" aria-current=\"true\">");
            html.text(languageName(language)).raw("</span>");
            continue;
        }
        const std::string asked = "lang=" + std::string(languageCode(language));
        const std::array<std::string_view, 2> parts{view.ownQuery, asked};
        html.raw("<a lang=\"").raw(tag).raw("\" hreflang=\"").raw(tag).raw("\" href=\"");
        html.text(reference(joinQuery(parts))).raw("\">").text(languageName(language)).raw("</a>");
    }
    html.raw("</nav>\n</footer>\n</body>\n</html>\n");
}

std::string joinQuery(std::span<const std::string_view> parts)
{
    std::string query;
    for (const std::string_view part : parts) {
        if (part.empty())
            continue;
        if (!query.empty())
            query += '&';
        query += part;
    }
    return query;
}

std::string languageQuery(const View& view)
{
    return view.languageAsked ? "lang=" + std::string(languageCode(view.language)) : std::string();
}

std::string reference(std::string_view query)
{
    return "?" + std::string(query);
}

std::string pageFields(const View& view)
{
    std::string fields = "Content-Language: ";
    fields.append(languageTag(view.language));
    fields.append("\r\nVary: Accept, Accept-Language, Sec-Fetch-Dest\r\nX-Content-Type-Options: nosniff\r\n"
                  "Content-Security-Policy: default-src 'none'; style-src 'nonce-");
    fields.append(view.nonce).append("'; script-src 'nonce-").append(view.nonce);
    fields.append("'; img-src 'self'; media-src 'self'; connect-src 'self'; frame-src 'self'; form-action "
                  "'self'; base-uri 'none'; frame-ancestors 'none'\r\n");
    return fields;
}

} // namespace spillway::pages
