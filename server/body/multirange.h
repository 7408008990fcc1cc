// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/multipart.h"
#include "server/http/range.h"
#include "server/net/segment.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace spillway::body {

/// A body as the sender takes it, and its Content-Length: the sum of the segments.
struct SegmentedBody
{
    std::vector<net::Segment> segments;
    std::uint64_t length = 0;
};

[[nodiscard]] std::uint64_t totalLength(std::span<const net::Segment> segments);

/// The bytes `first` to `last` (both belong to it, counted from the begin of the list) of what the segments
/// say together, as segments that share files and owners with them. Cut at the list's end; empty where first
/// > last or beyond the end. Segments of length 0 are left out. Pure; lengths that sum up beyond 64 bits are
/// not supported.
[[nodiscard]] std::vector<net::Segment> slice(std::span<const net::Segment> segments, std::uint64_t first,
                                              std::uint64_t last);

/// The body of a 206 answer for a whole representation of `form.size` bytes: of one range plainly its bytes,
/// of several multipart/byteranges (RFC 9110 §14.6), each part a head and its slice. `ranges` as
/// http::parseRange made them: within the representation, at most http::kMaxParts.
[[nodiscard]] SegmentedBody rangesBody(std::span<const net::Segment> whole,
                                       std::span<const http::ByteRange> ranges,
                                       const http::MultipartForm& form);

} // namespace spillway::body
