// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/uniquefd.h"

#include <atomic>
#include <cstddef>

namespace spillway::body {

/// Knows whether anything in the folders of an archive has changed since each was added: one inotify
/// descriptor, whose events the kernel notes before the change's own call returns. So a plan can be used for
/// as long as nothing has happened, without looking at its files again.
///
/// It is blind, and then never quiet, where it does not see all: a file that has a second name elsewhere, a
/// symlink, a file system that others write to, more folders than it may watch. What inotify never tells, a
/// write through a memory map, is found when the file is opened for the archive. Thread-safe.
class ZipWatch
{
public:
    /// Each costs the walk some 4 µs, and the kernel 1 KiB.
    static constexpr std::size_t kMostFolders = 8192;

    /// Whether a file system keeps from us what others do in it.
    using IsRemote = bool (*)(int folder);

    explicit ZipWatch(IsRemote isRemote);
    ZipWatch(const ZipWatch&) = delete;
    ZipWatch& operator=(const ZipWatch&) = delete;

    /// An open folder, before its names are read.
    void add(int folder);
    void setBlind() noexcept { blind_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isBlind() const noexcept { return blind_.load(std::memory_order_relaxed); }
    /// Nothing has changed so far. Does not block.
    [[nodiscard]] bool isQuiet();
    [[nodiscard]] std::size_t folders() const noexcept { return folders_.load(std::memory_order_relaxed); }

private:
    const IsRemote isRemote_;
    const UniqueFd inotify_;
    std::atomic<std::size_t> folders_{0};
    std::atomic<bool> blind_{false};
};

} // namespace spillway::body
