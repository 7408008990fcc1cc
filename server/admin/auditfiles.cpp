// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditfiles.h"

#include "server/catalog/datafolder.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::admin {

Result<std::optional<std::string>> readAuditKey(const std::string& path)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return std::optional<std::string>();
    struct stat info = {};
    if (!fd || ::fstat(fd.get(), &info) != 0)
        return fail(osError("cannot read the key of the audit log, " + path, errno));
    if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0)
        return fail(ErrorCode::PermissionDenied,
                    path + " can be read by others, and who has it can forge the audit log: chmod 600 it");
    auto bytes = readAt(fd.get(), 0, kAuditKeySize + 1, path);
    if (!bytes)
        return fail(bytes.error());
    if (bytes->size() != kAuditKeySize)
        return fail(ErrorCode::Corrupt, path +
                                            " is no key of an audit log: it has not 32 bytes. Put the right "
                                            "one back, or move it away to begin a new log");
    return std::optional<std::string>(std::move(*bytes));
}

Result<std::string> makeAuditKey(const std::string& path, const std::string& folder)
{
    std::string key(kAuditKeySize, '\0');
    if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
        return fail(osError("cannot make the key of the audit log", errno));
    // Beside, and then renamed: a crash leaves a whole key or none.
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());
    const UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd)
        return fail(osError("cannot write " + beside, errno));
    if (auto written = writeAll(fd.get(), key, beside); !written)
        return fail(written.error());
    if (::fsync(fd.get()) != 0 || ::rename(beside.c_str(), path.c_str()) != 0)
        return fail(osError("cannot write " + path, errno));
    if (auto synced = catalog::syncFolder(folder); !synced)
        return fail(synced.error());
    return key;
}

Result<std::string> readSmallFile(const std::string& path, std::size_t most)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return std::string();
    if (!fd)
        return fail(osError("cannot read " + path, errno));
    return readAt(fd.get(), 0, most, path);
}

Result<std::string> readAt(int fd, std::uint64_t offset, std::size_t size, const std::string& path)
{
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t n = ::pread(fd, bytes.data() + got, size - got, static_cast<off_t>(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(osError("cannot read " + path, errno));
        if (n == 0)
            break;
        got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    return bytes;
}

Result<void> writeAll(int fd, std::string_view bytes, const std::string& path)
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(osError("cannot write " + path, n < 0 ? errno : EIO));
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

} // namespace spillway::admin
