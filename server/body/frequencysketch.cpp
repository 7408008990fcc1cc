// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/frequencysketch.h"

#include <algorithm>
#include <bit>

namespace spillway::body {

namespace {
constexpr unsigned kRows = 4;
constexpr std::uint8_t kMost = 15;
constexpr std::array<std::uint64_t, kRows> kSeeds{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
                                                  0xd6e8feb86659fd93};
} // namespace

FrequencySketch::FrequencySketch(std::size_t things)
    : mask_(std::bit_ceil(std::max<std::size_t>(things, 64) * 2) - 1),
      agesAt_(std::max<std::size_t>(things, 64) * 10)
{
    cells_.resize(kRows * (mask_ + 1));
}

std::size_t FrequencySketch::cell(std::uint64_t hash, unsigned row) const noexcept
{
    std::uint64_t mixed = (hash ^ kSeeds[row]) * kSeeds[(row + 1) % kRows];
    mixed ^= mixed >> 32;
    return row * (mask_ + 1) + (mixed & mask_);
}

void FrequencySketch::add(std::uint64_t hash) noexcept
{
    // Only the smallest counters grow (conservative update): what shares a cell with something popular is
    // overrated less.
    const unsigned least = estimate(hash);
    if (least < kMost)
        for (unsigned row = 0; row < kRows; ++row)
            if (auto& counter = cells_[cell(hash, row)]; counter == least)
                ++counter;
    if (++additions_ >= agesAt_)
        age();
}

unsigned FrequencySketch::estimate(std::uint64_t hash) const noexcept
{
    unsigned least = kMost;
    for (unsigned row = 0; row < kRows; ++row)
        least = std::min<unsigned>(least, cells_[cell(hash, row)]);
    return least;
}

void FrequencySketch::age() noexcept
{
    for (auto& counter : cells_)
        counter = static_cast<std::uint8_t>(counter >> 1);
    additions_ /= 2;
}

} // namespace spillway::body
