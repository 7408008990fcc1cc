// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace spillway::observe {

/// This process as the kernel counts it, under the names every Prometheus client library uses
/// (process_cpu_seconds_total …). Read from /proc/self and getrusage; what cannot be read stays 0. Any
/// thread; costs some system calls.
struct ProcessStats
{
    double cpuSeconds = 0; ///< user and system, all threads
    std::uint64_t residentBytes = 0;
    std::uint64_t virtualBytes = 0;
    std::uint64_t openDescriptors = 0;
    std::uint64_t maxDescriptors = 0; ///< the soft limit
    double startSeconds = 0;          ///< since 1970
    std::uint64_t threads = 0;
};

[[nodiscard]] ProcessStats readProcessStats();

} // namespace spillway::observe
