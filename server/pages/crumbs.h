// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

#include <vector>

namespace spillway::pages {

/// The names from the top down to `path`, which is bytes with "/" between them: the title first.
[[nodiscard]] std::vector<std::string_view> crumbsOf(std::string_view title, std::string_view path);

/// Links to the folders `above` a page, the nearest last; nothing where there are none. `nearest` is that
/// one's address, "./" or "../"; `query` is raw.
void appendCrumbs(Html& html, std::span<const std::string_view> above, std::string_view nearest,
                  std::string_view query);

} // namespace spillway::pages
