// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/subjectkey.h"

#include <random>

namespace spillway::policy {

namespace {
__extension__ using Wide = unsigned __int128;
}

std::size_t SubjectKey::Hash::operator()(const SubjectKey& key) const noexcept
{
    static const std::array<std::uint64_t, 2> seed = [] {
        std::random_device random;
        const auto draw = [&random] { return (std::uint64_t{random()} << 32 | random()) | 1; };
        return std::array<std::uint64_t, 2>{draw(), draw()};
    }();
    // Two rounds of folded multiplication, as wyhash mixes its blocks.
    const auto fold = [](std::uint64_t a, std::uint64_t b) {
        const auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), key.bytes.data(), sizeof words);
    return fold(fold(words[0] ^ seed[0], words[1] ^ seed[1]) ^ seed[0], 0x9E3779B97F4A7C15ULL ^ seed[1]);
}

} // namespace spillway::policy
