// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace spillway::app {

/// What `doctor` judges, as plain values. What could not be read has no value.
struct SystemFacts
{
    std::uint64_t descriptorsSoft = 0, descriptorsHard = 0; ///< RLIMIT_NOFILE
    std::optional<std::int64_t> somaxconn, synBacklog, inotifyWatches;
    std::optional<std::int64_t> firstLocalPort, lastLocalPort; ///< net.ipv4.ip_local_port_range
    std::int64_t year = 0;                                     ///< of the clock, UTC
    std::optional<bool> clockSynchronized;                     ///< adjtimex(2)
    bool openat2 = false, cachestat = false;
};

/// A folder as `doctor` judges it.
struct FolderFacts
{
    bool there = false;
    bool writable = false;
    std::uint32_t mode = 0;
    std::uint32_t owner = 0;
    std::uint64_t freeBytes = 0, freeInodes = 0;
    bool countsInodes = false; ///< some file systems have no fixed number
};

[[nodiscard]] SystemFacts readSystemFacts();
[[nodiscard]] FolderFacts readFolderFacts(const std::string& path);

} // namespace spillway::app
