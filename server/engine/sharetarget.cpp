// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/sharetarget.h"

#include "server/body/pathresolver.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::engine {

Result<std::string> canonicalPath(const std::string& path)
{
    if (path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument, "\"" + path + "\" is not an absolute path");
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
    if (!real) {
        if (errno == ENOENT || errno == ENOTDIR)
            return fail(ErrorCode::NotFound, "there is nothing at " + path, errno);
        return fail(osError("cannot look at " + path, errno));
    }
    return std::string(real.get());
}

bool liesIn(std::string_view path, std::string_view folder)
{
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

namespace {

std::string_view lastPart(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

/// What `target` names, before anybody looks at the disk below the share.
struct Named
{
    const catalog::Share* share = nullptr;
    std::string path;
};

Result<Named> nameAbsolute(std::string_view target, const std::vector<catalog::Share>& shares)
{
    const auto real = canonicalPath(std::string(target));
    if (!real)
        return fail(real.error());
    Named found;
    for (const catalog::Share& share : shares)
        if (liesIn(*real, share.path) && (!found.share || share.path.size() > found.share->path.size()))
            found.share = &share;
    if (!found.share)
        return fail(ErrorCode::NotFound,
                    std::string(target) + " lies in no share; share its folder first (spillway share add)");
    if (real->size() > found.share->path.size())
        found.path = real->substr(found.share->path.size() + 1);
    return found;
}

Result<Named> nameByShare(std::string_view target, const std::vector<catalog::Share>& shares)
{
    const std::string_view name = target.substr(0, target.find('/'));
    for (const catalog::Share& share : shares) {
        if (share.name != name)
            continue;
        std::string_view path = target.substr(std::min(target.size(), name.size() + 1));
        if (path.ends_with('/'))
            path.remove_suffix(1);
        return Named{&share, std::string(path)};
    }
    return fail(ErrorCode::NotFound,
                "there is no share named \"" + std::string(name) + "\"; spillway share list shows them");
}

} // namespace

Result<std::string> sharePath(const std::string& path, const std::string& dataFolder)
{
    auto real = canonicalPath(path);
    if (!real)
        return fail(real.error());
    if (*real == "/")
        return fail(ErrorCode::InvalidArgument, "/ is the whole machine; share a folder in it");
    const auto data = canonicalPath(dataFolder);
    if (data && (liesIn(*data, *real) || liesIn(*real, *data)))
        return fail(ErrorCode::InvalidArgument,
                    *real + " cannot be shared: it " + (liesIn(*data, *real) ? "holds" : "is in") +
                        " Spillway's data folder " + *data + " with the signing keys");

    const UniqueFd fd(::open(real->c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd)
        return fail(osError("cannot read " + *real, errno));
    struct stat info = {};
    if (::fstat(fd.get(), &info) != 0)
        return fail(osError("cannot look at " + *real, errno));
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidArgument, *real + " is neither a folder nor a regular file");
    if (S_ISDIR(info.st_mode) && ::faccessat(AT_FDCWD, real->c_str(), R_OK | X_OK, AT_EACCESS) != 0)
        return fail(osError("cannot enter the folder " + *real, errno));
    return real;
}

Result<ShareTarget> findTarget(std::string_view target, const std::vector<catalog::Share>& shares,
                               const Clock& clock)
{
    if (target.empty())
        return fail(ErrorCode::InvalidArgument, "say what to link to, as SHARE/PATH");
    auto named = target.front() == '/' ? nameAbsolute(target, shares) : nameByShare(target, shares);
    if (!named)
        return fail(named.error());
    const catalog::Share& share = *named->share;

    body::ShareRoot root(share.path, {.allowDotFiles = share.showDotFiles}, clock);
    const auto opened = root.open(named->path);
    if (!opened) {
        if (opened.error().code == ErrorCode::NotFound)
            return fail(ErrorCode::NotFound, "there is no \"" + named->path + "\" in the share " +
                                                 share.name + " that may be sent");
        return fail(opened.error());
    }
    ShareTarget found{share, std::move(named->path), opened->facts.kind == body::FileKind::Folder, {}};
    if (!found.path.empty()) {
        found.name = lastPart(found.path);
        // A share that is one file has that file under its own name, too; one spelling is enough.
        struct stat info = {};
        if (::stat(share.path.c_str(), &info) == 0 && S_ISREG(info.st_mode))
            found.path.clear();
    } else {
        found.name = found.isFolder ? share.name : std::string(lastPart(share.path));
    }
    return found;
}

} // namespace spillway::engine
