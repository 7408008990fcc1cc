// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

#include <cstdint>

namespace spillway::pages {

/// What could not be done, as programs are told it.
struct Problem
{
    int status = 500;
    std::string_view detail;     ///< the English sentence of the problem document
    std::int64_t retryAfter = 0; ///< seconds; 0: not said, so the page does not try again by itself
    std::string_view id;         ///< what the log has for this request
};

/// The page that people get in place of a problem document. Sentences in the table (messages.cpp) have words
/// for people of their own, in both languages; others are shown as they are, under a heading of their
/// status.
[[nodiscard]] std::string messagePage(const View& view, const Problem& problem);

} // namespace spillway::pages
