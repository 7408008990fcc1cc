// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace spillway::get {

/// Bytes of a file from `first` to before `end`.
struct Span
{
    std::uint64_t first = 0, end = 0;

    [[nodiscard]] std::uint64_t length() const { return end - first; }
    friend bool operator==(const Span&, const Span&) = default;
};

/// In rising order, none empty, none touching the next, all before `size`: what is asked of every list of
/// spans.
[[nodiscard]] bool isOrdered(const std::vector<Span>& spans, std::uint64_t size);

[[nodiscard]] std::uint64_t totalLength(const std::vector<Span>& spans);

/// `spans` with the smallest gaps closed until there are at most `most`: says less is there than is.
[[nodiscard]] std::vector<Span> coalesced(std::vector<Span> spans, std::size_t most);

} // namespace spillway::get
