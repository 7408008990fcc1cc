// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace spillway::http {

enum class Method : std::uint8_t
{
    Get,
    Head,
    Options,
    Post,
    Put,
    Patch,
    Delete,
    Other
};

struct HeaderField
{
    std::string_view name;  ///< as sent; compare without case
    std::string_view value; ///< without the optional white space around it (RFC 9112 §5)
};

/// One request head as the head gate accepted it: what the whole pipeline reads instead of
/// QHttpServerRequest.
///
/// All views point into the buffer that was parsed or into the gate's own scratch; they die with the call
/// that handed the head out. A request that parks copies what it needs (http::ParkedHead). An absent field is
/// an empty view with a null data(); a field sent empty has a non-null data().
struct RequestHead
{
    Method method = Method::Other;
    std::uint8_t minorVersion = 1; ///< HTTP/1.0 or HTTP/1.1
    bool keepAlive = true;         ///< after version and Connection (RFC 9112 §9.3)
    bool expectContinue = false;   ///< Expect: 100-continue, HTTP/1.1 only (RFC 9110 §10.1.1)
    bool chunkedBody = false;      ///< Transfer-Encoding: chunked
    std::optional<std::uint64_t> contentLength;

    std::string_view methodToken;
    std::string_view
        rawTarget; ///< origin-form as sent ("/s/x?y"), of absolute-form its path and query; "*" for OPTIONS *
    std::string_view rawPath;  ///< rawTarget up to "?"
    std::string_view rawQuery; ///< after "?", without it; null data() where there was none
    std::string_view
        path; ///< rawPath percent-decoded once, to bytes: no NUL, no encoded "/" or "\" (refused with 400)
    std::string_view host; ///< Host, or the authority of an absolute-form target (RFC 9112 §3.2.2)

    std::string_view range, ifRange, ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince;
    std::string_view authorization, cookie, accept, acceptLanguage, acceptEncoding;
    std::string_view userAgent, referer, origin, secFetchDest, contentType;
    std::string_view forwarded, xForwardedFor, xForwardedProto, traceparent, wantReprDigest;

    std::span<const HeaderField> fields; ///< all of them, in order

    /// The bytes of the head, with its final CRLF CRLF.
    std::size_t size = 0;
};

} // namespace spillway::http
