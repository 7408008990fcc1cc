// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace spillway::get {

/// What a server says about the bytes it sends (RFC 9110 §14.4): "bytes 0-99/1000", "bytes 0-99/*", and with
/// 416 "bytes */1000".
struct ContentRange
{
    /// Absent in "*/1000". `last` is included and not before `first`.
    std::optional<std::uint64_t> first, last;
    std::optional<std::uint64_t> total; ///< of the whole file; greater than `last`

    friend bool operator==(const ContentRange&, const ContentRange&) = default;
};

/// None where the field is not exactly of that form, or says what cannot be: a client that guesses writes
/// bytes to the wrong place. Numbers above 2^63-1 are no file's.
[[nodiscard]] std::optional<ContentRange> parseContentRange(std::string_view field);

/// A number of bytes as Content-Length has it: digits only, up to 2^63-1. "5, 5" (RFC 9110 §8.6) is none.
[[nodiscard]] std::optional<std::uint64_t> parseLength(std::string_view field);

} // namespace spillway::get
