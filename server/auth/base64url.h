// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::auth {

/// A SHA-256 HMAC.
using Mac = std::array<std::uint8_t, 32>;

/// 32 bytes are 43 characters of base64url without padding (RFC 4648 §5).
inline constexpr std::size_t kMacTextSize = 43;

[[nodiscard]] std::string encodeMac(const Mac& mac);
/// False for anything but the one canonical text of a value: 43 characters of the alphabet, the two spare
/// bits zero.
[[nodiscard]] bool decodeMac(std::string_view text, Mac& mac);

/// Any bytes, without padding.
[[nodiscard]] std::string encodeBase64Url(std::string_view bytes);
/// False for anything but the one canonical text of some bytes; `out` (replaced) is then unspecified.
[[nodiscard]] bool decodeBase64Url(std::string_view text, std::string& out);

} // namespace spillway::auth
