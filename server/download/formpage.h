// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/exchange.h"

#include <string>
#include <string_view>

namespace spillway::download {

/// Fields of every page with a form. The referrer is the origin alone: no secret of the address leaves with
/// it, and the browser still says the Origin of a POST, which "no-referrer" would make "null" (Fetch §3.2).
inline constexpr std::string_view kFormFields =
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri "
    "'none'; frame-ancestors 'none'\r\nReferrer-Policy: strict-origin\r\n";

/// What a form asks for. It is sent by POST to the page's own address. No script, nothing from elsewhere.
struct FormPage
{
    std::string_view heading;
    std::string_view text;      ///< a sentence
    std::string_view problem{}; ///< what was wrong with what was sent before
    std::string_view label{};   ///< of the one field, which is a secret; empty: there is only the button
    std::string_view name{};    ///< of the field
    std::string_view button;
};

/// `id` is what the log has for this request; empty: not shown. All texts are escaped.
[[nodiscard]] std::string formPage(const FormPage& page, std::string_view id);

/// 303 to `location`, the way on from a form or from a secret in an address; `cookie` is a whole Set-Cookie
/// line, or empty.
void seeOther(http::Exchange& exchange, std::string_view location, std::string_view cookie = {});

} // namespace spillway::download
