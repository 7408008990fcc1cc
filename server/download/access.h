// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/right.h"
#include "server/download/rules.h"
#include "server/net/peeraddress.h"

namespace spillway::download {

// Who may have what, as pure questions to a snapshot of the rules: the same for a request that comes in and
// for an answer that is going out. `now` in seconds since 1970.

/// Whether the client is in one of the blocks; no blocks: everybody is. A block that cannot be read lets
/// nobody in.
[[nodiscard]] bool isAllowed(const std::vector<std::string>& blocks, const net::PeerAddress& client);

/// Whether a stored link opens for this client: not revoked, not over, its share and its key are there, its
/// address blocks allow him. Its password and its count are judged elsewhere.
[[nodiscard]] bool opens(const catalog::Link& link, const Rules& rules, std::int64_t now,
                         const net::PeerAddress& client);

/// Whether a token still opens this share.
[[nodiscard]] bool opens(const auth::KnownToken& token, const Rules& rules, std::int64_t now,
                         catalog::ShareId share);

/// Whether a presigned URL's key and its own time still stand, and nobody took it back.
[[nodiscard]] bool presignedHolds(const Right& right, const Rules& rules, std::int64_t now);

} // namespace spillway::download
