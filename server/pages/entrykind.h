// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/words.h"

namespace spillway::pages {

/// What a file is to people. Decides its icon and how it may be previewed.
enum class EntryKind : std::uint8_t
{
    Folder,
    Picture,
    Video,
    Audio,
    Text, ///< source code too
    Pdf,
    Archive,
    File, ///< anything else
};

/// By the extension alone, for rows of listings: no look-up, no allocation.
[[nodiscard]] EntryKind kindOfName(std::string_view name);
/// By media type ("text/plain; charset=utf-8"), the exact one for a file's own page. Asks the shared MIME
/// database whether it is a text: up to 100 µs.
[[nodiscard]] EntryKind kindOfType(std::string_view mediaType);

/// The class that the stylesheet draws its icon by.
[[nodiscard]] std::string_view iconClass(EntryKind kind);
[[nodiscard]] std::string_view kindName(EntryKind kind, Language language);
/// Pictures that every browser of today shows in <img>.
[[nodiscard]] bool isShownAsPicture(std::string_view name);

} // namespace spillway::pages
