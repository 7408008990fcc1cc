// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"
#include "server/pages/words.h"

#include <span>
#include <string>
#include <string_view>

// What all pages have around them, and how their HTML is put together. Pure but for the nonce.
//
//     <head> title, stylesheet, script </head> <body> ⟨the page⟩ <footer> other language </footer> </body>
//
// The pages are whole without the script, which only adds comfort, and ask nothing from any other host.
// Addresses of our own are relative ("../../.spillway/…"), so that they hold behind a proxy that puts a
// sub-path before them.
namespace spillway::pages {

/// How the page of one request is spoken and addressed.
struct View
{
    Language language = Language::English;
    std::string root;     ///< from the page's address to the server's top: "../../", "", or "/"
    std::string nonce;    ///< lets this answer's stylesheet and script in, and nothing else (CSP3 §2.3.1)
    std::string ownQuery; ///< the page's own, raw, without `lang` and `token`: for the links to other
                          ///< languages
    std::string site;     ///< "https://host/sub", for addresses that leave the page; empty: not known
    bool languageAsked = false; ///< by `?lang=`: links of the page carry it on
};

/// `basePath`: of the public address, "/sub" or empty. The nonce is random.
[[nodiscard]] View viewOf(const http::RequestHead& head, bool secure, std::string_view basePath);

/// What a chat's preview shows of the page; OpenGraph.
struct Summary
{
    std::string title, description; ///< an empty title: nothing is said
};

/// Puts text together. `out` outlives it.
class Html
{
public:
    Html(std::string& out, Language language) : out_(out), language_(language) {}
    Html& raw(std::string_view markup)
    {
        out_ += markup;
        return *this;
    }
    Html& text(std::string_view text); ///< escaped; names that are not UTF-8 are made so
    Html& say(Word word) { return text(pages::word(word, language_)); }
    Html& say(Word word, std::string_view value) { return text(fillIn(pages::word(word, language_), value)); }
    /// A name: escaped, and kept from turning the direction of what stands around it.
    Html& name(std::string_view name) { return raw("<bdi>").text(name).raw("</bdi>"); }
    /// A number of seconds since 1970 as a <time>, which the script turns into the reader's zone.
    Html& time(std::int64_t unixSeconds);
    [[nodiscard]] Language language() const noexcept { return language_; }

private:
    std::string& out_;
    const Language language_;
};

/// All that stands before the page's own content.
void openPage(std::string& out, const View& view, std::string_view title, const Summary& summary = {});
void closePage(std::string& out, const View& view);

/// Joins raw query parts ("k=1", "sort=name") with "&"; empty ones are passed over.
[[nodiscard]] std::string joinQuery(std::span<const std::string_view> parts);
/// "lang=zh" where it was asked for, else empty.
[[nodiscard]] std::string languageQuery(const View& view);
/// "?" and the query, or "?" alone: never an empty reference, which would keep the page's own query.
[[nodiscard]] std::string reference(std::string_view query);

/// The fields of every page's head, beside its Content-Type and what caches may do with it.
[[nodiscard]] std::string pageFields(const View& view);

} // namespace spillway::pages
