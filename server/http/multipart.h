// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/range.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The body of a 206 with several ranges (RFC 9110 §14.6), byte for byte, for the ranges 0-1 and 4-9 of 10
// bytes:
//
//   --BOUNDARY␍␊                            ┐
//   Content-Type: text/plain␍␊              │ partHead(…, First): nothing stands before the first delimiter
//   Content-Range: bytes 0-1/10␍␊           │
//   ␍␊                                      ┘
//   ab                                        2 bytes of the file
//   ␍␊                                      ┐
//   --BOUNDARY␍␊                            │ partHead(…, Later): the CRLF belongs to the delimiter, not to
//   the bytes Content-Type: text/plain␍␊              │ before it (RFC 2046 §5.1.1) Content-Range: bytes
//   4-9/10␍␊           │ ␍␊                                      ┘ efghij 6 bytes of the file ␍␊ ┐
//   closingDelimiter()
//   --BOUNDARY--␍␊                          ┘
//
// One range is sent plainly, never as a multipart of one part (§15.3.7.2).
namespace spillway::http {

enum class Part : std::uint8_t
{
    First,
    Later
};

/// The representation that the parts are of. `boundary`: 1 to 70 of [0-9A-Za-z_-] that the bytes do not hold,
/// so random. `contentType` may be empty: the parts then have no such field.
struct MultipartForm
{
    std::string_view boundary;
    std::string_view contentType;
    std::uint64_t size = 0;
};

/// 128 random bits as text: what no file holds.
[[nodiscard]] std::string randomBoundary();
/// "multipart/byteranges; boundary=…" for Content-Type.
[[nodiscard]] std::string multipartContentType(std::string_view boundary);
[[nodiscard]] std::string partHead(const MultipartForm& form, ByteRange range, Part part);
[[nodiscard]] std::string closingDelimiter(std::string_view boundary);
/// Content-Length of the whole body, without building any of it.
[[nodiscard]] std::uint64_t multipartLength(const MultipartForm& form, std::span<const ByteRange> ranges);

/// "bytes 0-1/10" for Content-Range, and "bytes */10" for a 416 (RFC 9110 §14.4).
[[nodiscard]] std::string contentRange(ByteRange range, std::uint64_t size);
[[nodiscard]] std::string unsatisfiedContentRange(std::uint64_t size);

} // namespace spillway::http
