// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace spillway::body {

/// How often something was asked for lately, in a few bytes a thing: a count-min sketch of 4-bit counters
/// that are halved once in a while (TinyLFU, Einziger et al., ACM ToS 2017). Estimates are never too low but
/// by ageing. One thread.
class FrequencySketch
{
public:
    /// Sized for about that many things.
    explicit FrequencySketch(std::size_t things);

    void add(std::uint64_t hash) noexcept;
    [[nodiscard]] unsigned estimate(std::uint64_t hash) const noexcept; ///< 0 to 15

private:
    [[nodiscard]] std::size_t cell(std::uint64_t hash, unsigned row) const noexcept;
    void age() noexcept;

    std::vector<std::uint8_t> cells_; ///< one counter a byte: 4 rows of the same size, a power of two
    std::uint64_t mask_;
    std::size_t additions_ = 0, agesAt_;
};

} // namespace spillway::body
