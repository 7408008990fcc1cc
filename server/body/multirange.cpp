// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/multirange.h"

#include <algorithm>

namespace spillway::body {

std::uint64_t totalLength(std::span<const net::Segment> segments)
{
    std::uint64_t total = 0;
    for (const net::Segment& segment : segments)
        total += segment.length;
    return total;
}

std::vector<net::Segment> slice(std::span<const net::Segment> segments, std::uint64_t first,
                                std::uint64_t last)
{
    std::vector<net::Segment> cut;
    if (first > last)
        return cut;
    std::uint64_t begin = 0; // of the segment, in the list
    for (const net::Segment& segment : segments) {
        const std::uint64_t end = begin + segment.length;
        if (end > first && segment.length > 0) {
            const std::uint64_t skip = first > begin ? first - begin : 0;
            net::Segment part = segment;
            part.length = segment.length - skip;
            if (end - 1 > last)
                part.length -= end - 1 - last;
            if (part.file)
                part.offset += skip;
            else
                part.data += skip;
            cut.push_back(std::move(part));
        }
        begin = end;
        if (begin > last)
            break;
    }
    return cut;
}

SegmentedBody rangesBody(std::span<const net::Segment> whole, std::span<const http::ByteRange> ranges,
                         const http::MultipartForm& form)
{
    SegmentedBody body;
    if (ranges.size() == 1) {
        body.segments = slice(whole, ranges.front().first, ranges.front().last);
        body.length = totalLength(body.segments);
        return body;
    }
    auto which = http::Part::First;
    for (const http::ByteRange& range : ranges) {
        body.segments.push_back(net::Segment::memory(http::partHead(form, range, which)));
        std::ranges::move(slice(whole, range.first, range.last), std::back_inserter(body.segments));
        which = http::Part::Later;
    }
    if (!ranges.empty())
        body.segments.push_back(net::Segment::memory(http::closingDelimiter(form.boundary)));
    body.length = totalLength(body.segments);
    return body;
}

} // namespace spillway::body
