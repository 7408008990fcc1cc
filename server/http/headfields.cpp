// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headfields.h"

#include "server/http/chars.h"

#include <limits>

namespace spillway::http::detail {

static_assert(kKnownCount <= 32, "the set of repeated fields is a 32-bit mask");

void joinRepeated(std::uint32_t repeated, char* scratch, RequestHead& head)
{
    for (std::size_t i = 0; i < kKnownCount; ++i) {
        if ((repeated >> i & 1U) == 0)
            continue;
        const char separator = static_cast<Known>(i) == Known::Cookie ? ';' : ',';
        const char* const begin = scratch;
        for (const HeaderField& field : head.fields) {
            if (knownField(field.name.data(), field.name.size()) != static_cast<Known>(i) ||
                field.value.empty())
                continue;
            if (scratch != begin) {
                *scratch++ = separator;
                *scratch++ = ' ';
            }
            std::memcpy(scratch, field.value.data(), field.value.size());
            scratch += field.value.size();
        }
        head.*kSlots[i].view = std::string_view(begin, static_cast<std::size_t>(scratch - begin));
    }
}

void readConnection(std::string_view value, bool& close, bool& keepAlive)
{
    std::string_view option;
    while (chars::nextMember(value, option)) {
        if (chars::equalsLower(option, "close"))
            close = true;
        else if (chars::equalsLower(option, "keep-alive"))
            keepAlive = true;
    }
}

bool readContentLength(std::string_view value, std::uint64_t& length)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::uint64_t number = 0;
    for (char c : value) {
        if (!chars::is(c, chars::Digit))
            return false;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    length = number;
    return !value.empty();
}

} // namespace spillway::http::detail
