// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/multipart.h"

#include <array>
#include <sys/random.h>

namespace spillway::http {

namespace {

constexpr std::string_view kDelimiter = "\r\n--";
constexpr std::string_view kType = "\r\nContent-Type: ";
constexpr std::string_view kRange = "\r\nContent-Range: bytes ";
constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::string_view kClose = "--\r\n";

std::uint64_t digits(std::uint64_t number)
{
    std::uint64_t count = 1;
    for (; number >= 10; number /= 10)
        ++count;
    return count;
}

void appendRange(std::string& out, ByteRange range, std::uint64_t size)
{
    out += std::to_string(range.first);
    out += '-';
    out += std::to_string(range.last);
    out += '/';
    out += std::to_string(size);
}

} // namespace

std::string randomBoundary()
{
    std::array<unsigned char, 16> bytes{};
    (void)!::getrandom(bytes.data(), bytes.size(), 0);
    constexpr std::string_view hexDigits = "0123456789abcdef";
    std::string text = "spillway-";
    for (const unsigned char byte : bytes) {
        text += hexDigits[byte >> 4];
        text += hexDigits[byte & 15];
    }
    return text;
}

std::string multipartContentType(std::string_view boundary)
{
    std::string value = "multipart/byteranges; boundary=";
    value += boundary;
    return value;
}

std::string partHead(const MultipartForm& form, ByteRange range, Part part)
{
    std::string text;
    text += part == Part::First ? kDelimiter.substr(2) : kDelimiter;
    text += form.boundary;
    if (!form.contentType.empty()) {
        text += kType;
        text += form.contentType;
    }
    text += kRange;
    appendRange(text, range, form.size);
    text += kEnd;
    return text;
}

std::string closingDelimiter(std::string_view boundary)
{
    std::string text(kDelimiter);
    text += boundary;
    text += kClose;
    return text;
}

std::uint64_t multipartLength(const MultipartForm& form, std::span<const ByteRange> ranges)
{
    const std::uint64_t type = form.contentType.empty() ? 0 : kType.size() + form.contentType.size();
    const std::uint64_t perPart =
        kDelimiter.size() + form.boundary.size() + type + kRange.size() + 2 + digits(form.size) + kEnd.size();
    std::uint64_t total = kDelimiter.size() + form.boundary.size() + kClose.size();
    for (const ByteRange& range : ranges)
        total += perPart + digits(range.first) + digits(range.last) + range.length();
    return ranges.empty() ? total : total - 2; // the first delimiter has no CRLF before it
}

std::string contentRange(ByteRange range, std::uint64_t size)
{
    std::string value = "bytes ";
    appendRange(value, range, size);
    return value;
}

std::string unsatisfiedContentRange(std::uint64_t size)
{
    return "bytes */" + std::to_string(size);
}

} // namespace spillway::http
