// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/previewpage.h"

#include "server/body/listingtext.h"
#include "server/http/headwriter.h"

namespace spillway::download {

void answerPreview(http::Exchange& exchange, std::string_view name, std::optional<std::uint64_t> size)
{
    std::string title, what;
    body::appendHtml(title, name);
    what = size ? body::sizeText(*size) : "Folder";
    std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + title +
                       "</title><meta name=\"description\" content=\"" + what +
                       "\"><meta property=\"og:title\" content=\"" + title +
                       "\"><meta property=\"og:description\" content=\"" + what +
                       "\"><meta property=\"og:type\" content=\"website\">"
                       "<meta property=\"og:site_name\" content=\"Spillway\">"
                       "<meta name=\"robots\" content=\"noindex\"><h1>" +
                       title + "</h1><p>" + what + "</p></html>\n";
    exchange.begin(200).lines("Cache-Control: private, no-store\r\nReferrer-Policy: no-referrer\r\n"
                              "X-Content-Type-Options: nosniff\r\nVary: User-Agent\r\n"
                              "Content-Security-Policy: default-src 'none'\r\n");
    exchange.answerText("text/html; charset=utf-8", std::move(page));
}

} // namespace spillway::download
