// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/fieldline.h"

#include "server/http/chars.h"

#include <bit>
#include <cstring>

namespace spillway::http::detail {

namespace {

constexpr GateResult refuse(const char* reason)
{
    return {GateResult::Outcome::Rejected, 400, reason};
}

/// The first byte at or after `p` that is a control character other than HTAB, or `end`.
const char* skipFieldValue(const char* p, const char* end)
{
    // Eight bytes at a time: a byte below 0x20, or 0x7f, sets its top bit in `hit`. A borrow can only mark
    // bytes after a true hit, so the lowest one is exact on a little-endian machine; others take the loop
    // below.
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t ones = 0x0101010101010101U;
        constexpr std::uint64_t tops = 0x8080808080808080U;
        while (end - p >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, p, 8);
            const std::uint64_t del = word ^ (ones * 0x7f);
            const std::uint64_t hit = (((word - ones * 0x20) & ~word) | ((del - ones) & ~del)) & tops;
            if (hit == 0) {
                p += 8;
                continue;
            }
            p += std::countr_zero(hit) / 8;
            if (*p != '\t')
                return p;
            ++p;
        }
    }
    while (p != end && chars::is(*p, chars::FieldValue))
        ++p;
    return p;
}

/// Why a field line that did not parse is refused; only once it is complete, so that cutting does not matter.
GateResult badFieldLine(const char* line, const char* end)
{
    const auto* const lineFeed =
        static_cast<const char*>(std::memchr(line, '\n', static_cast<std::size_t>(end - line)));
    if (lineFeed == nullptr)
        return {};
    if (chars::isBlank(*line))
        return refuse("folded field line");
    const char* p = line;
    while (chars::is(*p, chars::Token))
        ++p;
    if (*p == ':' && p == line)
        return refuse("field without a name");
    if (chars::isBlank(*p))
        return refuse("space in or after a field name");
    if (*p != ':' && *p != '\r' && *p != '\n')
        return refuse("bad character in a field name");
    p = skipFieldValue(p, lineFeed);
    if (p == lineFeed)
        return refuse("line feed without a carriage return");
    if (*p == '\r')
        return refuse(p + 1 == lineFeed ? "field line without a colon"
                                        : "carriage return without a line feed");
    return refuse("control character in a field");
}

} // namespace

GateResult parseFieldLine(const char*& p, const char* end, HeaderField& field)
{
    const char* const line = p;
    const char* q = p;
    while (q != end && chars::is(*q, chars::Token))
        ++q;
    if (q == end || *q != ':' || q == line)
        return badFieldLine(line, end);
    field.name = {line, static_cast<std::size_t>(q - line)};
    ++q;
    while (q != end && chars::isBlank(*q))
        ++q;
    const char* const value = q;
    q = skipFieldValue(q, end);
    if (end - q < 2 || q[0] != '\r' || q[1] != '\n')
        return badFieldLine(line, end);
    p = q + 2;
    while (q != value && chars::isBlank(q[-1]))
        --q;
    field.value = {value, static_cast<std::size_t>(q - value)};
    return {GateResult::Outcome::Accepted, 0, nullptr};
}

} // namespace spillway::http::detail
