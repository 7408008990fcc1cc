// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
inline constexpr std::size_t kHttpDateBytes = 29;

/// Writes IMF-fixdate (RFC 9110 §5.6.7), no NUL behind it. Seconds since 1970, UTC; what four digits of a
/// year cannot show is written as the first or last moment that they can.
void formatHttpDate(std::int64_t unixSeconds, char (&out)[kHttpDateBytes]);

/// Reads IMF-fixdate, the obsolete RFC 850 form and asctime's, exactly (case, blanks); none where it is no
/// date. The name of the day must be one, but is not checked against the date. A second of 60 is the next
/// minute's first. `now` decides the century of RFC 850's two digits: not more than 50 years ahead.
[[nodiscard]] std::optional<std::int64_t> parseHttpDate(std::string_view text, std::int64_t now);

} // namespace spillway::http
