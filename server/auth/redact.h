// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace spillway::auth {

/// A request target or a Referer with its secrets out, for whatever records or lists: the values of the query
/// parameters s, token and password become "*", and so does the "user:password" before the host of an
/// absolute URL. `k` and `e` stay.
///
/// Returns `text` itself where there is nothing to hide (the common case: no copy), else a view into
/// `buffer`. The result is never longer than `text`; where the buffer is shorter than needed it is cut, never
/// shown raw. No allocation, any thread.
[[nodiscard]] std::string_view redact(std::string_view text, std::span<char> buffer);

} // namespace spillway::auth
