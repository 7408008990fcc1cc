// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Pieces in order, apart from each other by at least one byte:
//
//     [begin, end)   gap >= 1   [begin, end)   gap >= 1   [begin, end)
//
// As bytes: for each piece two varints (LEB128, least significant group first), how far it begins behind the
// end of the one before, and its length. So one whole file is 2 to 6 bytes.
namespace spillway::policy {

/// Which bytes of a file arrived: a union of ranges. A value; at most kMaxPieces pieces (16 KiB), beyond
/// which the smallest one is forgotten. So it may say too little, never too much.
class RangeUnion
{
public:
    static constexpr std::size_t kMaxPieces = 1024;

    struct Piece
    {
        std::uint64_t begin = 0;
        std::uint64_t end = 0; ///< > begin
        friend bool operator==(const Piece&, const Piece&) = default;
    };

    /// The bytes from `begin` up to, not with, `end`; nothing where they are none. False where a piece had to
    /// be forgotten.
    bool add(std::uint64_t begin, std::uint64_t end);
    bool add(const RangeUnion& other);

    [[nodiscard]] std::uint64_t covered() const noexcept;
    /// All bytes of a file of that size.
    [[nodiscard]] bool coversAll(std::uint64_t size) const noexcept;
    [[nodiscard]] std::span<const Piece> pieces() const noexcept { return pieces_; }
    [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }

    [[nodiscard]] std::string encode() const;
    /// None where the bytes are not what encode() makes.
    [[nodiscard]] static std::optional<RangeUnion> decode(std::string_view bytes);

    friend bool operator==(const RangeUnion&, const RangeUnion&) = default;

private:
    std::vector<Piece> pieces_;
};

} // namespace spillway::policy
