// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditfiles.h"

#include "server/config/files.h"

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
    auto bytes = config::readAt(fd.get(), 0, kAuditKeySize + 1, path);
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
    if (auto written = config::writePrivateFile(path, key); !written)
        return fail(written.error());
    if (auto synced = config::syncFolder(folder); !synced)
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
    return config::readAt(fd.get(), 0, most, path);
}

} // namespace spillway::admin
