// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QStringList>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

// What a console sees of a server, as plain values: the same whether the engine is in this process or
// elsewhere. Texts are QString; file names and paths are the server's bytes, UTF-8 or not. Times are seconds
// since 1970, UTC, where nothing else is said.
namespace spillway::contract {

struct Share
{
    std::int64_t id = 0;
    QString name;
    QByteArray path; ///< on the server's machine
    bool isPublic = false;
    bool dotFiles = false;
    bool listing = true;
    std::chrono::seconds cacheMaxAge{0};
    std::int64_t createdAt = 0;
    QString version; ///< for a change that is to be made to nothing newer
    friend bool operator==(const Share&, const Share&) = default;
};

struct RemovedShare
{
    Share share;
    std::int64_t linksEnded = 0;
};

enum class LinkState : std::uint8_t
{
    Active,
    UsedUp,
    Expired,
    Revoked,
    KeyRetired,
    Other ///< a state that this console does not know
};
[[nodiscard]] LinkState linkStateFromName(const QString& name); ///< "active", "key-retired"

struct Link
{
    QString id;
    QString share;
    QByteArray path; ///< below the share; empty: the share itself
    QByteArray name; ///< what its URL shows
    bool isFolder = false;
    LinkState state = LinkState::Active;
    QString key;
    std::optional<std::int64_t> expiresAt, revokedAt;
    std::int64_t createdAt = 0;
    std::int64_t downloads = 0;
    std::optional<std::int64_t> maxDownloads;
    bool hasPassword = false;
    QStringList allow;            ///< address blocks; none: everybody
    std::int64_t rate = 0;        ///< bytes per second; 0: no limit of its own
    std::int64_t concurrency = 0; ///< downloads at a time; 0: no limit of its own
    QString note;
    bool page = true;
    QString version = {}; ///< as Share has it; downloads and time leave it as it is
    QString url;          ///< a secret; only where it was asked for
    friend bool operator==(const Link&, const Link&) = default;
};

struct LinkPage
{
    std::vector<Link> links; ///< newest first
    QString next;            ///< `after` of the next page; empty: this was the last
};

struct IndexProgress
{
    QString share;
    QString state; ///< "scanning", "hashing", "idle", "paused", "offline"
    std::int64_t files = 0, folders = 0, bytes = 0, filesHashed = 0, seenByScan = 0;
    friend bool operator==(const IndexProgress&, const IndexProgress&) = default;
};

struct ServerStatus
{
    QString publicUrl; ///< what links begin with
    QStringList addresses;
    QString mode;
    bool ready = false;
    std::int64_t startedAt = 0;
    QByteArray dataFolder;
    QString version;                                                        ///< of the server's program
    std::int64_t workers = 0, connections = 0, requests = 0, sentBytes = 0; ///< the last two since its start
    std::vector<IndexProgress> index;
    QString reachedBy;          ///< who made the last connection from another machine; empty: nobody yet
    std::int64_t reachedAt = 0; ///< and when
    QString firewall;           ///< "ufw", "firewalld" or "nftables" where it runs on the server's machine
};

struct FolderEntry
{
    QByteArray name;
    bool isFolder = false;
    std::int64_t size = 0; ///< bytes; 0 of a folder
    std::int64_t modifiedAt = 0;
    friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

struct FolderListing
{
    std::vector<FolderEntry> entries; ///< folders first, then by name
    bool truncated = false;           ///< there are more than were asked for
};

struct FoundEntry
{
    QString share;
    QByteArray path;
    bool isFolder = false;
    std::int64_t size = 0;
    std::int64_t modifiedAt = 0;
};

struct FoundPage
{
    std::vector<FoundEntry> entries;
    std::optional<std::int64_t> next;
};

/// An answer that is going out.
struct Transfer
{
    QString id; ///< of its connection, for ever: "2-17-5"
    QString client;
    QByteArray path; ///< of the request, decoded, without its query: "/s/docs/a.iso"
    QString share, link;
    QString userAgent;
    bool tls = false;
    std::int64_t startedAtMs = 0; ///< milliseconds since 1970
    std::int64_t sent = 0;        ///< bytes of the body
    std::optional<std::int64_t> total;
    QString token;    ///< id of the token that let it through; empty: none did
    QString priority; ///< "high", "normal", "low": what the limits say of it
    friend bool operator==(const Transfer&, const Transfer&) = default;
};

/// One that is over.
struct EndedTransfer
{
    Transfer transfer; ///< its id names it for ever, and is no connection's
    std::int64_t endedAtMs = 0;
    bool complete = false; ///< all of it went out; else it was cut off
    friend bool operator==(const EndedTransfer&, const EndedTransfer&) = default;
};

struct TransferList
{
    std::vector<Transfer> transfers;
    std::int64_t omitted = 0; ///< beyond the most that is listed
};

/// What the server does at this moment. Rates and quantiles are those since the snapshot before.
struct LiveSnapshot
{
    std::int64_t atMs = 0; ///< milliseconds since 1970
    double seconds = 0;    ///< since the snapshot before; 0: this is the first
    QString mode;
    QString modeReason;
    std::int64_t connections = 0;
    double sentRate = 0, receivedRate = 0;                ///< bytes per second
    double requestRate = 0, okRate = 0, redirectRate = 0; ///< requests per second
    double clientErrorRate = 0, serverErrorRate = 0;      ///< requests per second
    double p50Ms = 0, p95Ms = 0, p99Ms = 0;               ///< of whole answers
    double cacheHitRatio = -1;                            ///< 0 … 1, or -1: nothing was asked
    std::int64_t requests = 0, sentBytes = 0;             ///< since the server's start
    std::int64_t waiting = 0;                             ///< downloads in the limits' lines
    std::int64_t waitMs = 0; ///< how long they wait there: what the last one waited; 0: nobody waits
    TransferList running;
    std::vector<EndedTransfer>
        ended; ///< since the snapshot before, oldest first; in the first one the last few
};

} // namespace spillway::contract
