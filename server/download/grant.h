// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/signedvalue.h"
#include "server/http/requesthead.h"

#include <optional>
#include <string>
#include <string_view>

// A grant says that its bearer is a certain recipient of a certain link, so that somebody who changes
// networks in the middle of a download is not counted again. It opens nothing by itself: the link's own
// signature and rules are asked as ever. It comes as a cookie, or as the query parameter `g`.
namespace spillway::download {

inline constexpr std::string_view kGrantCookie = "spillway-grant";
inline constexpr std::string_view kGrantParameter = "g";
/// Seconds that a new one is good for.
inline constexpr std::int64_t kGrantLasts = 30 * 86'400;

/// `name` is the recipient's; good until `expiresAt` (seconds since 1970).
[[nodiscard]] std::string makeGrant(const auth::ValueSigner& signer, std::string_view link,
                                    std::string_view name, std::int64_t expiresAt);

/// Whether a request carries something that may be a grant. Some 20 ns.
[[nodiscard]] bool mayHaveGrant(const http::RequestHead& head);

/// The recipient that the first good grant for this link names. Forged, foreign and expired ones are as if
/// they were not there.
[[nodiscard]] std::optional<std::string> grantedName(const auth::ValueSigner& signer,
                                                     const http::RequestHead& head, std::string_view link,
                                                     std::int64_t now);

} // namespace spillway::download
