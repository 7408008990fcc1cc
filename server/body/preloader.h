// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/base/uniquefd.h"

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace spillway::body {

/// Runs a function on the worker thread that owns it, later, never from inside the call. Any thread may call
/// it, also after that worker ended (the function is then dropped).
using Post = std::function<void(std::function<void()>)>;

/// Reads blocks of cold files into the page cache, so that sendfile on a worker finds them there. One for all
/// workers.
///
///     worker A: OpenFile ─ load(block 7) ─┐                            ┌─ done → post to A
///     worker B: OpenFile ─ load(block 7) ─┴→ inFlight[dev,ino,7] → pool ┴─ done → post to B      one read
///     for both worker B: OpenFile ─ load(block 9) ──→ full → starved ─ (half of it done) → retry → post to B
///
/// Thread-safe; no call blocks on a disk. Bounds: `blocks` in flight (a load over it waits in `starved`, one
/// entry for a transfer at most), and `ahead` bytes read before anybody needs them. Callbacks come on pool
/// threads; those still to come when this is destroyed come before the destructor returns. No bytes are kept:
/// the page cache has them.
///
/// How a block is read: MADV_POPULATE_READ on a mapping of it. 256 MiB cold on the reference machine (ext4):
/// 0.10 s and 19 ms of CPU; by pread to a 256 KiB scratch 0.10 to 0.35 s and 35 to 320 ms;
/// posix_fadvise(WILLNEED) before either costs 90 ms more, since it fills the cache page by page rather than
/// in large folios. pread is the fallback (before Linux 5.14, and where a file cannot be mapped).
class Preloader
{
public:
    struct Options
    {
        std::size_t threads = 4;
        std::size_t blocks = 256;           ///< in the queue or being read; at least 1
        std::uint64_t blockSize = 1U << 20; ///< bytes, a multiple of the page size
        std::uint64_t ahead = 64U << 20;    ///< bytes, over all transfers
    };
    struct Block
    {
        std::uint64_t device = 0, inode = 0, index = 0; ///< the block begins at index * blockSize
        friend auto operator<=>(const Block&, const Block&) = default;
    };
    using Done = std::function<void(bool readable)>;

    explicit Preloader(Options options);
    Preloader(const Preloader&) = delete;
    Preloader& operator=(const Preloader&) = delete;

    /// Loads a block, or joins the load under way. True: `done` is called once. False: full; `retry` is
    /// called once there is room, and the caller asks again.
    [[nodiscard]] bool load(const Block& block, std::shared_ptr<const UniqueFd> file, Done done,
                            std::function<void()> retry);
    /// Loads a block that nobody needs yet, unless half of the room is taken: what is needed now goes first.
    bool loadAhead(const Block& block, std::shared_ptr<const UniqueFd> file);

    /// The budget for loads ahead: take before loadAhead, give back when the bytes were sent or are not
    /// wanted any more.
    [[nodiscard]] bool takeAhead(std::uint64_t bytes);
    void giveAhead(std::uint64_t bytes);

    [[nodiscard]] std::uint64_t blockSize() const noexcept { return options_.blockSize; }

    struct Counters
    {
        std::uint64_t inFlight = 0;  ///< blocks queued or being read now
        std::uint64_t blocks = 0;    ///< blocks read
        std::uint64_t bytes = 0;     ///< bytes in them
        std::uint64_t joined = 0;    ///< loads that found their block already on its way
        std::uint64_t refused = 0;   ///< loads that had to wait because the queue was full
        std::uint64_t failed = 0;    ///< blocks that could not be read
        std::uint64_t aheadHeld = 0; ///< bytes of the ahead budget in use now
        std::uint64_t aheadRefused = 0;
    };
    [[nodiscard]] Counters counters() const;

private:
    void start(const Block& block, std::shared_ptr<const UniqueFd> file);
    void finish(const Block& block, std::int64_t bytes);

    const Options options_;
    std::atomic<std::uint64_t> aheadHeld_ = 0;
    std::atomic<std::uint64_t> aheadRefused_ = 0;

    mutable std::mutex mutex_; ///< guards what follows
    std::map<Block, std::vector<Done>> inFlight_;
    std::vector<std::function<void()>> starved_;
    Counters counters_;

    BlockingPool pool_; ///< last: its destructor runs what still uses the members above
};

/// Brings [offset, offset + length) of a file into the page cache: the bytes read (fewer at the end of the
/// file), or -1 and errno. Blocks.
[[nodiscard]] std::int64_t readIntoCache(int fd, std::uint64_t offset, std::uint64_t length);

} // namespace spillway::body
