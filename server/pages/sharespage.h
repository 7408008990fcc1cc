// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

namespace spillway::pages {

/// "/": the public shares as a list, or a sentence where there are none. Names need no escaping in URLs
/// (catalog::Share), but get it.
[[nodiscard]] std::string sharesPage(const View& view, std::span<const std::string_view> names);

} // namespace spillway::pages
