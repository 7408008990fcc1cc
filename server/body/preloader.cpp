// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/preloader.h"

#include <algorithm>
#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::body {

namespace {

constexpr std::size_t scratchSize = 256U << 10; ///< of each pool thread, for pread

std::int64_t readByCopy(int fd, std::uint64_t offset, std::uint64_t length)
{
    thread_local std::vector<char> scratch(scratchSize);
    std::uint64_t done = 0;
    while (done < length) {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(length - done, scratch.size()));
        const ssize_t got = ::pread(fd, scratch.data(), want, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break; // the file is shorter than it was; the sender finds out by fstat
        done += static_cast<std::uint64_t>(got);
    }
    return static_cast<std::int64_t>(done);
}

} // namespace

std::int64_t readIntoCache(int fd, std::uint64_t offset, std::uint64_t length)
{
    struct stat status
    {
    };
    if (::fstat(fd, &status) != 0)
        return -1;
    const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
    if (offset >= size)
        return 0;
    length = std::min(length, size - offset);
#ifdef MADV_POPULATE_READ
    // A file cut short meanwhile makes it fail with EFAULT, as a bad sector does; pread then tells which it
    // was.
    void* map = ::mmap(nullptr, static_cast<std::size_t>(length), PROT_READ, MAP_SHARED, fd,
                       static_cast<off_t>(offset));
    if (map != MAP_FAILED) {
        const int answer = ::madvise(map, static_cast<std::size_t>(length), MADV_POPULATE_READ);
        ::munmap(map, static_cast<std::size_t>(length));
        if (answer == 0)
            return static_cast<std::int64_t>(length);
    }
#endif
    return readByCopy(fd, offset, length);
}

Preloader::Preloader(Options options)
    : options_(options), pool_("preload", std::max<std::size_t>(options.threads, 1), options.blocks + 1)
{
}

bool Preloader::load(const Block& block, std::shared_ptr<const UniqueFd> file, Done done,
                     std::function<void()> retry)
{
    std::lock_guard lock(mutex_);
    if (const auto found = inFlight_.find(block); found != inFlight_.end()) {
        ++counters_.joined;
        found->second.push_back(std::move(done));
        return true;
    }
    if (inFlight_.size() >= std::max<std::size_t>(options_.blocks, 1)) {
        ++counters_.refused;
        starved_.push_back(std::move(retry));
        return false;
    }
    inFlight_[block].push_back(std::move(done));
    start(block, std::move(file));
    return true;
}

bool Preloader::loadAhead(const Block& block, std::shared_ptr<const UniqueFd> file)
{
    std::lock_guard lock(mutex_);
    if (inFlight_.contains(block))
        return true;
    if (inFlight_.size() >= options_.blocks / 2) {
        aheadRefused_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    inFlight_[block];
    start(block, std::move(file));
    return true;
}

/// With mutex_ held. The pool's queue is longer than inFlight_ may grow, so it takes every task.
void Preloader::start(const Block& block, std::shared_ptr<const UniqueFd> file)
{
    const bool taken = pool_.submit([this, block, file = std::move(file)] {
        finish(block, readIntoCache(file->get(), block.index * options_.blockSize, options_.blockSize));
    });
    static_cast<void>(taken);
}

void Preloader::finish(const Block& block, std::int64_t bytes)
{
    std::vector<Done> waiters;
    std::vector<std::function<void()>> retries;
    {
        std::lock_guard lock(mutex_);
        if (const auto found = inFlight_.find(block); found != inFlight_.end()) {
            waiters.swap(found->second);
            inFlight_.erase(found);
        }
        ++counters_.blocks;
        if (bytes < 0)
            ++counters_.failed;
        else
            counters_.bytes += static_cast<std::uint64_t>(bytes);
        // All of them, at half: waking one for each block would lose the rest when that one has left
        // meanwhile.
        if (inFlight_.size() <= options_.blocks / 2)
            retries.swap(starved_);
    }
    for (const Done& done : waiters)
        done(bytes >= 0);
    for (const auto& retry : retries)
        retry();
}

bool Preloader::takeAhead(std::uint64_t bytes)
{
    std::uint64_t held = aheadHeld_.load(std::memory_order_relaxed);
    do {
        if (bytes > options_.ahead || held > options_.ahead - bytes) {
            aheadRefused_.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
    } while (!aheadHeld_.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
    return true;
}

void Preloader::giveAhead(std::uint64_t bytes)
{
    aheadHeld_.fetch_sub(bytes, std::memory_order_relaxed);
}

Preloader::Counters Preloader::counters() const
{
    std::lock_guard lock(mutex_);
    Counters now = counters_;
    now.inFlight = inFlight_.size();
    now.aheadHeld = aheadHeld_.load(std::memory_order_relaxed);
    now.aheadRefused = aheadRefused_.load(std::memory_order_relaxed);
    return now;
}

} // namespace spillway::body
