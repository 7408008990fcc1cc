// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/pathresolver.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <functional>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace spillway::body {

namespace {

constexpr int resolveRetries =
    64; ///< EAGAIN: a rename or mount raced with "..": each retry is one more race lost
constexpr auto recheckAfter = std::chrono::seconds(1);
constexpr int readFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr int statFlags = O_PATH | O_CLOEXEC;

int openat2(int folder, const char* path, int flags, std::uint64_t resolve)
{
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = resolve;
    return static_cast<int>(::syscall(SYS_openat2, folder, path, &how, sizeof how));
}

/// Asked once: a seccomp filter answers EPERM for every call, while EPERM for one file is that file's answer.
bool kernelHasOpenat2()
{
    static const bool works = [] {
        const UniqueFd probe(openat2(AT_FDCWD, "/", O_PATH | O_CLOEXEC, RESOLVE_NO_MAGICLINKS));
        return static_cast<bool>(probe);
    }();
    return works;
}

/// A descriptor, or -1 and errno.
int openBeneath(int folder, const std::string& relative, int flags)
{
    for (int attempt = 0; attempt < resolveRetries; ++attempt) {
        const int fd = openat2(folder, relative.c_str(), flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            return fd;
    }
    return -1;
}

/// The same without openat2: no component may be a symlink.
int openByWalk(int folder, const std::string& relative, int flags)
{
    UniqueFd parent;
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = relative.find('/', begin);
        const std::string component = relative.substr(begin, end - begin);
        const int from = parent ? parent.get() : folder;
        if (end == std::string::npos) {
            UniqueFd last(::openat(from, component.c_str(), flags | O_NOFOLLOW));
            struct stat status
            {
            };
            if (last && (flags & O_PATH) != 0 && ::fstat(last.get(), &status) == 0 &&
                S_ISLNK(status.st_mode)) {
                errno = ELOOP; // O_PATH opens the symlink itself
                return -1;
            }
            return last.release();
        }
        UniqueFd next(::openat(from, component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!next)
            return -1;
        parent = std::move(next);
        begin = end + 1;
    }
}

bool meansGone(int errorNumber)
{
    switch (errorNumber) {
    case EIO:
    case ESTALE:
    case ENOTCONN: // a FUSE server that died
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ETIMEDOUT:
    case ESHUTDOWN:
        return true;
    default:
        return false;
    }
}

std::string lastComponent(const std::string& path)
{
    const std::size_t end = path.find_last_not_of('/');
    if (end == std::string::npos)
        return {};
    const std::size_t slash = path.rfind('/', end);
    const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(begin, end + 1 - begin);
}

bool isMountPoint(int folder, const FileFacts& facts)
{
    struct stat parent
    {
    };
    return ::fstatat(folder, "..", &parent, 0) == 0 &&
           (parent.st_dev != facts.device || parent.st_ino == facts.inode);
}

} // namespace

Result<void> checkRelativePath(std::string_view relative, bool allowDotFiles)
{
    if (relative.empty())
        return {};
    bool hidden = false;
    for (std::size_t begin = 0;;) {
        const std::size_t end = std::min(relative.find('/', begin), relative.size());
        const std::string_view component = relative.substr(begin, end - begin);
        if (component.empty() || component == "." || component == ".." ||
            component.find('\0') != std::string_view::npos)
            return fail(ErrorCode::InvalidArgument,
                        "The path has an empty part, \".\", \"..\" or a zero byte; ask for a plain name.");
        hidden = hidden || component.front() == '.';
        if (end == relative.size())
            break;
        begin = end + 1;
    }
    if (hidden && !allowDotFiles)
        return fail(ErrorCode::NotFound, "Names that begin with a dot are hidden in this share.");
    return {};
}

std::size_t currentNameHash(int fd)
{
    std::array<char, PATH_MAX> target; // NOLINT: filled by readlink
    const std::string self = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = ::readlink(self.c_str(), target.data(), target.size());
    return length <= 0 ? 0 : std::hash<std::string_view>{}({target.data(), static_cast<std::size_t>(length)});
}

ShareRoot::ShareRoot(std::string path, Options options, const Clock& clock)
    : path_(std::move(path)), name_(lastComponent(path_)), options_(options), clock_(clock)
{
}

Result<std::shared_ptr<const ShareRoot::Root>> ShareRoot::root()
{
    const Monotonic now = clock_.monotonic();
    std::lock_guard lock(mutex_);
    if (!checked_ || now - *checked_ >= recheckAfter)
        return revalidate(now);
    if (root_)
        return root_;
    return fail(ErrorCode::Unavailable, "The share's folder " + path_ + " is not there now.", lastError_);
}

/// With mutex_ held: others wait for the same answer rather than ask the same (perhaps hanging) disk.
Result<std::shared_ptr<const ShareRoot::Root>> ShareRoot::revalidate(Monotonic now)
{
    checked_ = now;
    struct stat status
    {
    };
    UniqueFd fd(::open(path_.c_str(), O_PATH | O_CLOEXEC));
    lastError_ = !fd || ::fstat(fd.get(), &status) != 0 ? errno : 0;
    if (lastError_ == EMFILE || lastError_ == ENFILE || lastError_ == ENOMEM) {
        checked_.reset(); // says nothing about the folder
        if (root_)
            return root_;
        return fail(osError("Cannot open the share's folder " + path_, lastError_));
    }
    auto fresh = std::make_shared<Root>();
    fresh->facts = factsOf(status);
    if (lastError_ == 0 && fresh->facts.kind == FileKind::Folder) {
        fresh->mountPoint = isMountPoint(fd.get(), fresh->facts);
        if (wasMountPoint_ && !fresh->mountPoint)
            lastError_ = ENODEV; // unmounted: this is the empty folder that the disk covered
        wasMountPoint_ = wasMountPoint_ || fresh->mountPoint;
    } else if (lastError_ == 0 && fresh->facts.kind == FileKind::Other) {
        lastError_ = ENOENT; // a device, FIFO or socket is never a share
    }
    if (lastError_ != 0) {
        root_.reset();
        return fail(ErrorCode::Unavailable,
                    "The share's folder " + path_ + " is not there now; it is served again when it is back.",
                    lastError_);
    }
    const bool same = root_ && root_->facts.inode == fresh->facts.inode &&
                      root_->facts.device == fresh->facts.device && root_->facts.kind == fresh->facts.kind;
    if (!same) {
        if (fresh->facts.kind == FileKind::Folder)
            fresh->fd = std::move(fd);
        root_ = std::move(fresh);
    }
    return root_;
}

Error ShareRoot::describe(std::string_view relative, int errorNumber, const Root& root)
{
    const std::string what = "Cannot open \"" + std::string(relative) + "\" in " + path_;
    struct stat status
    {
    };
    const bool removed = root.fd && (::fstat(root.fd.get(), &status) != 0 || status.st_nlink == 0);
    if (removed || meansGone(errorNumber)) {
        std::lock_guard lock(mutex_);
        checked_.reset(); // look at the path itself, next time
        return Error{ErrorCode::Unavailable, what + ": its disk or folder is gone.", errorNumber};
    }
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ENXIO: // a socket, or a device without a driver
    case ENODEV:
    case EXDEV: // it would leave the share
    case ELOOP: // a magic link, a symlink of the walk, or symlinks in a circle
        return Error{ErrorCode::NotFound, what + ": there is no such file.", errorNumber};
    case EAGAIN:
        return Error{ErrorCode::Busy, what + ": the folder kept changing; try again.", errorNumber};
    default:
        return osError(what, errorNumber);
    }
}

Result<UniqueFd> ShareRoot::openBelow(std::string_view relative, int flags)
{
    if (auto valid = checkRelativePath(relative, true); !valid)
        return fail(valid.error());
    auto current = root();
    if (!current)
        return fail(current.error());
    const Root& base = **current;
    int fd = -1;
    if (base.facts.kind == FileKind::File) {
        if (!relative.empty() && relative != name_)
            return fail(describe(relative, ENOENT, base));
        fd = ::open(path_.c_str(), flags);
        if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
            std::lock_guard lock(mutex_);
            checked_.reset();
            return fail(ErrorCode::Unavailable, "The shared file " + path_ + " is not there now.", errno);
        }
    } else {
        if (auto visible = checkRelativePath(relative, options_.allowDotFiles); !visible)
            return fail(visible.error());
        if (relative.empty())
            fd = ::openat(base.fd.get(), ".", flags);
        else if (options_.resolution == Resolution::Automatic && kernelHasOpenat2())
            fd = openBeneath(base.fd.get(), std::string(relative), flags);
        else
            fd = openByWalk(base.fd.get(), std::string(relative), flags);
    }
    if (fd < 0)
        return fail(describe(relative, errno, base));
    return UniqueFd(fd);
}

Result<OpenedPath> ShareRoot::open(std::string_view relative)
{
    auto fd = openBelow(relative, readFlags);
    if (!fd)
        return fail(fd.error());
    // The name first: a file that is renamed between the two calls then merely looks renamed already.
    const std::size_t name = currentNameHash(fd->get());
    struct stat status
    {
    };
    if (::fstat(fd->get(), &status) != 0)
        return fail(osError("Cannot read what \"" + std::string(relative) + "\" is", errno));
    OpenedPath opened{std::move(*fd), factsOf(status), name};
    if (opened.facts.kind == FileKind::Other)
        return fail(ErrorCode::NotFound, "\"" + std::string(relative) + "\" is neither a file nor a folder.");
    return opened;
}

Result<FileFacts> ShareRoot::stat(std::string_view relative)
{
    auto fd = openBelow(relative, statFlags);
    if (!fd)
        return fail(fd.error());
    struct stat status
    {
    };
    if (::fstat(fd->get(), &status) != 0)
        return fail(osError("Cannot read what \"" + std::string(relative) + "\" is", errno));
    const FileFacts facts = factsOf(status);
    if (facts.kind == FileKind::Other)
        return fail(ErrorCode::NotFound, "\"" + std::string(relative) + "\" is neither a file nor a folder.");
    return facts;
}

} // namespace spillway::body
