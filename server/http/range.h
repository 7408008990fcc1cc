// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace spillway::http {

/// Both ends belong to it, as in Content-Range; first <= last < size of the representation.
struct ByteRange
{
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    [[nodiscard]] std::uint64_t length() const { return last - first + 1; }
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// More parts than this, and the answer is the whole representation.
inline constexpr std::size_t kMaxParts = 64;
/// More range-specs than this, satisfiable or not, and the field is ignored: it costs us more than it can be
/// worth.
inline constexpr std::size_t kMaxRangeSpecs = 256;
/// Ranges nearer to each other than this become one: about what a part's head adds (RFC 9110 §15.3.7.2).
inline constexpr std::uint64_t kPartHeadBytes = 80;

/// What a Range field asks of a representation of a known size (RFC 9110 §14.1, §14.2). A plain value, no
/// allocation.
class RangeSet
{
public:
    enum class Outcome : std::uint8_t
    {
        Whole,        ///< 200: no field, a malformed one, another unit, or one that asks for too much trouble
        Partial,      ///< 206: ranges() has one or more, apart from each other
        Unsatisfiable ///< 416
    };

    [[nodiscard]] Outcome outcome() const { return outcome_; }
    /// In the order of the request; ranges that were merged stand where the first of them stood.
    [[nodiscard]] std::span<const ByteRange> ranges() const { return {ranges_.data(), count_}; }
    /// Bytes of all ranges together, without part heads.
    [[nodiscard]] std::uint64_t totalLength() const;

private:
    friend RangeSet parseRange(std::string_view field, std::uint64_t size);
    /// True where it overlaps what is there already.
    bool add(ByteRange range);

    Outcome outcome_ = Outcome::Whole;
    std::size_t count_ = 0;
    std::array<ByteRange, kMaxParts + 1> ranges_;
};

/// Whether the representation's first byte is among them.
[[nodiscard]] inline bool hasFirstByte(std::span<const ByteRange> ranges)
{
    return std::any_of(ranges.begin(), ranges.end(), [](const ByteRange& range) { return range.first == 0; });
}

/// `field` is the value of Range, null where there was none. For GET only: other methods ignore Range (RFC
/// 9110 §14.2), and so does one whose If-Range does not hold.
///
/// Numbers beyond 64 bits count as the largest. Of an empty representation every valid set is answered whole
/// (200): no Content-Range can describe a part of nothing, and clients that put Range on every request want
/// no error for it. Ignored, as §14.2 and §17.15 allow, are more than two ranges that overlap others, and
/// sets beyond the bounds above.
[[nodiscard]] RangeSet parseRange(std::string_view field, std::uint64_t size);

} // namespace spillway::http
