// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <string>
#include <string_view>

namespace spillway::get {

/// A URL in its parts, http or https only. Text as in the URL, percent-encoded, but for user and password.
struct Url
{
    std::string text;           ///< whole, without user and password: what is asked for
    std::string origin;         ///< "https://host:port": where credentials may go
    std::string path;           ///< begins with "/"
    std::string query;          ///< without "?"
    std::string user, password; ///< decoded
};

/// InvalidArgument for what is no absolute http or https URL. Blanks and other bytes that a URL may not hold
/// are encoded; a fragment is dropped.
[[nodiscard]] Result<Url> parseUrl(std::string_view text);

/// What a file below a folder is called: `folder` with `path` behind its own, encoded, and the folder's
/// query, which holds the signature of a link. `path` are bytes, parts separated by "/".
[[nodiscard]] std::string urlBelow(const Url& folder, std::string_view path);
/// The URL with "name=value" more in its query.
[[nodiscard]] std::string withParameter(const Url& url, std::string_view parameter);

/// For people and logs: without user and password, signatures and tokens as "***", nothing that writes to a
/// terminal.
[[nodiscard]] std::string shownUrl(std::string_view text);
/// Anybody's text for a terminal: control characters and what is no UTF-8 as "?".
[[nodiscard]] std::string shownText(std::string_view text);

} // namespace spillway::get
