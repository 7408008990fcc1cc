// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace spillway::body {

enum class Residency : std::uint8_t
{
    Resident, ///< reading it will not wait for a disk
    Absent,   ///< at least one page would
    Unknown,  ///< nobody can say: treat it as absent
};

/// How the kernel is asked. Cost of one question, hot, on the reference machine (Linux 6.18, one vCPU, ext4):
///
///     CacheStat  0.4 µs for 1 MiB, 0.5 µs for 4 MiB; with the two probes behind it 1.5 µs
///     NoWait     9 µs for 1 MiB: 16 probes of one byte (0.56 µs each), one for every 16 pages
///     Mincore    21 µs for 1 MiB, nearly all of it mmap and munmap
///
/// CacheStat (Linux 6.5) counts pages that are in the cache, also those whose read is still under way
/// (readahead puts them there first). So a full count is confirmed by reading one byte of the first and of
/// the last page with RWF_NOWAIT, which refuses a page that is not yet up to date; reads under way finish
/// roughly in order.
enum class ResidencyMethod : std::uint8_t
{
    CacheStat,
    NoWait,
    Mincore
};

/// Is [offset, offset + length) of an open regular file in the page cache? By the best method that works
/// here: CacheStat, else NoWait, else (EOPNOTSUPP: overlayfs, FUSE) Mincore, else Unknown. Does not block.
/// NoWait may start reading ahead where it finds nothing: the kernel does that for RWF_NOWAIT too. A length
/// of 0 is Resident. Any thread. It may be evicted a moment later: an answer is good for one window.
[[nodiscard]] Residency residency(int fd, std::uint64_t offset, std::uint64_t length);

using ResidencyQuestion = Residency (*)(int fd, std::uint64_t offset, std::uint64_t length);

/// The same by one method only; Unknown where it does not work. Mincore answers "all here" to those who could
/// not write the file (Linux 5.1), so it is asked only as owner or with write permission.
[[nodiscard]] Residency residencyBy(ResidencyMethod method, int fd, std::uint64_t offset,
                                    std::uint64_t length);

} // namespace spillway::body
