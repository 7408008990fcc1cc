// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/nearest.h"

#include <algorithm>
#include <vector>

namespace spillway::config {

namespace {

/// Optimal string alignment distance, three rows at a time.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] =
                std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates)
{
    if (word.size() > 64) // no name is that long, and the work is the product of both lengths
        return {};
    std::size_t best = std::clamp<std::size_t>(word.size() / 3, 1, 4) + 1;
    std::string_view found;
    for (std::string_view candidate : candidates) {
        if (const std::size_t edits = distance(word, candidate); edits < best) {
            best = edits;
            found = candidate;
        }
    }
    return found;
}

std::string didYouMean(std::string_view word, std::span<const std::string_view> candidates)
{
    const std::string_view meant = nearest(word, candidates);
    return meant.empty() ? std::string() : " (did you mean " + std::string(meant) + "?)";
}

} // namespace spillway::config
