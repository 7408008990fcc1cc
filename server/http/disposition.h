// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::http {

enum class Disposition : std::uint8_t
{
    Inline,
    Attachment
};

/// The value of Content-Disposition (RFC 6266) for a file of this name, which is the file system's bytes.
///
/// `filename` has printable ASCII, "_" for each other character; where that lost something, or holds "%" or a
/// quote that clients read in different ways, `filename*` (RFC 8187) follows with the name in UTF-8. A byte
/// that is not UTF-8 is written there as "%XX", so that different names stay different. Path separators,
/// control characters and the marks that turn the direction of writing (they make "gpj.exe" look like a
/// picture) become "_". An empty name, "." and ".." become "download".
[[nodiscard]] std::string contentDisposition(Disposition type, std::string_view name);

} // namespace spillway::http
