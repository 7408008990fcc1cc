// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spillway::get {

/// The name that a Content-Disposition proposes (RFC 6266 §4.3), decoded: `filename*` (RFC 8187: UTF-8 or
/// ISO-8859-1) before `filename`. As sent: not safe to open, see safeName. None where the field names nothing
/// or is malformed.
[[nodiscard]] std::optional<std::string> dispositionName(std::string_view field);

/// Any server's text as a name for one file in the folder that the user chose, whatever it holds: what stands
/// before the last "/" or "\" is dropped, control characters and what is no UTF-8 become "_", and so do dots
/// at the start (no hidden file, no "..") and blanks at the ends; at most 200 bytes, its extension kept.
/// Names that Spillway's own side files have (".part") get a "_" behind. Empty where nothing is left.
[[nodiscard]] std::string safeName(std::string_view text);

/// The name for what a URL gave: that of the Content-Disposition, else the last part of the URL's path, else
/// "download". `path` is the path of the URL as written, percent-encoded, without query.
[[nodiscard]] std::string chooseName(std::string_view disposition, std::string_view path);

/// A path below a folder, from a listing: parts that "/" separates, each as it is. None where a part is
/// empty, "." or "..", or holds NUL, or where the whole is longer than a path may be: such a listing is not
/// ours to follow.
[[nodiscard]] std::optional<std::string> safeRelativePath(std::string_view path);

} // namespace spillway::get
