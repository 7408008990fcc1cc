// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/base64url.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace spillway::auth {

/// HMAC-SHA256 (RFC 2104) with the two key blocks hashed once: a short message then costs two SHA-256 blocks.
///
/// Immutable after construction, so any thread may use it. Holds 64 secret bytes, wiped on destruction; not
/// copyable. Any key length, as RFC 2104 says; KeyRing sees to it that keys are long enough.
class HmacKey
{
public:
    explicit HmacKey(std::string_view secret);
    ~HmacKey();
    HmacKey(const HmacKey&) = delete;
    HmacKey& operator=(const HmacKey&) = delete;

    /// The MAC of the parts put one behind another. No allocation.
    [[nodiscard]] Mac sign(std::span<const std::string_view> parts) const;
    /// The same, compared in constant time.
    [[nodiscard]] bool verify(std::span<const std::string_view> parts, const Mac& mac) const;

private:
    std::array<std::uint32_t, 8> inner_; ///< SHA-256 state after key ^ ipad
    std::array<std::uint32_t, 8> outer_; ///< SHA-256 state after key ^ opad
};

} // namespace spillway::auth
