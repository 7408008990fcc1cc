// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace spillway::http {

/// Weights are in thousandths: q=0.5 is 500 (RFC 9110 §12.4.2). Types and tags that are passed in are in
/// lower case.
inline constexpr int kFullWeight = 1000;

/// Whether Accept names this type itself, not by "*/*", with a weight above 0: a browser asking for a page
/// names text/html, curl and download tools do not.
[[nodiscard]] bool acceptNames(std::string_view accept, std::string_view type);

/// The weight that Accept gives a type: its own entry before "type/*" before "*/*" (RFC 9110 §12.5.1); 0
/// where it is not acceptable. An absent field (null) accepts everything. Entries with parameters of their
/// own count as the bare type, malformed ones not at all.
[[nodiscard]] int acceptWeight(std::string_view accept, std::string_view type);

/// Index of the type with the greatest weight, the earlier one of equals; none where none is acceptable.
[[nodiscard]] std::optional<std::size_t> preferredType(std::string_view accept,
                                                       std::span<const std::string_view> offered);

/// The same for Accept-Language. "en" takes "en-gb" (RFC 4647 §3.3.1), and "en-gb" takes "en" where nothing
/// nearer is asked for (§3.4). An absent field (null) takes the first; none where nothing matches: use your
/// default.
[[nodiscard]] std::optional<std::size_t> preferredLanguage(std::string_view acceptLanguage,
                                                           std::span<const std::string_view> offered);

} // namespace spillway::http
