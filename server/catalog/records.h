// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/units.h"
#include "server/policy/limit.h"
#include "server/policy/rangeunion.h"

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

/// What a token may do; a token has one or more.
enum class TokenScope : std::uint8_t
{
    Download = 1, ///< files of its shares
    List = 2,     ///< folders of its shares
    Share = 4,    ///< make, change and revoke links in its shares
    View = 8,     ///< the admin API, reading only
    Admin = 16,   ///< the admin API
};

struct Token
{
    std::string id;              ///< 12 characters of base64url; no secret
    std::string name;            ///< 1 to 100 bytes of text
    std::string hash;            ///< SHA-256 of the token, 32 bytes; the token itself is never kept
    std::uint8_t scopes = 0;     ///< TokenScope bits
    bool allShares = true;       ///< else only `shares`, of which there may be none left
    std::vector<ShareId> shares; ///< sorted
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> expiresAt, revokedAt, lastUsedAt;

    [[nodiscard]] bool may(TokenScope scope) const
    {
        return (scopes & static_cast<std::uint8_t>(scope)) != 0;
    }
};

/// One row of limits: a level's default, or what one subject has instead of it.
struct Limit
{
    policy::LimitLevel level = policy::LimitLevel::Server;
    /// Share number in decimal, token or link id, address or block; empty: the level's default.
    std::string subject;
    policy::LimitFields fields;
    friend bool operator==(const Limit&, const Limit&) = default;
};

/// What of one file has arrived at a recipient.
struct ReceiptFile
{
    std::string path;           ///< below the link; empty for a link to one file
    std::string entityTag;      ///< of the file that the ranges are of
    std::int64_t size = 0;      ///< of that file
    policy::RangeUnion arrived; ///< the bytes that the client's system acknowledged
};

/// One recipient of one link, who took one of its downloads.
struct Receipt
{
    std::int64_t id = 0;
    std::string link;
    std::string recipient; ///< an address (IPv6: its /64), or the name in a grant
    std::int64_t startedAt = 0;
    std::int64_t lastAt = 0;
    std::optional<std::int64_t>
        finishedAt; ///< all bytes arrived; never for a folder, whose files have their own
    std::vector<ReceiptFile> files;
};

struct Ban
{
    std::string address; ///< IPv4, or an IPv6 /64 as "2001:db8:1:2::/64"
    std::string reason;
    std::int64_t offences = 1;
    bool byHand = false;
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> until; ///< none: for ever
};

} // namespace spillway::catalog
