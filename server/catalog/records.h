// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/units.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The rows of the catalog as plain values. Strings are UTF-8 but for paths, which are the file system's
// bytes. Times are seconds since 1970, UTC.
namespace spillway::catalog {

using ShareId = std::int64_t;

struct Share
{
    ShareId id = 0;
    std::string name; ///< in URLs: 1 to 64 of [A-Za-z0-9._-], not starting with "."
    std::string path; ///< absolute folder (or one file) on this machine
    bool isPublic = false;
    bool showDotFiles = false;
    bool listing = true;                    ///< folders can be listed
    std::chrono::seconds cacheMaxAge{3600}; ///< Cache-Control of its files
    std::int64_t createdAt = 0;
};

struct Link
{
    std::string id; ///< 16 characters of base64url: 96 random bits
    ShareId share = 0;
    std::string path; ///< below the share, no leading "/"; empty: the whole share
    bool isFolder = false;
    std::string name;  ///< the file or folder name that its URL shows
    std::string keyId; ///< of the key that signs its URL
    std::optional<std::int64_t> expiresAt;
    std::optional<std::int64_t> maxDownloads;
    std::int64_t downloads = 0;     ///< counted so far
    std::string passwordHash;       ///< libsodium's crypto_pwhash_str, empty: none
    std::vector<std::string> allow; ///< CIDR blocks; empty: everybody
    BytesPerSecond rate;            ///< 0: no limit of its own
    std::int64_t concurrency = 0;   ///< 0: no limit of its own
    std::string note;
    bool page = true; ///< browsers get a page first
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> revokedAt;
};

struct SigningKey
{
    std::string id;     ///< 1 to 16 of [A-Za-z0-9_-]
    std::string secret; ///< at least 32 bytes; never printed, never logged
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> retiredAt; ///< signs nothing and verifies nothing from then on
    bool current = false;                  ///< signs new links; exactly one is
};

struct DenyEntry
{
    std::string digest;                    ///< SHA-256 of a presigned URL's canonical string, 32 bytes
    std::optional<std::int64_t> expiresAt; ///< of the URL itself; the entry is of no use after that
    std::int64_t createdAt = 0;
    std::string note;
};

} // namespace spillway::catalog
