// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/base/units.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::auth {

// Makers of the URLs that link.h reads. `publicUrl` is "http://host:port" with an optional sub-path, with or
// without a trailing "/". Names may be any bytes; all but RFC 3986 §2.3 unreserved characters are
// percent-encoded, so that chat programs keep the URL in one piece. Any thread.

/// The URL of a stored link. `name` is the file or folder name it shows; a folder's URL ends in "/".
[[nodiscard]] std::string makeLinkUrl(std::string_view publicUrl, std::string_view linkId,
                                      std::string_view name, bool isFolder, const PreparedKey& key);

struct PresignRequest
{
    std::string share;
    std::string path;               ///< below the share, no leading "/"; empty: the share itself
    bool isFolder = false;          ///< covers all that is below the path
    std::int64_t expiresAt = 0;     ///< unix seconds; 0: never
    std::vector<std::string> allow; ///< address blocks; empty: every client
    BytesPerSecond rate;            ///< 0: no limit of its own
};

/// InvalidArgument where the server would refuse the URL: a path that is not clean, a bad or too many address
/// blocks, a negative expiry or rate.
[[nodiscard]] Result<std::string> makePresignedUrl(std::string_view publicUrl, const PresignRequest& request,
                                                   const PreparedKey& key);

/// "/" stays. For URLs of shares too.
[[nodiscard]] std::string percentEncodePath(std::string_view path);

/// The signed bytes themselves (docs/signed-links.md), for tests and for showing.
[[nodiscard]] std::string canonicalLink(std::string_view linkId);
[[nodiscard]] Result<std::string> canonicalPresigned(const PresignRequest& request);

} // namespace spillway::auth
