// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/base/uniquefd.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace spillway::catalog {

/// What inotify told, by the index's folder ids instead of watch numbers.
struct FolderEvent
{
    enum class Kind
    {
        Changed,  ///< a name came, went or was touched
        Modified, ///< a file was written: its checksums are void, whatever its times say
        MovedFrom,
        MovedTo,
        FolderGone, ///< the watched folder itself was deleted, moved or unmounted
        Overflow,   ///< events were lost; folder is 0
    };
    Kind kind = Kind::Changed;
    std::int64_t folder = 0;
    std::string name;
    std::uint32_t cookie = 0; ///< joins MovedFrom and MovedTo
};

/// One inotify descriptor over any number of folders. For one thread.
class FolderWatcher
{
public:
    /// `maxWatches` 0: only the kernel's limit.
    explicit FolderWatcher(std::int64_t maxWatches);

    [[nodiscard]] int fd() const { return inotify_.get(); } ///< -1 where the kernel gave none
    /// Exhausted at the limit. Again on a watched folder is fine; a folder known by another id takes the new
    /// one.
    Result<void> watch(int folderFd, std::int64_t folder);
    void forget(std::int64_t folder);
    /// What waits, up to some 20,000; never blocks.
    std::vector<FolderEvent> read();
    [[nodiscard]] std::size_t size() const { return folders_.size(); }

private:
    UniqueFd inotify_;
    std::int64_t maxWatches_;
    std::unordered_map<int, std::int64_t> folders_; ///< by watch
    std::unordered_map<std::int64_t, int> watches_; ///< by folder
};

} // namespace spillway::catalog
