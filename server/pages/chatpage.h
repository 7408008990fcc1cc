// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/frame.h"

#include <cstdint>
#include <optional>

namespace spillway::pages {

/// What a program that fetches previews for chats gets in place of what a link leads to: name and size for
/// people, as OpenGraph with a picture of ours. Never a byte of the file. `size`: none for a folder.
[[nodiscard]] std::string chatPage(const View& view, std::string_view name,
                                   std::optional<std::uint64_t> size);

/// "12 MiB · Picture", or "Folder": what is said under a title.
[[nodiscard]] std::string describe(Language language, std::string_view name,
                                   std::optional<std::uint64_t> size);

} // namespace spillway::pages
