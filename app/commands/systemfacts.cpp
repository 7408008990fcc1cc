// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/systemfacts.h"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

namespace spillway::app {

namespace {

constexpr long kCachestat =
    451; ///< Linux 6.5; the number is the same on all architectures, glibc's header may lack it

std::optional<std::int64_t> readNumber(const char* path)
{
    std::ifstream file(path);
    std::int64_t number = 0;
    return file >> number ? std::optional(number) : std::nullopt;
}

/// A call with arguments that cannot be right tells whether the kernel knows it: then it is no ENOSYS.
bool knows(long call)
{
    return ::syscall(call, -1, nullptr, nullptr, 0) == 0 || (errno != ENOSYS && errno != EPERM);
}

} // namespace

SystemFacts readSystemFacts()
{
    SystemFacts facts;
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        facts.descriptorsSoft = limit.rlim_cur;
        facts.descriptorsHard = limit.rlim_max;
    }
    facts.somaxconn = readNumber("/proc/sys/net/core/somaxconn");
    facts.synBacklog = readNumber("/proc/sys/net/ipv4/tcp_max_syn_backlog");
    facts.inotifyWatches = readNumber("/proc/sys/fs/inotify/max_user_watches");
    std::ifstream ports("/proc/sys/net/ipv4/ip_local_port_range");
    std::int64_t first = 0, last = 0;
    if (ports >> first >> last) {
        facts.firstLocalPort = first;
        facts.lastLocalPort = last;
    }
    const std::time_t now = std::time(nullptr);
    std::tm date = {};
    if (::gmtime_r(&now, &date))
        facts.year = date.tm_year + 1900;
    timex state = {};
    const int clock = ::adjtimex(&state);
    if (clock >= 0)
        facts.clockSynchronized = clock != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    facts.openat2 = knows(SYS_openat2);
    facts.cachestat = knows(kCachestat);
    return facts;
}

FolderFacts readFolderFacts(const std::string& path)
{
    FolderFacts facts;
    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
        return facts;
    facts.there = true;
    facts.mode = info.st_mode & 07777;
    facts.owner = info.st_uid;
    facts.writable = ::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0;
    struct statvfs space = {};
    if (::statvfs(path.c_str(), &space) == 0) {
        facts.freeBytes = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
        facts.freeInodes = space.f_favail;
        facts.countsInodes = space.f_files > 0;
    }
    return facts;
}

} // namespace spillway::app
