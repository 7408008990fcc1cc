// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filecache.h"
#include "server/download/target.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace spillway::download {

/// The shortest way through the pipeline: a request target that was let through a moment ago, as the very
/// same bytes, to an open file. Saves decoding, signature, record and path look-up; one hash look-up instead.
///
/// What is remembered is void as soon as the rules' epoch moves (any change of a share, a key, a link), the
/// link's own expiry passes, or the file cache no longer vouches for the file. Only what depends on nothing
/// but these is put in (Target::repeatable). Bounded; forgets everything when full. Worker thread only.
class TargetCache
{
public:
    struct Entry
    {
        std::uint64_t epoch = 0;
        std::weak_ptr<body::CachedFile> file; ///< how many stay open is the file cache's to bound
        std::shared_ptr<const ShareRule> share;
        std::string linkId;
        std::int64_t expiresAt = 0;
        Audience audience = Audience::Public;
        observe::Route route = observe::Route::File;
        std::shared_ptr<const policy::LimitPath> limits; ///< as Target has it
        LimitSubjects subjects;
        std::shared_ptr<const Right> right;
        std::string path; ///< below the share
        // Of a stored link.
        std::uint64_t tag = 0; ///< LinkFile::tag; 0: no link
        bool limited = false;  ///< it has a maximum of downloads
        bool page = false;     ///< people get a page in place of the file
    };

    static constexpr std::size_t kMaxTargetBytes = 512; ///< longer ones go the long way

    explicit TargetCache(std::size_t limit) : limit_(limit) {}

    [[nodiscard]] Entry* find(std::string_view target);
    /// True where the bound was hit and everything else had to be forgotten.
    bool insert(std::string_view target, Entry entry);

private:
    struct Hash
    {
        using is_transparent = void;
        [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
    std::size_t limit_;
};

} // namespace spillway::download
