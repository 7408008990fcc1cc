// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/pages/linkfacts.h"

namespace spillway::pages {

enum class Preview : std::uint8_t
{
    Automatic, ///< where the file is of a kind that browsers show, and not too large
    OnRequest, ///< a button, for it would count as one of few downloads
    Asked,     ///< the button was pressed
};

/// The page of one file of a link.
struct FilePage
{
    std::string name;      ///< bytes
    std::string shownPath; ///< of its folder below the link, as bytes; empty: the link's own file or folder
    std::string linkName;  ///< of a folder link, the first of the breadcrumb; empty: the link is to this file
    std::uint64_t size = 0;
    std::int64_t modifiedAt = 0; ///< seconds since 1970
    std::string mediaType;
    std::string sha256; ///< 64 hexadecimal digits; empty: not known
    LinkFacts facts;
    std::string credentials;  ///< "k=…&s=…", raw
    std::string grant;        ///< "g=…": the one who reads the page stays one recipient; empty: none
    std::string url;          ///< absolute, with credentials and grant, for programs
    bool hasPassword = false; ///< programs are asked for it
    Preview preview = Preview::Automatic;
};

/// Automatic previews are for files up to this; beyond there is a button. Videos and sounds load nothing
/// before they are played, and of a text only the beginning is fetched.
inline constexpr std::uint64_t kPreviewUpTo = 16U << 20;
/// How much of a text is shown.
inline constexpr std::uint64_t kTextShown = 256U << 10;

[[nodiscard]] std::string filePage(const View& view, const FilePage& page);

/// `text` as one word of a shell, in single quotes.
[[nodiscard]] std::string shellQuoted(std::string_view text);

} // namespace spillway::pages
