// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/folderwatcher.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>

namespace spillway::catalog {

namespace {

constexpr std::uint32_t mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_ATTRIB |
                               IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

/// The rest waits in the kernel, whose own queue is bounded.
constexpr std::size_t maxEventsARound = 20'000;

FolderEvent::Kind kindOf(std::uint32_t bits)
{
    if ((bits & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0)
        return FolderEvent::Kind::FolderGone;
    if ((bits & IN_MOVED_FROM) != 0)
        return FolderEvent::Kind::MovedFrom;
    if ((bits & IN_MOVED_TO) != 0)
        return FolderEvent::Kind::MovedTo;
    return (bits & IN_MODIFY) != 0 ? FolderEvent::Kind::Modified : FolderEvent::Kind::Changed;
}

} // namespace

FolderWatcher::FolderWatcher(std::int64_t maxWatches)
    : inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), maxWatches_(maxWatches)
{
}

Result<void> FolderWatcher::watch(int folderFd, std::int64_t folder)
{
    if (!inotify_)
        return fail(ErrorCode::Exhausted, "no inotify instance is left; raise fs.inotify.max_user_instances");
    if (maxWatches_ > 0 && !watches_.contains(folder) &&
        static_cast<std::int64_t>(watches_.size()) >= maxWatches_)
        return fail(ErrorCode::Exhausted, "the limit of watched folders is reached");
    // By descriptor, so that it is the very folder we opened without following a link.
    const std::string path = "/proc/self/fd/" + std::to_string(folderFd);
    const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), mask);
    if (watch < 0 && errno == ENOSPC)
        return fail(ErrorCode::Exhausted,
                    "the limit of watched folders is reached; raise fs.inotify.max_user_watches");
    if (watch < 0)
        return fail(osError("cannot watch a folder", errno));
    if (const auto old = folders_.find(watch); old != folders_.end() && old->second != folder)
        watches_.erase(old->second);
    if (const auto old = watches_.find(folder); old != watches_.end() && old->second != watch)
        forget(folder); // another folder stands in its place now
    folders_[watch] = folder;
    watches_[folder] = watch;
    return {};
}

void FolderWatcher::forget(std::int64_t folder)
{
    const auto known = watches_.find(folder);
    if (known == watches_.end())
        return;
    ::inotify_rm_watch(inotify_.get(), known->second);
    folders_.erase(known->second);
    watches_.erase(known);
}

std::vector<FolderEvent> FolderWatcher::read()
{
    std::vector<FolderEvent> events;
    alignas(inotify_event) std::array<char, 64 << 10> buffer;
    while (events.size() < maxEventsARound) {
        const ssize_t n = inotify_ ? ::read(inotify_.get(), buffer.data(), buffer.size()) : 0;
        if (n <= 0)
            break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
            inotify_event event = {};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* const name = buffer.data() + at + sizeof event;
            at += sizeof event + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                events.push_back({FolderEvent::Kind::Overflow, 0, {}, 0});
                continue;
            }
            const auto folder = folders_.find(event.wd);
            if (folder == folders_.end())
                continue;
            if ((event.mask & IN_IGNORED) != 0) {
                if (const auto watch = watches_.find(folder->second);
                    watch != watches_.end() && watch->second == event.wd)
                    watches_.erase(watch);
                folders_.erase(folder);
                continue;
            }
            if (event.len == 0 && (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) == 0)
                continue; // the folder's own attributes
            events.push_back({kindOf(event.mask), folder->second,
                              event.len > 0 ? std::string(name) : std::string(), event.cookie});
        }
    }
    return events;
}

} // namespace spillway::catalog
