// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/records.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The file index as plain values. Paths and names are the file system's bytes; times of files are nanoseconds
// since 1970.
namespace spillway::catalog {

/// What the file system says of an entry. Folders carry only their inode.
struct FileFacts
{
    bool isFolder = false;
    std::int64_t size = 0;
    std::int64_t mtimeNs = 0;
    std::int64_t inode = 0;
    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

/// One file or folder as the index knows it. The file system stays the truth: who trusts a checksum compares
/// size, mtime and inode with the open file's first.
struct IndexEntry
{
    std::int64_t id = 0; ///< grows; the "after" of the next page
    ShareId share = 0;
    std::string path; ///< below the share; empty: the share itself
    FileFacts facts;
    std::optional<std::uint32_t> crc32; ///< of the whole file (the ZIP polynomial)
    std::string sha256;                 ///< 32 bytes; empty: not known
    std::int64_t hashedAt = 0;          ///< unix seconds
};

enum class IndexState
{
    Scanning, ///< walking the folder
    Hashing,
    Idle,
    Paused,
    Offline, ///< the folder is gone; what is known of it is kept
};

struct IndexStatus
{
    ShareId share = 0;
    IndexState state = IndexState::Scanning;
    bool watched = false; ///< by inotify; otherwise by a poll
    std::int64_t files = 0;
    std::int64_t folders = 0; ///< below the share's own
    std::int64_t bytes = 0;
    std::int64_t filesHashed = 0;
    std::int64_t scanSeen = 0;             ///< entries seen by the scan that runs, or by the last one
    std::int64_t errors = 0;               ///< entries that could not be read, since the start
    std::optional<std::int64_t> scannedAt; ///< end of the last whole scan, unix seconds
};

struct IndexCounters
{
    std::uint64_t rebuilds = 0;       ///< the database was damaged and made anew
    std::uint64_t eventOverflows = 0; ///< the kernel or we dropped events, so all was scanned again
    std::uint64_t watchLimitHits = 0; ///< folders without a watch: their share is polled
    std::uint64_t readsRefused = 0;   ///< the queue of searches was full
};

struct IndexOptions
{
    bool hash = true;
    BytesPerSecond hashRate{64LL << 20};             ///< 0: as fast as the disk
    Bytes hashMaxSize{0};                            ///< files above it are not hashed; 0: no limit
    std::chrono::milliseconds pollInterval{300'000}; ///< where inotify cannot see
    std::chrono::milliseconds rootCheckInterval{
        5'000};                           ///< how soon a vanished or returned share folder is noticed
    std::chrono::milliseconds settle{50}; ///< changes of that long are looked at together
    std::int64_t batchRows = 10'000;      ///< of one transaction
    std::int64_t maxWatches = 0;          ///< 0: the kernel's limit
    bool forcePoll = false;               ///< for file systems whose inotify lies
};

/// A share as the index needs it.
struct IndexedShare
{
    ShareId id = 0;
    std::string path;
    bool showDotFiles = false;
};

} // namespace spillway::catalog
