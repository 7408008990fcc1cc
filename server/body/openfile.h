// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/body/filefacts.h"
#include "server/body/pathresolver.h"
#include "server/body/preloader.h"
#include "server/body/residency.h"
#include "server/net/segment.h"

#include <memory>
#include <string>
#include <vector>

namespace spillway::body {

/// An open regular file, as answers on one worker share it: descriptor, facts, entity tag, and `prepare` for
/// the sender.
///
/// Made, used and destroyed on one worker's thread (by std::make_shared only); `preloader` and `clock`
/// outlive it. Each prepare compares the file with what it was at the open (compareFacts: the rule of what
/// counts as changed), then asks whether the window is in the page cache, at most 4 MiB of it at a time. What
/// is not is loaded by the preloader, block by block. A reader that goes on where it was and had to wait gets
/// 1, 2, 4, then 8 MiB loaded ahead, within the preloader's budget; a slow reader, whose next block was
/// always there, keeps 1 MiB.
///
/// 256 MiB cold on the reference machine (ext4): 0.12 s, as without preparing (0.12 to 0.17 s), but the
/// longest single splice on the worker is 0.05 to 0.2 ms instead of 10 to 16 ms.
///
/// Wakes of transfers that ended while a block was loading are still called as long as another holds the
/// file: a waker checks for itself whether its transfer lives. When the last one lets go, the wakes go
/// unheard. Not promised: that bytes stay in memory between the answer and sendfile; that a rewrite in place
/// is caught before the next window; and on a file system that bypasses the page cache (FUSE with direct_io)
/// sendfile may still wait.
class OpenFile final : public net::FileSource, public std::enable_shared_from_this<OpenFile>
{
public:
    /// `ask` is residency(), but in tests that need a file to be cold.
    OpenFile(OpenedPath opened, Preloader& preloader, Post post, const Clock& clock,
             ResidencyQuestion ask = &residency);
    ~OpenFile() override;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] int fd() const noexcept override { return file_->get(); }
    [[nodiscard]] Window prepare(std::uint64_t offset, std::uint64_t length,
                                 std::function<void()> wake) override;

    [[nodiscard]] std::uint64_t size() const noexcept { return facts_.size; }
    [[nodiscard]] const FileFacts& facts() const noexcept
    {
        return facts_;
    } ///< size and mtime as at the open
    [[nodiscard]] const std::string& entityTag() const noexcept { return entityTag_; }
    [[nodiscard]] std::int64_t lastModified() const { return lastModifiedSeconds(facts_); }

private:
    /// A reader of cold data, known by where it will go on: prepare does not say which transfer asks.
    struct Stream
    {
        std::uint64_t next = 0;   ///< the offset it asks for next
        std::uint64_t end = 0;    ///< where its range ends: nothing is loaded beyond
        std::uint64_t issued = 0; ///< loads ahead were asked for up to here
        std::uint64_t ahead = 0;  ///< how far ahead of `next` to load, bytes
        std::uint64_t held = 0;   ///< of the preloader's budget, bytes
        bool waited = false;      ///< it waits for the block at `next` now
    };
    struct Waiting
    {
        std::uint64_t block = 0;
        bool asked = false; ///< false: the preloader was full and will call retryWaiting
        std::vector<std::function<void()>> wakes;
    };
    /// What was just loaded, one use for each wake: where nobody can tell (or it was evicted at once) it is
    /// sent all the same, or a transfer might load for ever.
    struct Loaded
    {
        std::uint64_t block = 0;
        std::size_t uses = 0;
        bool readable = false;
        Monotonic at{};
    };
    enum class Mark : std::uint8_t
    {
        None,
        Readable,
        Unreadable
    };

    [[nodiscard]] bool stillSame();
    [[nodiscard]] std::uint64_t hotPrefix(std::uint64_t offset, std::uint64_t length);
    [[nodiscard]] Mark takeMark(std::uint64_t block);
    [[nodiscard]] Preloader::Block keyOf(std::uint64_t block) const;
    [[nodiscard]] Stream* streamAt(std::uint64_t offset);
    void waitFor(std::uint64_t offset, std::uint64_t end, std::function<void()> wake);
    void request(Waiting& waiting);
    void blockLoaded(std::uint64_t block, bool readable);
    void retryWaiting();
    void loadAhead(Stream& stream);
    void hold(Stream& stream);

    const std::shared_ptr<const UniqueFd> file_; ///< shared with loads under way, which may outlive this
    FileFacts facts_;
    std::size_t nameHash_;
    const std::string entityTag_;
    Preloader& preloader_;
    const Post post_;
    const Clock& clock_;
    const ResidencyQuestion ask_;
    Monotonic wholeHotUntil_{};

    std::vector<Stream> streams_;  ///< empty while everything is hot; the least recently used first
    std::vector<Waiting> waiting_; ///< at most one entry a block
    std::vector<Loaded> loaded_;
};

} // namespace spillway::body
