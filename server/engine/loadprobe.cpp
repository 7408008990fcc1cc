// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/loadprobe.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sched.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace spillway::engine {

namespace {

constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

/// A number alone in a file; kNone for "max", a number that means it (cgroup v1), or no file.
std::uint64_t numberIn(const std::string& path)
{
    std::ifstream file(path);
    std::uint64_t number = 0;
    return file >> number && number < (std::uint64_t{1} << 62U) ? number : kNone;
}

/// The path of this process's group in the hierarchy that has the memory controller, beginning with "/".
std::string memoryGroup(const std::string& root, bool& unified)
{
    std::ifstream file(root + "proc/self/cgroup");
    std::string found;
    unified = true;
    for (std::string line; std::getline(file, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (second == std::string::npos)
            continue;
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        if (controllers.find(",memory,") != std::string::npos) {
            unified = false;
            return line.substr(second + 1);
        }
        if (controllers == ",,")
            found = line.substr(second + 1);
    }
    return found;
}

std::uint64_t cgroupLimit(const std::string& root)
{
    bool unified = true;
    std::string group = memoryGroup(root, unified);
    const std::string base = root + (unified ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
    const char* const name = unified ? "/memory.max" : "/memory.limit_in_bytes";
    // A group above may be narrower; inside a container the path may not be there, but its root is.
    std::uint64_t least = numberIn(base + name);
    while (!group.empty() && group != "/") {
        least = std::min(least, numberIn(base + group + name));
        group.resize(group.rfind('/'));
    }
    return least;
}

double usableProcessors(std::size_t workers)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    const int count = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return std::max(1.0, std::min(static_cast<double>(workers), static_cast<double>(count)));
}

double percent(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

LoadProbe::LoadProbe(std::vector<clockid_t> workers, std::size_t descriptorLimit)
    : workers_(std::move(workers)), descriptorLimit_(std::max<std::size_t>(descriptorLimit, 1)),
      processors_(usableProcessors(workers_.size()))
{
}

double LoadProbe::cpu(Monotonic now)
{
    std::chrono::nanoseconds used{0};
    for (const clockid_t clock : workers_) {
        timespec time{};
        if (::clock_gettime(clock, &time) == 0)
            used += std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
    const std::chrono::nanoseconds spent = used - std::exchange(used_, used);
    const auto before = std::exchange(askedAt_, now);
    if (!before || now <= *before)
        return 0;
    const std::chrono::nanoseconds passed = now - *before;
    return 100.0 * static_cast<double>(spent.count()) / (static_cast<double>(passed.count()) * processors_);
}

double LoadProbe::memory() const
{
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    file >> size >> resident;
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const double real = percent(resident * page, memoryLimit());
    rlimit limit{}; // of addresses, used or not
    if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return real;
    return std::max(real, percent(size * page, limit.rlim_cur));
}

double LoadProbe::descriptors(std::uint64_t open) const
{
    return percent(open, descriptorLimit_);
}

std::uint64_t memoryLimit(const std::string& root)
{
    std::uint64_t least = cgroupLimit(root);
    const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0)
        least = std::min(least, static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size));
    return least;
}

std::optional<Bytes> freeSpace(const std::string& path)
{
    struct statvfs facts = {};
    if (::statvfs(path.c_str(), &facts) != 0)
        return std::nullopt;
    return Bytes{static_cast<std::int64_t>(facts.f_bavail) * static_cast<std::int64_t>(facts.f_frsize)};
}

} // namespace spillway::engine
