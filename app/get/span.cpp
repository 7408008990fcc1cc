// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/span.h"

#include <algorithm>

namespace spillway::get {

bool isOrdered(const std::vector<Span>& spans, std::uint64_t size)
{
    for (std::size_t i = 0; i < spans.size(); ++i)
        if (spans[i].first >= spans[i].end || spans[i].end > size ||
            (i > 0 && spans[i - 1].end >= spans[i].first))
            return false;
    return true;
}

std::uint64_t totalLength(const std::vector<Span>& spans)
{
    std::uint64_t sum = 0;
    for (const Span& span : spans)
        sum += span.length();
    return sum;
}

std::vector<Span> coalesced(std::vector<Span> spans, std::size_t most)
{
    while (spans.size() > std::max<std::size_t>(most, 1)) {
        std::size_t smallest = 1;
        const auto gap = [&](std::size_t i) { return spans[i].first - spans[i - 1].end; };
        for (std::size_t i = 2; i < spans.size(); ++i)
            if (gap(i) < gap(smallest))
                smallest = i;
        spans[smallest - 1].end = spans[smallest].end;
        spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(smallest));
    }
    return spans;
}

} // namespace spillway::get
