// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/heavyhitters.h"

#include <array>

namespace spillway::observe {

/// What of a share an answer is made of.
struct DownloadOf
{
    enum class What : std::uint8_t
    {
        Nothing,
        File,
        Archive ///< of the folder
    };
    What what = What::Nothing;
    bool fromStart = false; ///< the first byte is among the answer's: the rest is a resumed or parallel part
    std::string_view path;  ///< below the share; empty: the share itself
};

/// Who took what lately, by bytes sent: the links, clients and files with the most of them, in fixed memory
/// (under 150 KB). Beside the bytes it counts downloads: answers that began at the first byte and of which
/// any went out. No token, query or signature is in it. One thread.
///
/// An add() takes 0.1 µs to 0.7 µs: next to nothing for a download, but a fiftieth of a small answer. So
/// small ones beyond kExact are thinned out, and one stands for many: what they cost then is 3 ns.
class DownloadTally
{
public:
    using Address = std::array<std::uint8_t, 16>;
    enum List : std::uint8_t
    {
        Links,   ///< by the link's id
        Clients, ///< by the 16 bytes of an Address
        Files,   ///< "share/path"; "share/path/": the folder's archive; "share": a share of one file
        ListCount
    };
    static constexpr std::size_t kKeys = 256;         ///< of each list; beyond, the small ones go
    static constexpr std::size_t kLongestPath = 1024; ///< what is longer is cut
    static constexpr std::uint64_t kSmall = 64 << 10; ///< bytes of an answer
    static constexpr std::uint32_t kExact = 4096;     ///< small answers that are added one by one
    static constexpr std::uint32_t kThinned = 16;     ///< of the rest one in so many

    explicit DownloadTally(std::size_t keys = kKeys);

    /// How many answers the next one, of so many bytes, stands for; 0: it is left out.
    [[nodiscard]] std::uint32_t standsFor(std::uint64_t bytes) noexcept
    {
        if (bytes > kSmall || ++small_ <= kExact)
            return 1;
        if (--skip_ > 0)
            return 0;
        random_ ^= random_ << 13, random_ ^= random_ >> 17, random_ ^= random_ << 5; // xorshift
        skip_ =
            1 + random_ % (2 * kThinned - 1); // kThinned in the mean; not each 16th, as clients have rhythms
        return kThinned;
    }
    /// `link`: empty where there was none. Without bytes it is nothing.
    void add(std::string_view link, const Address& client, std::string_view share, const DownloadOf& of,
             std::uint64_t bytes, std::uint64_t downloads);
    void merge(const DownloadTally& other);

    [[nodiscard]] HeavyHitters& list(List which) { return lists_[which]; }
    [[nodiscard]] const HeavyHitters& list(List which) const { return lists_[which]; }

private:
    std::array<HeavyHitters, ListCount> lists_;
    std::string scratch_;
    std::uint32_t small_ = 0, skip_ = kThinned, random_ = 0x9e3779b9;
};

} // namespace spillway::observe
