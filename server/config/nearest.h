// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace spillway::config {

/// The candidate that `word` was most likely meant to be: fewest edits (insert, drop, replace, swap of
/// neighbours), at most a third of the word and never more than four. Empty where none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// " (did you mean X?)", or nothing.
[[nodiscard]] std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates);

} // namespace spillway::config
