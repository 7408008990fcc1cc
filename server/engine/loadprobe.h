// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/units.h"
#include "server/policy/overload.h"

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace spillway::engine {

/// Reads how busy this process is, for policy::Overload. Main thread, about once a second; some small reads
/// from /proc and /sys, nothing that waits for a disk.
class LoadProbe
{
public:
    /// `workers`: the threads' clocks (pthread_getcpuclockid).
    LoadProbe(std::vector<clockid_t> workers, std::size_t descriptorLimit);

    /// Percent since the last call; 0 at the first. The processors that the process may use, or the workers
    /// where they are fewer, are 100.
    [[nodiscard]] double cpu(Monotonic now);
    /// Percent of the memory that it may have; or of RLIMIT_AS, where that is nearer.
    [[nodiscard]] double memory() const;
    /// Percent of the limit that so many open files are.
    [[nodiscard]] double descriptors(std::uint64_t open) const;

private:
    std::vector<clockid_t> workers_;
    const std::size_t descriptorLimit_;
    const double processors_;
    std::optional<Monotonic> askedAt_;
    std::chrono::nanoseconds used_{0};
};

/// The smaller of the cgroup's limit and the machine's memory. `root` is "/" but in tests.
[[nodiscard]] std::uint64_t memoryLimit(const std::string& root = "/");
/// Bytes that an unprivileged process may still write to the file system of `path`; none where it cannot be
/// asked. May wait for that file system.
[[nodiscard]] std::optional<Bytes> freeSpace(const std::string& path);

} // namespace spillway::engine
