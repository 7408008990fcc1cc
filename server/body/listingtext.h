// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// How names, sizes and times are written in listings. Names are bytes that need not be UTF-8. All pure; the
// append functions never fail.
namespace spillway::body {

/// "2026-11-24T05:33:45Z" (RFC 3339 §5.6), whole seconds towards the past, UTC.
void appendRfc3339(std::string& out, std::int64_t nanoseconds);

/// Text for an element or a quoted attribute: & < > " ' escaped; bytes that are not UTF-8, control
/// characters and those that turn the direction of text become U+FFFD.
void appendHtml(std::string& out, std::string_view text);

/// One path segment for a URL: all but RFC 3986's unreserved characters as %XX, bytes as they are.
void appendPathSegment(std::string& out, std::string_view name);

/// Standard base64 with padding (RFC 4648 §4).
void appendBase64(std::string& out, std::string_view bytes);

/// For people: "0 B", "1023 B", "1.0 KiB", "12 MiB", "1.5 GiB". Cut, not rounded up: never more than it is.
[[nodiscard]] std::string sizeText(std::uint64_t bytes);

/// As people sort: runs of digits by their value ("2" before "10"), ASCII letters without case; what is equal
/// so far is ordered by bytes. A strict weak order.
[[nodiscard]] bool naturalLess(std::string_view a, std::string_view b);

} // namespace spillway::body
