// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/residency.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr long cachestatNumber = 451; ///< the same on every architecture; Debian 12's headers do not name it
constexpr std::uint64_t probeStride = 16;

/// The kernel's struct cachestat_range and struct cachestat (include/uapi/linux/mman.h).
struct CacheRange
{
    std::uint64_t offset;
    std::uint64_t length;
};
struct CacheCount
{
    std::uint64_t cached, dirty, writeback, evicted, recentlyEvicted;
};

std::uint64_t pageSize()
{
    static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

std::uint64_t pagesIn(std::uint64_t offset, std::uint64_t length)
{
    return (offset + length - 1) / pageSize() - offset / pageSize() + 1;
}

bool kernelHasCachestat()
{
    // EBADF or EINVAL for a descriptor of -1 means that the call exists; a filter answers ENOSYS or EPERM.
    static const bool works = [] {
        CacheRange range{0, 1};
        CacheCount count{};
        return ::syscall(cachestatNumber, -1, &range, &count, 0U) != 0 && errno != ENOSYS && errno != EPERM;
    }();
    return works;
}

Residency probePage(int fd, std::uint64_t offset)
{
    char byte = 0;
    iovec part{&byte, 1};
    for (;;) {
        const ssize_t got = ::preadv2(fd, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
        if (got == 1)
            return Residency::Resident;
        if (got == 0) // past the end: no read will wait for it
            return Residency::Resident;
        if (errno == EAGAIN)
            return Residency::Absent;
        if (errno != EINTR)
            return Residency::Unknown;
    }
}

Residency byCacheStat(int fd, std::uint64_t offset, std::uint64_t length)
{
    if (!kernelHasCachestat())
        return Residency::Unknown;
    CacheRange range{offset, length};
    CacheCount count{};
    if (::syscall(cachestatNumber, fd, &range, &count, 0U) != 0)
        return Residency::Unknown;
    if (count.cached < pagesIn(offset, length))
        return Residency::Absent;
    const std::uint64_t last = offset + length - 1;
    if (probePage(fd, last) == Residency::Absent)
        return Residency::Absent;
    if (pagesIn(offset, length) > 1 && probePage(fd, offset) == Residency::Absent)
        return Residency::Absent;
    return Residency::Resident; // where RWF_NOWAIT does not work, the count is all we have
}

Residency byNoWait(int fd, std::uint64_t offset, std::uint64_t length)
{
    const std::uint64_t stride = probeStride * pageSize();
    for (std::uint64_t at = offset; at < offset + length; at += stride)
        if (const Residency page = probePage(fd, at); page != Residency::Resident)
            return page;
    return probePage(fd, offset + length - 1);
}

bool mayAskMincore(int fd)
{
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0)
        return false;
    if (::geteuid() == 0 || status.st_uid == ::geteuid())
        return true;
    const std::string self = "/proc/self/fd/" + std::to_string(fd);
    return ::faccessat(AT_FDCWD, self.c_str(), W_OK, AT_EACCESS) == 0;
}

Residency byMincore(int fd, std::uint64_t offset, std::uint64_t length)
{
    if (!mayAskMincore(fd))
        return Residency::Unknown;
    constexpr std::uint64_t pagesAtOnce = 1024;
    std::array<unsigned char, pagesAtOnce> present{};
    std::uint64_t page = offset / pageSize();
    for (std::uint64_t left = pagesIn(offset, length); left > 0;) {
        const std::uint64_t pages = std::min(left, pagesAtOnce);
        const std::size_t bytes = static_cast<std::size_t>(pages * pageSize());
        void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(page * pageSize()));
        if (map == MAP_FAILED)
            return Residency::Unknown;
        const int answer = ::mincore(map, bytes, present.data());
        ::munmap(map, bytes);
        if (answer != 0)
            return Residency::Unknown;
        if (std::any_of(present.begin(), present.begin() + static_cast<std::ptrdiff_t>(pages),
                        [](unsigned char flags) { return (flags & 1U) == 0; }))
            return Residency::Absent;
        page += pages;
        left -= pages;
    }
    return Residency::Resident;
}

} // namespace

Residency residencyBy(ResidencyMethod method, int fd, std::uint64_t offset, std::uint64_t length)
{
    if (length == 0)
        return Residency::Resident;
    switch (method) {
    case ResidencyMethod::CacheStat:
        return byCacheStat(fd, offset, length);
    case ResidencyMethod::NoWait:
        return byNoWait(fd, offset, length);
    case ResidencyMethod::Mincore:
        return byMincore(fd, offset, length);
    }
    return Residency::Unknown;
}

Residency residency(int fd, std::uint64_t offset, std::uint64_t length)
{
    for (const auto method : {ResidencyMethod::CacheStat, ResidencyMethod::NoWait, ResidencyMethod::Mincore})
        if (const Residency answer = residencyBy(method, fd, offset, length); answer != Residency::Unknown)
            return answer;
    return Residency::Unknown;
}

} // namespace spillway::body
