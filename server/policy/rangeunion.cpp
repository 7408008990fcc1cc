// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/rangeunion.h"

#include <algorithm>
#include <limits>

namespace spillway::policy {

namespace {

void putVarint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// The shortest form only: no number has two spellings.
std::optional<std::uint64_t> takeVarint(std::string_view& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        if (shift == 63 && byte > 1)
            return std::nullopt;
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80)
            return byte == 0 && shift > 0 ? std::nullopt : std::optional(value);
    }
    return std::nullopt;
}

} // namespace

bool RangeUnion::add(std::uint64_t begin, std::uint64_t end)
{
    if (begin >= end)
        return true;
    // All that touch the new one, at its ends too, become one with it.
    const auto first = std::lower_bound(pieces_.begin(), pieces_.end(), begin,
                                        [](const Piece& piece, std::uint64_t at) { return piece.end < at; });
    auto last = first;
    for (; last != pieces_.end() && last->begin <= end; ++last) {
        begin = std::min(begin, last->begin);
        end = std::max(end, last->end);
    }
    if (first != last) {
        *first = {begin, end};
        pieces_.erase(first + 1, last);
        return true;
    }
    pieces_.insert(first, {begin, end});
    if (pieces_.size() <= kMaxPieces)
        return true;
    pieces_.erase(std::min_element(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
        return a.end - a.begin < b.end - b.begin;
    }));
    return false;
}

bool RangeUnion::add(const RangeUnion& other)
{
    bool all = true;
    for (const Piece& piece : other.pieces_)
        all = add(piece.begin, piece.end) && all;
    return all;
}

std::uint64_t RangeUnion::covered() const noexcept
{
    std::uint64_t total = 0;
    for (const Piece& piece : pieces_)
        total += piece.end - piece.begin;
    return total;
}

bool RangeUnion::coversAll(std::uint64_t size) const noexcept
{
    return size == 0 || (pieces_.size() == 1 && pieces_.front().begin == 0 && pieces_.front().end >= size);
}

std::string RangeUnion::encode() const
{
    std::string bytes;
    std::uint64_t at = 0;
    for (const Piece& piece : pieces_) {
        putVarint(bytes, piece.begin - at);
        putVarint(bytes, piece.end - piece.begin);
        at = piece.end;
    }
    return bytes;
}

std::optional<RangeUnion> RangeUnion::decode(std::string_view bytes)
{
    RangeUnion result;
    std::uint64_t at = 0;
    while (!bytes.empty()) {
        const auto gap = takeVarint(bytes);
        const auto length = takeVarint(bytes);
        constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
        if (!gap || !length || *length == 0 || (*gap == 0 && !result.pieces_.empty()) ||
            result.pieces_.size() == kMaxPieces || *gap > most - at || *length > most - at - *gap)
            return std::nullopt;
        result.pieces_.push_back({at + *gap, at + *gap + *length});
        at = result.pieces_.back().end;
    }
    return result;
}

} // namespace spillway::policy
