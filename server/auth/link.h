// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/base/units.h"
#include "server/config/cidr.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// Signed links as they come in. docs/signed-links.md is the specification of what is signed, byte for byte.
//
//   /d/<link>/<name>[/<path below>]?k=<key>&s=<signature>              a stored link: its rules are in the
//   catalog /p/<share>/<path>?e=<unix>&k=<key>&s=<signature>[&x-...=...]       presigned: its rules are in
//   the URL
//
// Query rules (DESIGN §3): a repeated e, k, s or x- name is malformed, a missing one is a refusal, an x- name
// that is not known here is a refusal, every other parameter is left alone. Names of parameters and the
// values of e, k and s are literal; values of x- parameters are percent-decoded ("+" is itself).
//
// Everything here is pure, allocates nothing for a URL that passes, and runs before any lookup, so that a
// forgery costs no I/O. Any thread.
namespace spillway::auth {

/// Why a link was let in or not. Malformed is 400, every other refusal 403 with one and the same body.
enum class LinkVerdict : std::uint8_t
{
    Valid,
    Malformed,     ///< repeated parameter, bad percent-encoding, `e` no number, dot segments or empty ones
    Missing,       ///< k, s, or for a presigned URL e, is not there
    BadConstraint, ///< an x- name unknown to this form, or a value that cannot be read
    UnknownKey,    ///< no such key, or retired
    BadSignature,
    Expired,
    WrongAddress, ///< the client is in no block of x-ip
};

/// A stable lower-case name ("bad-signature") for logs and metrics; never for the client.
[[nodiscard]] const char* linkVerdictName(LinkVerdict verdict);
[[nodiscard]] constexpr int httpStatus(LinkVerdict verdict)
{
    return verdict == LinkVerdict::Valid ? 200 : verdict == LinkVerdict::Malformed ? 400 : 403;
}

/// Views into the path and the query that were parsed. The signature covers `link` alone: the caller compares
/// nothing else, what the URL may reach is the catalog's record of the link.
struct StoredLink
{
    std::string_view link;
    std::string_view name;  ///< empty where the URL ends after the link
    std::string_view below; ///< after the name, no leading "/"; a trailing one is kept
    std::string_view key, signature;
};

inline constexpr std::size_t kMaxIpBlocks = 8;          ///< in one x-ip
inline constexpr std::size_t kMaxConstraintBytes = 512; ///< decoded x- values of one URL, together

/// Views into the path and the query, or into the link's own scratch; so it stays where it was parsed.
struct PresignedLink
{
    std::string_view share;
    std::string_view
        path; ///< below the share, no leading "/"; no dot or empty segments, maybe a trailing "/"
    std::string_view signedPath; ///< what the signature covers: the whole path, or its first x-dir segments
    std::string_view expiresText, key, signature;
    std::string_view directory, address, speed; ///< x-dir, x-ip, x-rate as signed; null data() where absent

    std::int64_t expiresAt = 0; ///< unix seconds; 0: no expiry
    bool isFolder = false; ///< x-dir was given: everything below signedPath is meant. Else this one path only
    BytesPerSecond rate;   ///< x-rate; 0: no limit of its own
    std::array<config::Cidr, kMaxIpBlocks> blocks; ///< x-ip: the first blockCount; none: every client
    std::uint8_t blockCount = 0;

    PresignedLink() = default;
    PresignedLink(const PresignedLink&) = delete;
    PresignedLink& operator=(const PresignedLink&) = delete;

private:
    friend class PresignedParser;
    std::array<char, kMaxConstraintBytes> scratch_;
};

/// `path` is decoded (RequestHead::path), `rawQuery` as sent, without "?". Nothing: well formed, which says
/// nothing yet about its signature. Else the refusal; `link` is then of no use. Give it a fresh `link`.
[[nodiscard]] std::optional<LinkVerdict> parseStoredLink(std::string_view path, std::string_view rawQuery,
                                                         StoredLink& link);
[[nodiscard]] std::optional<LinkVerdict> parsePresignedLink(std::string_view path, std::string_view rawQuery,
                                                            PresignedLink& link);

/// The signature, in constant time. Expiry, revocation and the rest of a stored link's rules are the
/// catalog's.
[[nodiscard]] LinkVerdict verify(const StoredLink& link, const KeyRing& keys);
/// The signature, then the rules in the URL. A URL with e=n is valid while nowUnix < n.
[[nodiscard]] LinkVerdict verify(const PresignedLink& link, const KeyRing& keys, std::int64_t nowUnix,
                                 const config::IpAddress& client);

/// Parse and verify in one.
[[nodiscard]] LinkVerdict check(std::string_view path, std::string_view rawQuery, const KeyRing& keys,
                                StoredLink& link);
[[nodiscard]] LinkVerdict check(std::string_view path, std::string_view rawQuery, const KeyRing& keys,
                                std::int64_t nowUnix, const config::IpAddress& client, PresignedLink& link);

/// No ".", no "..", no empty segment (but one trailing "/"), no leading "/": lexically below its share. Empty
/// is fine.
[[nodiscard]] bool isCleanPath(std::string_view path);

} // namespace spillway::auth
