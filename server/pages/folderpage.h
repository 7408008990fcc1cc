// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/pathresolver.h"
#include "server/body/pooledgenerator.h"
#include "server/pages/linkfacts.h"

namespace spillway::pages {

/// In which order a folder is shown; folders come first in each.
struct Sorting
{
    enum class By : std::uint8_t
    {
        Name,
        Size,
        Changed
    };
    By by = By::Name;
    bool descending = false;
    friend bool operator==(const Sorting&, const Sorting&) = default;
};

/// "name", "size", "date", each with "-" before it for the other way round; anything else is by name.
[[nodiscard]] Sorting parseSorting(std::string_view text);
[[nodiscard]] std::string sortingText(Sorting sorting);

struct FolderOptions
{
    View view;
    std::string title;     ///< of the share or link, the first of the breadcrumb
    std::string shownPath; ///< the folder's path below that, as bytes; "" is its top
    std::string query;     ///< "k=…&s=…", raw: the credentials that each link carries on
    Sorting sorting;
    bool tiles = false;          ///< pictures as pictures
    std::string filter;          ///< only names with this text, without case; empty: all
    bool signOut = false;        ///< a link to "?signout" at the end
    bool filesHavePages = false; ///< what links of files lead to is in a language too
    std::string zipQuery;        ///< of the button that fetches all as one archive; empty: no button
    LinkFacts facts;
};

/// A folder as a page, made on `pool` while it is sent (PooledGenerator says which thread does what, and how
/// little is held in memory). Its links are relative to ".../folder/". Up to `sortedUpTo` entries are sorted;
/// above that they come in the file system's order, so that a folder of any size shows its first rows at once
/// and takes no more memory. What is left out is what DirectoryReader leaves out. The caller has opened the
/// folder before, so that a missing one has its 404; one that vanishes later, or cannot be read to its end,
/// is a Failed generator, and the client sees an answer without an end.
class FolderPage final : public body::PooledGenerator
{
public:
    static constexpr std::size_t sortedUpTo = 10'000;
    /// Tiles show pictures as they are, so larger ones have an icon, and so have those after the first that
    /// take so many bytes together: a page full of photos would cost its reader too much.
    static constexpr std::uint64_t tileUpTo = 4U << 20;
    static constexpr std::uint64_t tilesUpTo = 64U << 20;
    FolderPage(std::shared_ptr<body::ShareRoot> root, std::string relative, FolderOptions options,
               BlockingPool& pool, body::Post post);
};

} // namespace spillway::pages
