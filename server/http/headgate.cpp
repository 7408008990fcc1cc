// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headgate.h"

#include "server/http/chars.h"
#include "server/http/fieldline.h"
#include "server/http/headfields.h"
#include "server/http/headtarget.h"

#include <algorithm>
#include <cstring>

namespace spillway::http {

using detail::Known;

namespace {

/// The longest method that is looked at: longer ones are none that we know (RFC 9112 §3 wants 501).
constexpr std::size_t kMethodBytes = 32;
/// What a request line has besides its target: method, two spaces, version.
constexpr std::size_t kLineOverhead = kMethodBytes + 2 + 8;

constexpr GateResult kNeedMore{};

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
            result = detail::parseFieldLine(p, lineFeed + 1, field);
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

    detail::Framing framing;
    std::size_t count = 0;
    const char* p = lineFeed + 1;
    for (;;) {
        if (end - p >= 2 && p[0] == '\r' && p[1] == '\n')
            break;
        HeaderField& field =
            fields_[std::min(count, limits_.fields)]; // the last place takes what is too many
        GateResult result = p == end ? kNeedMore : detail::parseFieldLine(p, end, field);
        if (result.outcome != GateResult::Outcome::Accepted)
            return result.status == 0 && cut ? kHeadTooLarge : result;
        ++count;
        if (const Known known = detail::knownField(field.name.data(), field.name.size());
            known != Known::Unknown)
            detail::takeKnownField(known, field.value, framing, head);
    }
    head.size = static_cast<std::size_t>(p + 2 - start);
    if (count > limits_.fields)
        return refuse(431, "too many fields");
    head.fields = {fields_.get(), count};
    GateResult result = detail::judgeHead(framing, head);
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
