// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headfields.h"

#include "server/http/chars.h"
#include "server/http/headtarget.h"

#include <limits>

namespace spillway::http::detail {

static_assert(kKnownCount <= 32, "the set of repeated fields is a 32-bit mask");

namespace {

constexpr GateResult refuse(int status, const char* reason)
{
    return {GateResult::Outcome::Rejected, status, reason};
}

/// Sets `close` and `keepAlive` where Connection names them.
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

/// 1*DIGIT that fits a file offset; false otherwise.
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

} // namespace

void takeKnownField(Known known, std::string_view value, Framing& framing, RequestHead& head)
{
    switch (known) {
    case Known::Unknown:
    case Known::Count:
        return;
    case Known::Host:
        if (framing.host.data() != nullptr)
            framing.refusal = "more than one Host";
        framing.host = value;
        return;
    case Known::Connection:
        readConnection(value, framing.close, framing.keepAlive);
        return;
    case Known::ContentLength: {
        std::uint64_t length = 0;
        if (head.contentLength)
            framing.refusal = "more than one Content-Length";
        else if (!readContentLength(value, length))
            framing.refusal = "Content-Length is not a number";
        head.contentLength = length;
        return;
    }
    case Known::TransferEncoding:
        if (framing.transferEncoding.data() != nullptr)
            framing.refusal = "more than one Transfer-Encoding";
        framing.transferEncoding = value;
        return;
    case Known::Expect:
        if (chars::equalsLower(value, "100-continue"))
            framing.expectContinue = true;
        else
            framing.otherExpectation = true;
        return;
    default:
        break;
    }
    const Slot& slot = kSlots[static_cast<std::size_t>(known)];
    std::string_view& place = head.*slot.view;
    if (place.data() == nullptr)
        place = value;
    else if (slot.repeat == Repeat::Refuse)
        framing.refusal = "a field that may come once was sent twice";
    else if (slot.repeat == Repeat::Join)
        framing.repeated |= 1U << static_cast<unsigned>(known);
}

/// What concerns the head as a whole, after its last line.
GateResult judgeHead(const Framing& framing, RequestHead& head)
{
    if (framing.refusal != nullptr)
        return refuse(400, framing.refusal);
    if (framing.host.data() == nullptr) {
        if (head.minorVersion == 1)
            return refuse(400, "HTTP/1.1 without Host");
    } else {
        if (!validAuthority(framing.host))
            return refuse(400, "bad Host");
        if (head.host.data() == nullptr) // else the target's authority, which wins (RFC 9112 §3.2.2)
            head.host = framing.host;
    }
    if (framing.transferEncoding.data() != nullptr) {
        if (head.contentLength)
            return refuse(400, "Content-Length with Transfer-Encoding");
        if (head.minorVersion == 0)
            return refuse(400, "Transfer-Encoding in HTTP/1.0");
        if (!chars::equalsLower(framing.transferEncoding, "chunked"))
            return refuse(501, "a transfer coding other than chunked");
        head.chunkedBody = true;
    }
    if (head.minorVersion == 1) { // an expectation in HTTP/1.0 is ignored (RFC 9110 §10.1.1)
        if (framing.otherExpectation)
            return refuse(417, "an expectation other than 100-continue");
        head.expectContinue = framing.expectContinue;
    }
    head.keepAlive = !framing.close && (head.minorVersion == 1 || framing.keepAlive);
    return {GateResult::Outcome::Accepted, 0, nullptr};
}

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

} // namespace spillway::http::detail
