// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/base/uniquefd.h"
#include "server/body/filefacts.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::body {

/// A regular file or a folder, open for reading, and what fstat said right after the open.
struct OpenedPath
{
    UniqueFd fd;
    FileFacts facts;
    std::size_t nameHash = 0; ///< currentNameHash at the open
};

/// A hash of the name that the open file has now, to learn whether it was moved (compareFacts); 0 without
/// /proc.
[[nodiscard]] std::size_t currentNameHash(int fd);

/// Checks a path below a share, before any I/O. Names are bytes, UTF-8 or not. InvalidArgument: an empty
/// component (so also a slash at either end), ".", ".." or NUL. NotFound: a component that begins with a dot,
/// unless allowed. The empty path is the share itself.
[[nodiscard]] Result<void> checkRelativePath(std::string_view relative, bool allowDotFiles);

/// A share's folder (or its one file), and the only way to what lies below it.
///
/// Nothing outside the folder can be opened: the kernel resolves each path beneath the folder's descriptor
/// (openat2 with RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS). Relative symlinks that stay inside are followed;
/// absolute ones, those that leave, and /proc's magic links are NotFound. A symlink's owner decides what it
/// shows, dot files too. Other file systems mounted inside are part of the share. Where openat2 is missing or
/// forbidden (old kernel, container), each component is opened with O_NOFOLLOW instead, and no symlink is
/// followed.
///
/// Thread-safe; every call may block on a disk, so only threads of a BlockingPool call it. Errors:
/// InvalidArgument and NotFound as above (also for devices, FIFOs, sockets and names too long),
/// PermissionDenied, Exhausted (descriptors), Busy (it kept changing), Unavailable: the share's folder is
/// gone (disk unplugged, NAS away). The folder is looked for again at most once a second, and what comes back
/// is served again.
///
/// A share that is one file has that file under "" and under its own name. It is opened by its path each
/// time, like the folder after it came back: who may replace a share's root decides what it shows.
class ShareRoot
{
public:
    enum class Resolution : std::uint8_t
    {
        Automatic, ///< openat2 where it works
        Walk,      ///< component by component, as on old kernels
    };
    struct Options
    {
        bool allowDotFiles = false;
        Resolution resolution = Resolution::Automatic;
    };

    /// The path need not exist now. `clock` outlives this.
    ShareRoot(std::string path, Options options, const Clock& clock);
    ShareRoot(const ShareRoot&) = delete;
    ShareRoot& operator=(const ShareRoot&) = delete;

    [[nodiscard]] Result<OpenedPath> open(std::string_view relative);
    /// The same rules, without opening what it names (so a device is never touched); Other kinds are NotFound
    /// too.
    [[nodiscard]] Result<FileFacts> stat(std::string_view relative);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] bool allowsDotFiles() const noexcept { return options_.allowDotFiles; }

private:
    struct Root
    {
        UniqueFd fd; ///< O_PATH; none for a share that is one file
        FileFacts facts;
        bool mountPoint = false;
    };
    [[nodiscard]] Result<std::shared_ptr<const Root>> root();
    [[nodiscard]] Result<std::shared_ptr<const Root>> revalidate(Monotonic now);
    [[nodiscard]] Result<UniqueFd> openBelow(std::string_view relative, int flags);
    [[nodiscard]] Error describe(std::string_view relative, int errorNumber, const Root& root);

    const std::string path_;
    const std::string name_; ///< the last component of path_
    const Options options_;
    const Clock& clock_;

    std::mutex mutex_; ///< guards what follows
    std::shared_ptr<const Root> root_;
    std::optional<Monotonic> checked_; ///< when the path was last looked at
    int lastError_ = 0;                ///< why there is no root_, an errno
    bool wasMountPoint_ = false; ///< a disk was mounted there once: the bare folder below it is not the share
};

} // namespace spillway::body
