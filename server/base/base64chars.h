// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace spillway {

/// One of the 64 of base64url (RFC 4648 §5): what ids, key ids and ACME tokens are made of.
[[nodiscard]] constexpr bool isBase64UrlCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace spillway
