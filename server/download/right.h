// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/tokens.h"
#include "server/catalog/records.h"

#include <cstdint>
#include <memory>
#include <string>

namespace spillway::download {

/// By what an answer that needed a secret goes out: a token, a stored link, or a presigned URL. Immutable, as
/// of when it was judged; shared by the answers of one request target. RunningAnswers looks whether it still
/// holds.
struct Right
{
    catalog::ShareId share = 0;
    std::shared_ptr<const auth::KnownToken> token;
    std::shared_ptr<const catalog::Link> link;
    std::string keyId;          ///< of the key that signed a presigned URL
    std::string urlDigest;      ///< denyDigest() of it
    std::int64_t expiresAt = 0; ///< seconds since 1970; 0: never
};

} // namespace spillway::download
