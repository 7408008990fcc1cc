// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/folderreader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

namespace spillway::catalog {

namespace {

constexpr int openFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

FileFacts toFacts(const struct stat& info)
{
    if (S_ISDIR(info.st_mode))
        return {true, 0, 0, static_cast<std::int64_t>(info.st_ino)};
    return {false, info.st_size, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec,
            static_cast<std::int64_t>(info.st_ino)};
}

/// One component after the other, each with O_NOFOLLOW: for kernels and containers without openat2, and for
/// paths longer than PATH_MAX.
Result<UniqueFd> openBySteps(int folder, std::string_view path, int extraFlags)
{
    UniqueFd at;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string name(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        const int flags = openFlags | O_NOFOLLOW | (path.empty() ? extraFlags : O_DIRECTORY);
        UniqueFd next(::openat(at ? at.get() : folder, name.c_str(), flags));
        if (!next)
            return fail(osError("cannot open " + name, errno));
        at = std::move(next);
    }
    return at;
}

} // namespace

Result<UniqueFd> openBelow(int folder, std::string_view path, int extraFlags)
{
    if (path.empty()) {
        UniqueFd same(::openat(folder, ".", openFlags | O_DIRECTORY));
        if (!same)
            return fail(osError("cannot open the folder", errno));
        return same;
    }
    if (path.size() >= PATH_MAX)
        return openBySteps(folder, path, extraFlags);
    struct open_how how = {};
    how.flags = static_cast<std::uint64_t>(openFlags | extraFlags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const std::string text(path);
    for (;;) {
        UniqueFd fd(static_cast<int>(::syscall(SYS_openat2, folder, text.c_str(), &how, sizeof how)));
        if (fd)
            return fd;
        if (errno == ENOSYS || errno == EPERM)
            return openBySteps(folder, path, extraFlags);
        if (errno != EAGAIN && errno != EINTR)
            return fail(osError("cannot open " + text, errno));
    }
}

Result<UniqueFd> openRoot(const std::string& path)
{
    UniqueFd fd(::open(path.c_str(), openFlags));
    if (!fd)
        return fail(osError("cannot open the shared folder " + path, errno));
    return fd;
}

Result<std::optional<FileFacts>> factsOf(int folder, const std::string& name)
{
    struct stat info = {};
    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return fail(osError("cannot look at " + name, errno));
    return S_ISREG(info.st_mode) || S_ISDIR(info.st_mode) ? std::optional(toFacts(info)) : std::nullopt;
}

Result<std::optional<FileFacts>> factsOf(int fd)
{
    struct stat info = {};
    if (::fstat(fd, &info) != 0)
        return fail(osError("cannot look at an open file", errno));
    return S_ISREG(info.st_mode) || S_ISDIR(info.st_mode) ? std::optional(toFacts(info)) : std::nullopt;
}

bool isRemoteFileSystem(int fd)
{
    // statfs(2) and linux/magic.h; several are in no header of ours.
    constexpr std::array<std::uint32_t, 11> remote = {
        0x6969,     // NFS
        0x517B,     // SMB
        0xFE534D42, // SMB2
        0xFF534D42, // CIFS
        0x65735546, // FUSE
        0x01021997, // 9P
        0x00C36400, // Ceph
        0x5346414F, // AFS
        0x73757245, // Coda
        0x786F4256, // VirtualBox shared folder
        0x47504653, // GPFS
    };
    struct statfs info = {};
    if (::fstatfs(fd, &info) != 0)
        return false;
    return std::find(remote.begin(), remote.end(), static_cast<std::uint32_t>(info.f_type)) != remote.end();
}

Result<FolderReader> FolderReader::open(UniqueFd folder)
{
    DIR* const dir = ::fdopendir(folder.get());
    if (dir == nullptr)
        return fail(osError("cannot list a folder", errno));
    (void)folder.release(); // closedir closes it
    return FolderReader(dir);
}

Result<std::string_view> FolderReader::next()
{
    for (;;) {
        errno = 0;
        const struct dirent* const entry = ::readdir(dir_.get());
        if (entry == nullptr && errno != 0)
            return fail(osError("cannot list a folder", errno));
        if (entry == nullptr)
            return std::string_view();
        const std::string_view name(entry->d_name);
        if (name != "." && name != "..")
            return name;
    }
}

} // namespace spillway::catalog
