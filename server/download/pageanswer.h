// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/rules.h"
#include "server/http/exchange.h"
#include "server/pages/formpage.h"

#include <string>
#include <string_view>

// How answers come by the pages of server/pages.
namespace spillway::download {

/// How the page that answers a request is spoken and addressed.
[[nodiscard]] pages::View viewOf(const http::Exchange& exchange, const Rules& rules);

/// 200 with a page. `cacheFields`: whole lines.
void answerPage(http::Exchange& exchange, const pages::View& view, std::string html,
                std::string_view cacheFields);
/// A page with a form, in place of what the request may not have. The referrer is the origin alone: no secret
/// of the address leaves with it, and the browser still says the Origin of a POST, which "no-referrer" would
/// make "null" (Fetch §3.2).
void failForm(http::Exchange& exchange, const pages::View& view, const pages::FormPage& form, bool isWrong);
inline constexpr std::string_view kFormReferrer = "Referrer-Policy: strict-origin\r\n";

/// 303 to `location`, the way on from a form or from a secret in an address; `cookie` is a whole Set-Cookie
/// line, or empty.
void seeOther(http::Exchange& exchange, std::string_view location, std::string_view cookie = {});

/// The credentials of a signed URL, raw, for the links of its pages: "k=…&s=…", for a presigned one with its
/// expiry and rules.
[[nodiscard]] std::string signedQuery(std::string_view rawQuery);

} // namespace spillway::download
