// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::observe {

/// Which keys of a stream have the most bytes, in memory that does not grow with the number of keys: the
/// counters of Misra and Gries, made quick for weights (Anderson et al., "A High-Performance Algorithm for
/// Identifying Frequent Items in Data Streams", 2017).
///
///     index_    │ 0 │ 2 │ 0 │ 1 │ 0 │ 3 │ …   open addressing, twice as many places as entries at least
///     entries_  │ "a" score 90 │ "b" score 7 │ "c" score 1 │ …   at most `capacity`
///
/// Where a new key finds the table full, the median of all scores is taken off every score, and keys with
/// none left go: at least half of them, so that a key costs O(1) in the mean. Invariant: what a key really
/// had is at most score + lost(), and lost() is at most 2 · (all bytes) / capacity. So whatever has more than
/// that is in the table, and with no more keys than `capacity` all is exact. Two tables merge into one of
/// which the same is true.
///
/// Pure; one thread. An add() of a known key takes no memory.
class HeavyHitters
{
public:
    struct Hit
    {
        std::string key;
        std::uint64_t bytes = 0; ///< at least: what it had before it came into the table is missing
        std::uint64_t count = 0; ///< the same
        friend bool operator==(const Hit&, const Hit&) = default;
    };

    /// `capacity`: 2 at least.
    explicit HeavyHitters(std::size_t capacity);

    /// Without bytes it is nothing.
    void add(std::string_view key, std::uint64_t bytes, std::uint64_t count);
    void merge(const HeavyHitters& other);

    /// Most bytes first; of equals the one whose key is the smaller.
    [[nodiscard]] std::vector<Hit> top(std::size_t most) const;
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

private:
    struct Entry
    {
        std::size_t hash = 0;
        std::uint64_t score = 0, bytes = 0, count = 0;
        std::string key;
    };
    [[nodiscard]] Entry& entryOf(std::string_view key);
    [[nodiscard]] std::size_t freePlace(std::size_t hash) const noexcept;
    void makeRoom();

    std::size_t capacity_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> index_; ///< number of an entry, plus 1; 0: none
    std::size_t last_ = 0;             ///< the entry that was asked for last: often it is the next one, too
    std::uint64_t lost_ = 0;
};

} // namespace spillway::observe
