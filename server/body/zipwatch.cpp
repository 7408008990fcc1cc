// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipwatch.h"

#include <cstdint>
#include <string>
#include <sys/inotify.h>
#include <sys/ioctl.h>

namespace spillway::body {

namespace {

constexpr std::uint32_t kMask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_ATTRIB |
                                IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

} // namespace

ZipWatch::ZipWatch(IsRemote isRemote)
    : isRemote_(isRemote), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    if (!inotify_)
        setBlind();
}

void ZipWatch::add(int folder)
{
    if (isBlind())
        return;
    // By descriptor, so that it is the very folder that is read.
    const std::string path = "/proc/self/fd/" + std::to_string(folder);
    if (folders_.fetch_add(1, std::memory_order_relaxed) >= kMostFolders ||
        (isRemote_ && isRemote_(folder)) || ::inotify_add_watch(inotify_.get(), path.c_str(), kMask) < 0)
        setBlind();
}

bool ZipWatch::isQuiet()
{
    // What has been told stays there unread: it is enough to know that it is something.
    int bytes = 0;
    return !isBlind() && ::ioctl(inotify_.get(), FIONREAD, &bytes) == 0 && bytes == 0;
}

} // namespace spillway::body
