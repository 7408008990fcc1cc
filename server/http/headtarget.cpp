// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/headtarget.h"

#include "server/http/chars.h"

#include <algorithm>
#include <cstring>

namespace spillway::http::detail {

namespace {

constexpr std::array<std::uint8_t, 256> makeTargetTable()
{
    std::array<std::uint8_t, 256> table{};
    for (std::size_t i = 0; i < 256; ++i)
        table[i] = i <= 0x20 || i >= 0x7f || i == '#' ? static_cast<std::uint8_t>(StopBad) : std::uint8_t{0};
    table[' '] = StopSpace;
    table['?'] = StopQuery;
    table['%'] = SawPercent;
    table['.'] = SawDot;
    table['\\'] = SawBackslash;
    return table;
}

constexpr GateResult refuse(const char* reason)
{
    return {GateResult::Outcome::Rejected, 400, reason};
}

constexpr GateResult kAccepted{GateResult::Outcome::Accepted, 0, nullptr};

/// Decodes once; null on success, else why not.
const char* decodePath(std::string_view raw, char* out, std::size_t& length)
{
    const char* p = raw.data();
    const char* const end = p + raw.size();
    char* const begin = out;
    while (p != end) {
        if (*p != '%') {
            *out++ = *p++;
            continue;
        }
        if (end - p < 3 || !chars::is(p[1], chars::Hex) || !chars::is(p[2], chars::Hex))
            return "bad percent escape in the path";
        const char c = static_cast<char>(chars::hexValue(p[1]) << 4 | chars::hexValue(p[2]));
        if (c == '\0')
            return "NUL in the path";
        if (c == '/' || c == '\\')
            return "encoded slash or backslash in the path";
        *out++ = c;
        p += 3;
    }
    length = static_cast<std::size_t>(out - begin);
    return nullptr;
}

/// A segment that is "." or "..". The path starts with "/".
bool hasDotSegment(std::string_view path)
{
    for (std::size_t at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
        std::size_t next = at + 2;
        if (next < path.size() && path[next] == '.')
            ++next;
        if (next == path.size() || path[next] == '/')
            return true;
    }
    return false;
}

} // namespace

constinit const std::array<std::uint8_t, 256> kTargetTable = makeTargetTable();

bool validAuthority(std::string_view text)
{
    std::size_t at = 0;
    if (!text.empty() && text.front() == '[') {
        at = text.find(']');
        if (at == std::string_view::npos || at < 3)
            return false;
        for (char c : text.substr(1, at - 1))
            if (!chars::is(c, chars::Hex) && c != ':' && c != '.')
                return false;
        ++at;
    } else {
        for (; at < text.size() && text[at] != ':'; ++at) {
            if (text[at] == '%') {
                if (text.size() - at < 3 || !chars::is(text[at + 1], chars::Hex) ||
                    !chars::is(text[at + 2], chars::Hex))
                    return false;
                at += 2;
            } else if (!chars::is(text[at], chars::RegName)) {
                return false;
            }
        }
        if (at == 0)
            return false;
    }
    if (at == text.size())
        return true;
    const std::string_view port = text.substr(at + 1);
    unsigned number = 0;
    if (text[at] != ':' || port.size() > 5)
        return false;
    for (char c : port) {
        if (!chars::is(c, chars::Digit))
            return false;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    return number <= 65535;
}

GateResult parseTarget(std::string_view target, std::size_t queryMark, unsigned flags, char* scratch,
                       RequestHead& head)
{
    if (target.front() == '*') {
        if (target.size() != 1 || head.method != Method::Options)
            return refuse("\"*\" is a target of OPTIONS only");
        head.rawTarget = head.rawPath = head.path = target;
        return kAccepted;
    }
    if (target.front() != '/') {
        // absolute-form (RFC 9112 §3.2.2): its authority wins over Host; path and query go on as origin-form.
        std::size_t authorityAt = 0;
        if (target.size() > 7 && chars::equalsLower(target.substr(0, 7), "http://"))
            authorityAt = 7;
        else if (target.size() > 8 && chars::equalsLower(target.substr(0, 8), "https://"))
            authorityAt = 8;
        else
            return refuse("the target is neither a path nor an http URL");
        const std::size_t slash = std::min(target.find('/', authorityAt), queryMark);
        const std::string_view authority = target.substr(authorityAt, slash - authorityAt);
        if (!validAuthority(authority))
            return refuse("bad authority in the target");
        head.host = authority;
        target.remove_prefix(slash);
        queryMark -= slash;
        if (queryMark == 0) {
            *scratch = '/';
            std::memcpy(scratch + 1, target.data(), target.size());
            target = std::string_view(scratch, target.size() + 1);
            scratch += target.size();
            queryMark = 1;
        }
    }
    head.rawTarget = target;
    head.rawPath = target.substr(0, queryMark);
    if (queryMark < target.size())
        head.rawQuery = target.substr(queryMark + 1);
    head.path = head.rawPath;
    if ((flags & (SawPercent | SawDot | SawBackslash)) == 0)
        return kAccepted;
    if ((flags & SawBackslash) != 0 && head.rawPath.find('\\') != std::string_view::npos)
        return refuse("backslash in the path");
    if ((flags & SawPercent) != 0) {
        std::size_t length = 0;
        if (const char* reason = decodePath(head.rawPath, scratch, length))
            return refuse(reason);
        head.path = std::string_view(scratch, length);
    }
    if (hasDotSegment(head.path))
        return refuse("\".\" or \"..\" segment in the path");
    return kAccepted;
}

} // namespace spillway::http::detail
