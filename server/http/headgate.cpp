// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headgate.h"

#include "server/http/chars.h"
#include "server/http/headfields.h"
#include "server/http/headtarget.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace spillway::http {

using detail::Known;

namespace {

/// The longest method that is looked at: longer ones are none that we know (RFC 9112 §3 wants 501).
constexpr std::size_t kMethodBytes = 32;
/// What a request line has besides its target: method, two spaces, version.
constexpr std::size_t kLineOverhead = kMethodBytes + 2 + 8;

constexpr GateResult kNeedMore{};
constexpr GateResult kAccepted{GateResult::Outcome::Accepted, 0, nullptr};

constexpr GateResult refuse(int status, const char* reason)
{
    return {GateResult::Outcome::Rejected, status, reason};
}

constexpr GateResult kHeadTooLarge = refuse(431, "the head is too large");
constexpr GateResult kTargetTooLong = refuse(414, "the target is too long");

const char* findLineFeed(const char* from, const char* end)
{
    return static_cast<const char*>(std::memchr(from, '\n', static_cast<std::size_t>(end - from)));
}

std::string_view view(const char* from, const char* to)
{
    return {from, static_cast<std::size_t>(to - from)};
}

Method methodOf(std::string_view token)
{
    switch (token.size()) {
    case 3:
        return token == "GET" ? Method::Get : token == "PUT" ? Method::Put : Method::Other;
    case 4:
        return token == "HEAD" ? Method::Head : token == "POST" ? Method::Post : Method::Other;
    case 5:
        return token == "PATCH" ? Method::Patch : Method::Other;
    case 6:
        return token == "DELETE" ? Method::Delete : Method::Other;
    case 7:
        return token == "OPTIONS" ? Method::Options : Method::Other;
    default:
        return Method::Other;
    }
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
    const char* const lineFeed = findLineFeed(line, end);
    if (lineFeed == nullptr)
        return kNeedMore;
    if (chars::isBlank(*line))
        return refuse(400, "folded field line");
    const char* p = line;
    while (chars::is(*p, chars::Token))
        ++p;
    if (*p == ':' && p == line)
        return refuse(400, "field without a name");
    if (chars::isBlank(*p))
        return refuse(400, "space in or after a field name");
    if (*p != ':' && *p != '\r' && *p != '\n')
        return refuse(400, "bad character in a field name");
    p = skipFieldValue(p, lineFeed);
    if (p == lineFeed)
        return refuse(400, "line feed without a carriage return");
    if (*p == '\r')
        return refuse(400, p + 1 == lineFeed ? "field line without a colon"
                                             : "carriage return without a line feed");
    return refuse(400, "control character in a field");
}

/// One field line at `p`. Accepted moves `p` behind its CRLF; else it stays.
GateResult parseFieldLine(const char*& p, const char* end, HeaderField& field)
{
    const char* const line = p;
    const char* q = p;
    while (q != end && chars::is(*q, chars::Token))
        ++q;
    if (q == end || *q != ':' || q == line)
        return badFieldLine(line, end);
    field.name = view(line, q);
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
    field.value = view(value, q);
    return kAccepted;
}

/// The fields that the gate itself decides by, gathered over the lines.
struct Framing
{
    std::string_view host, transferEncoding;
    std::uint32_t repeated = 0; ///< bits of Known: list fields to join
    bool close = false, keepAlive = false;
    bool otherExpectation = false, expectContinue = false;
    const char* refusal = nullptr; ///< why the head is refused once it is complete
};

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
        detail::readConnection(value, framing.close, framing.keepAlive);
        return;
    case Known::ContentLength: {
        std::uint64_t length = 0;
        if (head.contentLength)
            framing.refusal = "more than one Content-Length";
        else if (!detail::readContentLength(value, length))
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
    const detail::Slot& slot = detail::kSlots[static_cast<std::size_t>(known)];
    std::string_view& place = head.*slot.view;
    if (place.data() == nullptr)
        place = value;
    else if (slot.repeat == detail::Repeat::Refuse)
        framing.refusal = "a field that may come once was sent twice";
    else if (slot.repeat == detail::Repeat::Join)
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
        if (!detail::validAuthority(framing.host))
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
    return kAccepted;
}

/// The method as far as it is there: also of a line that is not complete.
GateResult judgeMethod(const char* p, const char* end)
{
    const char* const start = p;
    while (p != end && chars::is(*p, chars::Token)) {
        if (static_cast<std::size_t>(++p - start) > kMethodBytes)
            return refuse(501, "the method is too long");
    }
    return p == end || (*p == ' ' && p != start) ? kNeedMore
                                                 : refuse(400, "this is not an HTTP request line");
}

} // namespace

HeadGate::HeadGate(HeadLimits limits)
    : limits_(limits),
      // Not more than the head may have, so that a line too long is found at the same byte however it was
      // cut.
      lineLimit_(
          std::min(limits.targetBytes + kLineOverhead, std::max<std::size_t>(limits.headBytes, 2) - 2)),
      fields_(std::make_unique<HeaderField[]>(limits.fields + 1)),
      targetScratch_(std::make_unique<char[]>(2 * limits.targetBytes + 2)),
      fieldScratch_(std::make_unique<char[]>(limits.headBytes + 2 * limits.fields + 2))
{
}

GateResult HeadGate::parse(std::string_view bytes, std::size_t& resumeAt, RequestHead& head)
{
    if (bytes.empty())
        return kNeedMore;
    const char* start = bytes.data();
    const char* const end = start + bytes.size();
    if (*start == '\r') { // one empty line before the request line is passed over (RFC 9112 §2.2)
        if (bytes.size() >= 2 && start[1] != '\n')
            return refuse(400, "carriage return without a line feed");
        if (bytes.size() <= 2) {
            resumeAt = bytes.size();
            return kNeedMore;
        }
        start += 2;
    }
    const std::size_t skipped = static_cast<std::size_t>(start - bytes.data());
    GateResult result = resumeAt <= skipped ? parseWhole(start, end, head)
                                            : parseTrickle(view(start, end), resumeAt - skipped, head);
    if (result.outcome == GateResult::Outcome::NeedMore) {
        resumeAt = bytes.size();
    } else {
        resumeAt = 0;
        head.size += skipped;
    }
    return result;
}

// More bytes of a head that was looked at before: only lines that became complete are judged, and the head is
// parsed as a whole when its last line is there. Bytes that end no line cost a search for "\n" in themselves,
// so each byte is read three or four times at most, however many calls it takes.
GateResult HeadGate::parseTrickle(std::string_view bytes, std::size_t scanned, RequestHead& head)
{
    const char* const start = bytes.data();
    const char* const end = start + bytes.size();
    scanned = std::min(scanned, bytes.size());
    const char* lineFeed = findLineFeed(start + scanned, end);
    if (lineFeed == nullptr)
        return judgePartialHead(bytes, scanned);
    const std::size_t lastFeed = bytes.substr(0, scanned).rfind('\n');
    const char* line = lastFeed == std::string_view::npos ? start : start + lastFeed + 1;
    for (; lineFeed != nullptr; lineFeed = findLineFeed(line, end)) {
        GateResult result;
        if (line == start) {
            result = parseRequestLine(start, lineFeed, head);
        } else if (static_cast<std::size_t>(lineFeed + 1 - start) > limits_.headBytes) {
            result = kHeadTooLarge;
        } else if (lineFeed - line == 1 && *line == '\r') {
            return parseWhole(start, end, head);
        } else {
            HeaderField field;
            const char* p = line;
            result = parseFieldLine(p, lineFeed + 1, field);
        }
        if (result.status != 0)
            return result;
        line = lineFeed + 1;
    }
    return bytes.size() > limits_.headBytes ? kHeadTooLarge : kNeedMore;
}

// No line ended in the bytes from `scanned` on. What can be wrong by now is looked at once, when the head
// grows past it.
GateResult HeadGate::judgePartialHead(std::string_view bytes, std::size_t scanned) const
{
    const char* const start = bytes.data();
    if (scanned <= kMethodBytes) {
        if (GateResult result = judgeMethod(start, start + bytes.size()); result.status != 0)
            return result;
    }
    const std::size_t longest = lineLimit_ + 2;
    if (scanned < longest && bytes.size() >= longest && findLineFeed(start, start + longest) == nullptr)
        return kTargetTooLong;
    return bytes.size() > limits_.headBytes ? kHeadTooLarge : kNeedMore;
}

GateResult HeadGate::parseWhole(const char* start, const char* end, RequestHead& head)
{
    const bool cut = static_cast<std::size_t>(end - start) > limits_.headBytes;
    if (cut)
        end = start + limits_.headBytes;
    const char* const lineFeed = findLineFeed(start, end);
    if (lineFeed == nullptr) {
        const GateResult result = judgePartialHead(view(start, end), 0);
        return result.status == 0 && cut ? kHeadTooLarge : result;
    }
    head = RequestHead{};
    if (GateResult result = parseRequestLine(start, lineFeed, head); result.status != 0)
        return result;

    Framing framing;
    std::size_t count = 0;
    const char* p = lineFeed + 1;
    for (;;) {
        if (end - p >= 2 && p[0] == '\r' && p[1] == '\n')
            break;
        HeaderField& field =
            fields_[std::min(count, limits_.fields)]; // the last place takes what is too many
        GateResult result = p == end ? kNeedMore : parseFieldLine(p, end, field);
        if (result.outcome != GateResult::Outcome::Accepted)
            return result.status == 0 && cut ? kHeadTooLarge : result;
        ++count;
        takeKnownField(detail::knownField(field.name.data(), field.name.size()), field.value, framing, head);
    }
    head.size = static_cast<std::size_t>(p + 2 - start);
    if (count > limits_.fields)
        return refuse(431, "too many fields");
    head.fields = {fields_.get(), count};
    GateResult result = judgeHead(framing, head);
    if (framing.repeated != 0)
        detail::joinRepeated(framing.repeated, fieldScratch_.get(), head);
    return result;
}

GateResult HeadGate::parseRequestLine(const char* start, const char* lineFeed, RequestHead& head)
{
    if (GateResult result = judgeMethod(start, lineFeed); result.status != 0)
        return result;
    if (static_cast<std::size_t>(lineFeed - start) > lineLimit_ + 1)
        return kTargetTooLong;
    if (lineFeed == start || lineFeed[-1] != '\r')
        return refuse(400, "line feed without a carriage return");
    const char* const lineEnd = lineFeed - 1; // a CR: every scan below ends at it
    const char* p = start;
    while (chars::is(*p, chars::Token))
        ++p;
    if (*p != ' ')
        return refuse(400, "no target and no version");
    head.methodToken = view(start, p);
    head.method = methodOf(head.methodToken);

    const char* const target = ++p;
    unsigned flags = 0;
    constexpr unsigned stops = detail::StopBad | detail::StopSpace | detail::StopQuery;
    const auto scan = [&p](unsigned& seen, unsigned until) {
        unsigned bits = 0;
        while (((bits = detail::kTargetTable[static_cast<unsigned char>(*p)]) & until) == 0) {
            seen |= bits;
            ++p;
        }
        return bits;
    };
    unsigned stop = scan(flags, stops);
    const char* const queryMark = p;
    unsigned queryFlags = 0;
    if (stop == detail::StopQuery)
        stop = scan(queryFlags, detail::StopBad | detail::StopSpace);
    if (stop == detail::StopBad)
        return refuse(400, p == lineEnd ? "no HTTP version" : "bad character in the target");
    const std::string_view version = view(p + 1, lineEnd);
    if (version.size() != 8 || std::memcmp(version.data(), "HTTP/", 5) != 0 || version[6] != '.' ||
        !chars::is(version[5], chars::Digit) || !chars::is(version[7], chars::Digit))
        return refuse(400, "bad HTTP version");
    if (version[5] != '1' || version[7] > '1')
        return refuse(505, "an HTTP version other than 1.0 and 1.1");
    head.minorVersion = static_cast<std::uint8_t>(version[7] - '0');
    if (head.methodToken == "CONNECT")
        return refuse(501, "CONNECT");
    if (p == target)
        return refuse(400, "empty target");
    const std::string_view whole = view(target, p);
    if (whole.size() > limits_.targetBytes)
        return kTargetTooLong;
    return detail::parseTarget(whole, static_cast<std::size_t>(queryMark - target), flags,
                               targetScratch_.get(), head);
}

} // namespace spillway::http
