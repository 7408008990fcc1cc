// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::get {

using Sha256 = std::array<std::uint8_t, 32>;

/// The sha-256 member of a Repr-Digest or Content-Digest (RFC 9530 §2, §3: a dictionary of RFC 8941 §3.2,
/// `sha-256=:base64:`). None where the field has no such member or is malformed: a digest that cannot be read
/// protects nothing, and an answer is not refused for it. The last of several counts, as in any dictionary.
[[nodiscard]] std::optional<Sha256> sha256Of(std::string_view field);

enum class DigestKind : std::uint8_t
{
    Sha2_256,
    Sha2_512,
};

/// The digest of a message's own content.
struct ContentDigest
{
    DigestKind kind = DigestKind::Sha2_256;
    std::string bytes; ///< 32, or 64
    friend bool operator==(const ContentDigest&, const ContentDigest&) = default;
};

/// The sha-512 member of a Content-Digest, else its sha-256; none as with sha256Of.
[[nodiscard]] std::optional<ContentDigest> contentDigestOf(std::string_view field);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hexText(const Sha256& digest);

/// The digest of what comes in pieces.
class Hasher
{
public:
    explicit Hasher(DigestKind kind = DigestKind::Sha2_256);
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    void add(std::string_view bytes);
    /// One of the two, once, at the end. Internal where the crypto library could not.
    [[nodiscard]] Result<Sha256> finish();
    [[nodiscard]] Result<ContentDigest> finishContent();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace spillway::get
