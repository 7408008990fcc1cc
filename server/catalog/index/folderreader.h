// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"
#include "server/catalog/index/indextypes.h"

#include <dirent.h>
#include <memory>
#include <string_view>

namespace spillway::catalog {

/// Opens a path below a folder without following any symlink in it; of any length, by steps where one call
/// cannot. An empty path is the folder again. The descriptor is for reading, non-blocking, close-on-exec.
Result<UniqueFd> openBelow(int folder, std::string_view path, int extraFlags);

/// Opens the folder (or file) of a share itself; its own path may lead through symlinks.
Result<UniqueFd> openRoot(const std::string& path);

/// Regular files and folders; nothing for symlinks, devices, FIFOs and sockets. NotFound where the name is
/// gone.
Result<std::optional<FileFacts>> factsOf(int folder, const std::string& name);
Result<std::optional<FileFacts>> factsOf(int fd);

/// A file system whose changes made elsewhere inotify does not tell (NFS, SMB, FUSE, 9P and the like).
[[nodiscard]] bool isRemoteFileSystem(int fd);

/// The names of one folder, in the order the file system has them, without "." and "..". For one thread.
class FolderReader
{
public:
    static Result<FolderReader> open(UniqueFd folder);

    /// Empty text at the end. The view is good until the next call.
    Result<std::string_view> next();
    [[nodiscard]] int fd() const { return ::dirfd(dir_.get()); }

private:
    struct Close
    {
        void operator()(DIR* dir) const { ::closedir(dir); }
    };
    explicit FolderReader(DIR* dir) : dir_(dir) {}

    std::unique_ptr<DIR, Close> dir_;
};

} // namespace spillway::catalog
