// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/base/result.h"
#include "server/base/uniquefd.h"
#include "server/body/zipnames.h"
#include "server/body/zipwatch.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace spillway::body {

/// Reads the folders of a tree with several threads, ahead of the walk that puts them in order:
///
///     work, the first in the archive's order on top:  [read "a"] [look at 1,300 names] [read "b"] …
///     helpers of the pool:   take ─ do ─ take ─ do …              (they leave when there is none)
///     the walk:              wait(a) ─ a's names ─ wait(b) …      (takes work too, until b is there)
///
/// So a large folder's files are looked at by all while its names are still being read, and small folders are
/// read beside each other. Helpers come late or never where the pool is busy; then the walk does it all.
/// Because the first in order is done first, few folders are open at a time: those on the way to where the
/// threads are.
class ZipScan : public std::enable_shared_from_this<ZipScan>
{
public:
    struct Folder
    {
        enum class State : std::uint8_t
        {
            Listed,
            Denied,  ///< the server may not read it
            TooDeep, ///< each level may hold a descriptor
            Gone,    ///< meanwhile
            Failed,
        };
        // Good when wait() has returned.
        State state = State::Listed;
        Error error{};           ///< where it failed
        ZipNames names;          ///< that may be shown
        std::size_t leftOut = 0; ///< names with a backslash
        /// Of the names that are folders, in their order. The walk takes them out.
        std::vector<std::shared_ptr<Folder>> folders;

    private:
        friend class ZipScan;
        std::shared_ptr<const UniqueFd> parent, fd;
        std::string name; ///< in `parent`
        std::size_t depth = 0;
        std::size_t pending = 1; ///< parts of the work that are not done; guarded by the scan's mutex
        bool isThere = false;    ///< the same
    };
    using FolderPtr = std::shared_ptr<Folder>;

    /// `mostBytes` of names and what a plan keeps of each; what is more fails as Unsupported. `watch`, if
    /// any, sees each folder before it is read.
    ZipScan(bool dotFiles, std::size_t mostBytes, BlockingPool& helpers, std::shared_ptr<ZipWatch> watch)
        : dotFiles_(dotFiles), mostBytes_(mostBytes), pool_(helpers), watch_(std::move(watch))
    {
    }

    /// An open folder and all that is below it.
    [[nodiscard]] FolderPtr begin(UniqueFd fd);
    /// Returns when the folder's own names are there; of a begun one, or of one of its folders. The walk's.
    void wait(const Folder& folder);
    /// No more work is begun. The helpers hold the scan until they have left it.
    void stop();

private:
    struct Work
    {
        FolderPtr folder;
        ZipNameChunk* chunk = nullptr; ///< none: read the folder
    };
    using Lock = std::unique_lock<std::mutex>;
    void doOne(Lock& lock);
    void push(const Lock& lock, Work work);
    void callHelpers(Lock& lock);
    void help();
    void open(Folder& folder) const;
    void read(const FolderPtr& folder);
    void takeName(Folder& folder, ZipNameChunk& chunk, const char* record) const;
    [[nodiscard]] bool takeRoom(Folder& folder, const ZipNameChunk& chunk);
    void complete(Folder& folder) const;

    const bool dotFiles_;
    const std::size_t mostBytes_;
    BlockingPool& pool_;
    const std::shared_ptr<ZipWatch> watch_;

    std::mutex mutex_;                ///< guards what follows
    std::condition_variable changed_; ///< work has come, or a folder is there
    std::vector<Work> work_;
    std::size_t helpers_ = 0;
    std::size_t bytes_ = 0; ///< of all names so far
    bool stopped_ = false;
};

} // namespace spillway::body
