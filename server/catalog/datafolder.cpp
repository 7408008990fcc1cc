// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/datafolder.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace spillway::catalog {

namespace {

/// mkdir -p. Only the last folder is private; parents that had to be made get the usual mode.
Result<void> makeFolder(const std::string& path)
{
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        const std::string parent = path.substr(0, slash);
        if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST)
            return fail(osError("cannot make the folder " + parent, errno));
    }
    if (::mkdir(path.c_str(), 0700) == 0)
        return {};
    if (errno != EEXIST)
        return fail(osError("cannot make the data folder " + path, errno));

    struct stat info = {};
    if (::stat(path.c_str(), &info) != 0)
        return fail(osError("cannot look at the data folder " + path, errno));
    if (!S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidArgument,
                    "the data folder " + path + " is not a folder; choose another");
    // Signing keys live here: nobody else's business, whoever made the folder.
    if ((info.st_mode & 0077) != 0 && ::chmod(path.c_str(), 0700) != 0)
        return fail(osError("the data folder " + path + " is open to others and cannot be closed (chmod 700)",
                            errno));
    return {};
}

std::string holder(int fd)
{
    std::array<char, 32> text = {};
    const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
    std::string pid;
    for (ssize_t i = 0; i < n; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        if (std::isdigit(static_cast<unsigned char>(c)) == 0)
            break;
        pid += c;
    }
    return pid.empty() ? "another process" : "process " + pid;
}

} // namespace

Result<DataFolder> DataFolder::open(const std::string& path)
{
    std::string clean = path;
    while (clean.size() > 1 && clean.back() == '/')
        clean.pop_back();
    if (clean.empty())
        return fail(ErrorCode::InvalidArgument, "the data folder has no name");
    if (auto made = makeFolder(clean); !made)
        return fail(made.error());

    const std::string lockPath = clean + "/lock";
    UniqueFd fd(::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd)
        return fail(osError("cannot open " + lockPath, errno));
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::Busy, "the data folder " + clean + " is in use by " + holder(fd.get()) +
                                             "; stop it, or give this one its own folder with --data");
        return fail(osError("cannot lock " + lockPath, errno));
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(fd.get(), 0) != 0 ||
        ::pwrite(fd.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        return fail(osError("cannot write " + lockPath, errno));
    return DataFolder(std::move(clean), std::move(fd));
}

std::string DataFolder::file(std::string_view name) const
{
    return path_ + "/" + std::string(name);
}

Result<void> createPrivateFile(const std::string& path)
{
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST)
        return fail(ErrorCode::AlreadyExists, path + " is already there");
    if (!fd)
        return fail(osError("cannot make " + path, errno));
    return {};
}

} // namespace spillway::catalog
