// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/headgate.h"

#include <array>
#include <cstddef>
#include <cstring>

// The fields that RequestHead has a place for: recognising a name, and what a second field of that name
// means.
namespace spillway::http::detail {

enum class Known : std::uint8_t
{
    Unknown,
    // Those that the gate itself reads.
    Host,
    Connection,
    ContentLength,
    TransferEncoding,
    Expect,
    // Those that are views of the head, in the order of kSlots.
    Range,
    IfRange,
    IfMatch,
    IfNoneMatch,
    IfModifiedSince,
    IfUnmodifiedSince,
    Authorization,
    Cookie,
    Accept,
    AcceptLanguage,
    AcceptEncoding,
    UserAgent,
    Referer,
    Origin,
    SecFetchDest,
    ContentType,
    Forwarded,
    XForwardedFor,
    XForwardedProto,
    Traceparent,
    WantReprDigest,
    Count
};

inline constexpr std::size_t kKnownCount = static_cast<std::size_t>(Known::Count);

/// What a second field of the same name means.
enum class Repeat : std::uint8_t
{
    First,  ///< the first one counts: nothing is decided by it (RFC 9110 §5.3 forbids it, clients do it)
    Refuse, ///< 400: two readers might pick different ones
    Join,   ///< a list (RFC 9110 §5.3)
};

struct Slot
{
    std::string_view RequestHead::*view;
    Repeat repeat;
};

inline constexpr std::array<Slot, kKnownCount> kSlots = [] {
    std::array<Slot, kKnownCount> slots{};
    const auto set = [&slots](Known known, std::string_view RequestHead::*view, Repeat repeat) {
        slots[static_cast<std::size_t>(known)] = Slot{view, repeat};
    };
    set(Known::Range, &RequestHead::range, Repeat::Refuse);
    set(Known::IfRange, &RequestHead::ifRange, Repeat::Refuse);
    set(Known::IfMatch, &RequestHead::ifMatch, Repeat::Join);
    set(Known::IfNoneMatch, &RequestHead::ifNoneMatch, Repeat::Join);
    set(Known::IfModifiedSince, &RequestHead::ifModifiedSince, Repeat::Refuse);
    set(Known::IfUnmodifiedSince, &RequestHead::ifUnmodifiedSince, Repeat::Refuse);
    set(Known::Authorization, &RequestHead::authorization, Repeat::Refuse);
    set(Known::Cookie, &RequestHead::cookie, Repeat::Join);
    set(Known::Accept, &RequestHead::accept, Repeat::Join);
    set(Known::AcceptLanguage, &RequestHead::acceptLanguage, Repeat::Join);
    set(Known::AcceptEncoding, &RequestHead::acceptEncoding, Repeat::Join);
    set(Known::UserAgent, &RequestHead::userAgent, Repeat::First);
    set(Known::Referer, &RequestHead::referer, Repeat::First);
    set(Known::Origin, &RequestHead::origin, Repeat::Refuse);
    set(Known::SecFetchDest, &RequestHead::secFetchDest, Repeat::First);
    set(Known::ContentType, &RequestHead::contentType, Repeat::Refuse);
    set(Known::Forwarded, &RequestHead::forwarded, Repeat::Join);
    set(Known::XForwardedFor, &RequestHead::xForwardedFor, Repeat::Join);
    set(Known::XForwardedProto, &RequestHead::xForwardedProto, Repeat::Join);
    set(Known::Traceparent, &RequestHead::traceparent, Repeat::First);
    set(Known::WantReprDigest, &RequestHead::wantReprDigest, Repeat::Join);
    return slots;
}();

/// Whether a name of N-1 token characters is `lower`. Setting bit 5 folds letters and leaves every other
/// token character apart from them, so eight bytes compare at once.
template<std::size_t N>
[[nodiscard]] inline bool nameIs(const char* name, const char (&lower)[N])
{
    constexpr std::size_t length = N - 1;
    static_assert(length >= 4 && length <= 24);
    const auto same8 = [&](std::size_t at) {
        std::uint64_t a = 0;
        std::uint64_t b = 0;
        std::memcpy(&a, name + at, 8);
        std::memcpy(&b, lower + at, 8);
        return (a | 0x2020202020202020U) == b;
    };
    if constexpr (length < 8) {
        const auto same4 = [&](std::size_t at) {
            std::uint32_t a = 0;
            std::uint32_t b = 0;
            std::memcpy(&a, name + at, 4);
            std::memcpy(&b, lower + at, 4);
            return (a | 0x20202020U) == b;
        };
        return same4(0) && same4(length - 4);
    } else if constexpr (length <= 16) {
        return same8(0) && same8(length - 8);
    } else {
        return same8(0) && same8(8) && same8(length - 8);
    }
}

/// `name` holds token characters only.
[[nodiscard]] inline Known knownField(const char* name, std::size_t length)
{
    switch (length) {
    case 4:
        return nameIs(name, "host") ? Known::Host : Known::Unknown;
    case 5:
        return nameIs(name, "range") ? Known::Range : Known::Unknown;
    case 6:
        if (nameIs(name, "accept"))
            return Known::Accept;
        if (nameIs(name, "cookie"))
            return Known::Cookie;
        if (nameIs(name, "origin"))
            return Known::Origin;
        return nameIs(name, "expect") ? Known::Expect : Known::Unknown;
    case 7:
        return nameIs(name, "referer") ? Known::Referer : Known::Unknown;
    case 8:
        if (nameIs(name, "if-range"))
            return Known::IfRange;
        return nameIs(name, "if-match") ? Known::IfMatch : Known::Unknown;
    case 9:
        return nameIs(name, "forwarded") ? Known::Forwarded : Known::Unknown;
    case 10:
        if (nameIs(name, "connection"))
            return Known::Connection;
        return nameIs(name, "user-agent") ? Known::UserAgent : Known::Unknown;
    case 11:
        return nameIs(name, "traceparent") ? Known::Traceparent : Known::Unknown;
    case 12:
        return nameIs(name, "content-type") ? Known::ContentType : Known::Unknown;
    case 13:
        if (nameIs(name, "if-none-match"))
            return Known::IfNoneMatch;
        return nameIs(name, "authorization") ? Known::Authorization : Known::Unknown;
    case 14:
        if (nameIs(name, "sec-fetch-dest"))
            return Known::SecFetchDest;
        return nameIs(name, "content-length") ? Known::ContentLength : Known::Unknown;
    case 15:
        if (nameIs(name, "accept-encoding"))
            return Known::AcceptEncoding;
        if (nameIs(name, "accept-language"))
            return Known::AcceptLanguage;
        return nameIs(name, "x-forwarded-for") ? Known::XForwardedFor : Known::Unknown;
    case 16:
        return nameIs(name, "want-repr-digest") ? Known::WantReprDigest : Known::Unknown;
    case 17:
        if (nameIs(name, "if-modified-since"))
            return Known::IfModifiedSince;
        if (nameIs(name, "transfer-encoding"))
            return Known::TransferEncoding;
        return nameIs(name, "x-forwarded-proto") ? Known::XForwardedProto : Known::Unknown;
    case 19:
        return nameIs(name, "if-unmodified-since") ? Known::IfUnmodifiedSince : Known::Unknown;
    default:
        return Known::Unknown;
    }
}

/// The fields that the gate itself decides by, gathered over the lines; null: not there.
struct Framing
{
    std::string_view host, transferEncoding;
    std::uint32_t repeated = 0; ///< bits of Known: list fields to join
    bool close = false, keepAlive = false;
    bool otherExpectation = false, expectContinue = false;
    const char* refusal = nullptr; ///< why the head is refused once it is complete
};

/// Files a field that is not Known::Unknown away, in `framing` or in the head. What it finds wrong waits in
/// framing.refusal until the head is complete.
void takeKnownField(Known known, std::string_view value, Framing& framing, RequestHead& head);

/// What concerns the head as a whole, after its last line: duplicates, Host, framing, expectations,
/// keep-alive.
[[nodiscard]] GateResult judgeHead(const Framing& framing, RequestHead& head);

/// Joins the fields whose bit (1 << Known) is in `repeated` with ", ", cookies with "; " (RFC 6265 §5.4),
/// into `scratch`, and points the head at them. `scratch` has room for all values and two bytes a field.
void joinRepeated(std::uint32_t repeated, char* scratch, RequestHead& head);

} // namespace spillway::http::detail
