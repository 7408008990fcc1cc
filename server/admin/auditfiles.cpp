// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditfiles.h"

#include "server/config/files.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::admin {

namespace {

/// More than the longest line.
constexpr std::size_t kLongestLine = 1 << 20;

} // namespace

Result<std::vector<std::uint64_t>> AuditPaths::listAside() const
{
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
    if (!entries)
        return fail(osError("cannot look into " + folder, errno));
    constexpr std::string_view begin = "audit.log.";
    std::vector<std::uint64_t> numbers;
    while (const dirent* entry = ::readdir(entries.get())) {
        const std::string_view name = entry->d_name;
        if (!name.starts_with(begin))
            continue;
        std::uint64_t number = 0;
        const auto read = std::from_chars(name.data() + begin.size(), name.data() + name.size(), number);
        if (read.ec == std::errc() && name == std::string(begin) + std::to_string(number) && number > 0)
            numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

Result<UniqueFd> openAuditFile(const std::string& path)
{
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd && errno != ENOENT)
        return fail(osError("cannot read " + path, errno));
    return fd;
}

Result<std::string> readFirstLine(int fd, const std::string& path)
{
    auto begin = config::readAt(fd, 0, kLongestLine, path);
    if (!begin)
        return begin;
    const std::size_t end = begin->find('\n');
    begin->resize(end == std::string::npos ? 0 : end);
    return begin;
}

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
    const auto fd = openAuditFile(path);
    if (!fd)
        return fail(fd.error());
    return *fd ? config::readAt(fd->get(), 0, most, path) : std::string();
}

} // namespace spillway::admin
