// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spillway::http {

/// The reason phrase of RFC 9110 §15 (and RFC 6585), "Unknown" for a code that we never send.
[[nodiscard]] const char* reasonPhrase(int status);

/// An error body of application/problem+json (RFC 9457): "type" is about:blank, so "title" is the reason
/// phrase (§4.2.1); "detail" is a sentence for the person, left out where empty; "id" is what the log has.
/// One line with its end.
[[nodiscard]] std::string problemJson(int status, std::string_view detail, std::string_view id);

} // namespace spillway::http
