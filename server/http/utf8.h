// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::http {

/// One step through bytes that may or may not be UTF-8.
struct Utf8Step
{
    char32_t codePoint = 0; ///< of a well-formed sequence
    std::size_t bytes = 1;  ///< to go on by: the sequence's length, or 1 where it is none
    bool valid = false;
};

/// Decodes at the front of `text`, which is not empty. Overlong forms, surrogates and what lies beyond
/// U+10FFFF are not valid (RFC 3629 §3).
[[nodiscard]] Utf8Step decodeUtf8(std::string_view text);

[[nodiscard]] bool isUtf8(std::string_view text);

/// Appends `text` as a JSON string with its quotes (RFC 8259 §7). Control characters are escaped, each byte
/// that is not UTF-8 becomes U+FFFD; "<", ">" and "&" are escaped too, so that the text may stand inside a
/// script of a page.
void appendJsonString(std::string& out, std::string_view text);

} // namespace spillway::http
