// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/directory.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace spillway::body {

namespace {

constexpr std::size_t bufferSize = 32U << 10;
constexpr std::int64_t nanosecondsPerSecond = 1'000'000'000;

} // namespace

std::string joinPath(std::string_view parent, std::string_view name)
{
    std::string joined(parent);
    if (!joined.empty())
        joined += '/';
    joined += name;
    return joined;
}

DirectoryReader::DirectoryReader(std::shared_ptr<ShareRoot> root, std::string relative, UniqueFd folder)
    : root_(std::move(root)), relative_(std::move(relative)), folder_(std::move(folder)), buffer_(bufferSize)
{
}

Result<DirectoryReader> DirectoryReader::open(std::shared_ptr<ShareRoot> root, std::string relative)
{
    auto opened = root->open(relative);
    if (!opened)
        return fail(opened.error());
    if (opened->facts.kind != FileKind::Folder)
        return fail(ErrorCode::NotFound, "\"" + relative + "\" is a file, not a folder.");
    return DirectoryReader(std::move(root), std::move(relative), std::move(opened->fd));
}

Result<bool> DirectoryReader::next(std::vector<DirectoryEntry>& out, std::size_t most)
{
    while (most > 0) {
        if (position_ == filled_) {
            const ssize_t got = ::getdents64(folder_.get(), buffer_.data(), buffer_.size());
            if (got < 0 && errno == ENOENT)
                return false; // the folder was removed while it was read
            if (got < 0)
                return fail(osError("Cannot read the folder \"" + relative_ + "\"", errno));
            if (got == 0)
                return false;
            position_ = 0;
            filled_ = static_cast<std::size_t>(got);
        }
        // The kernel's record: inode, offset, length, type, name (struct linux_dirent64), at any alignment.
        const char* record = buffer_.data() + position_;
        std::uint16_t length = 0;
        std::memcpy(&length, record + offsetof(dirent64, d_reclen), sizeof length);
        const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
        const std::string_view name = record + offsetof(dirent64, d_name);
        position_ += length;
        // A backslash cannot be asked for: the head gate refuses it, as other parsers take it for a slash.
        if (name == "." || name == ".." || name.find('\\') != std::string_view::npos ||
            (name.starts_with('.') && !root_->allowsDotFiles()))
            continue;
        DirectoryEntry entry;
        entry.name = name;
        if (describe(entry, type)) {
            out.push_back(std::move(entry));
            --most;
        }
    }
    return true;
}

/// False where the entry is not for others to see.
bool DirectoryReader::describe(DirectoryEntry& entry, unsigned char type)
{
    if (type == DT_FIFO || type == DT_SOCK || type == DT_CHR || type == DT_BLK)
        return false;
    if (type != DT_LNK) {
        struct statx status
        {
        };
        if (::statx(folder_.get(), entry.name.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
                    STATX_TYPE | STATX_SIZE | STATX_MTIME, &status) != 0)
            return false;
        if (!S_ISLNK(status.stx_mode)) {
            if (!S_ISREG(status.stx_mode) && !S_ISDIR(status.stx_mode))
                return false;
            entry.kind = S_ISDIR(status.stx_mode) ? FileKind::Folder : FileKind::File;
            entry.size = status.stx_size;
            entry.mtimeNs = static_cast<std::int64_t>(static_cast<std::uint64_t>(status.stx_mtime.tv_sec) *
                                                          static_cast<std::uint64_t>(nanosecondsPerSecond) +
                                                      status.stx_mtime.tv_nsec);
            return true;
        }
    }
    const auto target = root_->stat(joinPath(relative_, entry.name));
    if (!target)
        return false;
    entry.kind = target->kind;
    entry.symlink = true;
    entry.size = target->size;
    entry.mtimeNs = target->mtimeNs;
    return true;
}

} // namespace spillway::body
