// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/hmackey.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::auth {

/// What a signed value is for. A value of one kind never passes as another's: the kind is under the MAC.
enum class ValueKind : std::uint8_t
{
    SignIn,   ///< a browser that showed a token
    Password, ///< a browser that knew a link's password
    Grant,    ///< a recipient of a link
    Memory,   ///< nothing that leaves the process: digests and fingerprints
};

/// Small values that a client keeps for us (a cookie, a query parameter), signed so that it cannot make or
/// change one:
///
///     base64url( 01 | expiry, 8 bytes, big-endian | payload | HMAC-SHA256 over version, kind, expiry,
///     payload )
///
/// Not encrypted: a payload is for the client's eyes, so it holds ids and no secrets. The text has only
/// [A-Za-z0-9_-], so it fits a cookie (RFC 6265 §4.1.1) and a query. Immutable; any thread. A value is good
/// until it expires, so what it stands for must be looked up each time (is the token still there?).
class ValueSigner
{
public:
    static constexpr std::size_t kMaxPayload = 256;

    /// `secret`: 32 random bytes that outlive a restart (catalog::SecretRepository).
    explicit ValueSigner(std::string_view secret) : key_(secret) {}

    /// `expiresAt` in seconds since 1970. A payload over kMaxPayload gives "", which opens nothing.
    [[nodiscard]] std::string sign(ValueKind kind, std::string_view payload, std::int64_t expiresAt) const;
    /// The payload; none where we did not make it for this purpose, or it is over: `now` >= its expiry. The
    /// MAC is compared in constant time.
    [[nodiscard]] std::optional<std::string> open(ValueKind kind, std::string_view text,
                                                  std::int64_t now) const;

    /// A keyed digest of two texts, for tables in memory that are to hold neither: what somebody sends cannot
    /// be chosen so that two of them are the same.
    [[nodiscard]] Mac digest(std::string_view domain, std::string_view text) const;
    /// The first 64 bits of it.
    [[nodiscard]] std::uint64_t fingerprint(std::string_view domain, std::string_view text) const;

private:
    HmacKey key_;
};

} // namespace spillway::auth
