// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a request shows to be let in, and what a browser is given to keep. Pure; any thread. Views are into
// the request.
namespace spillway::download {

/// Whether a person looks at a page: a GET whose Accept names text/html, for a document, without Range.
[[nodiscard]] bool isPageRequest(const http::RequestHead& head);
/// Whether the answer to it is the page of a file rather than its bytes, where the link has one: `?dl` forces
/// the bytes, `?sha256` asks for something else.
[[nodiscard]] bool wantsFilePage(const http::RequestHead& head);
/// Whether the answer is a form for a person: to a page request, or to a form that a browser sent.
[[nodiscard]] bool wantsForm(const http::RequestHead& head);
/// A form's body: application/x-www-form-urlencoded.
[[nodiscard]] bool isForm(const http::RequestHead& head);
/// "Authorization: Bearer x" (RFC 6750 §2.1); null data() where there is none.
[[nodiscard]] std::string_view bearerToken(std::string_view authorization);
/// The password of "Authorization: Basic x" (RFC 7617); none where there is none or it cannot be read.
[[nodiscard]] std::optional<std::string> basicPassword(std::string_view authorization);

/// A field of a form's body, decoded ("+" is a blank); empty where it is not there or malformed.
[[nodiscard]] std::string formValue(std::string_view body, std::string_view name);
/// Whether the form that was sent is one of our pages': no Origin (no browser), or ours. A browser sends one
/// with every POST (Fetch §3.2), "null" where it hides it, and that is not ours.
[[nodiscard]] bool isSameOrigin(const http::RequestHead& head, std::string_view publicHost);

/// The values of a cookie, the most special path first (RFC 6265 §5.4); at most 8.
[[nodiscard]] std::vector<std::string_view> cookieValues(std::string_view field, std::string_view name);
struct Cookie
{
    std::string_view name, value, path;
    std::chrono::seconds lifetime{0}; ///< 0: the browser forgets it now
    bool secure = false;
};
/// A whole Set-Cookie line: HttpOnly, SameSite=Lax.
[[nodiscard]] std::string setCookie(const Cookie& cookie);

/// A reference to the request's own address without the query parameter `without`, relative to its last
/// segment, so that it holds behind a proxy that adds a sub-path.
[[nodiscard]] std::string ownAddress(const http::RequestHead& head, std::string_view without);

} // namespace spillway::download
