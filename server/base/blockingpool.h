// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace spillway {

/// A few threads for work that may block on a disk: opens, stats, directory reads, cold file reads, SQL
/// reads.
///
/// Any thread may submit. Tasks start in order of submission. The queue is bounded: a full one refuses, and
/// the caller answers "busy" rather than pile up memory. A task must not throw. The destructor runs what was
/// accepted, then joins.
class BlockingPool
{
public:
    using Task = std::function<void()>;

    BlockingPool(std::string name, std::size_t threads, std::size_t queueLimit);
    ~BlockingPool();
    BlockingPool(const BlockingPool&) = delete;
    BlockingPool& operator=(const BlockingPool&) = delete;

    /// False where the queue is full; the task was then not taken.
    [[nodiscard]] bool submit(Task task);

    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] std::uint64_t refused() const; ///< how often the bound was hit

private:
    void run();

    const std::string name_;
    const std::size_t queueLimit_;
    mutable std::mutex mutex_; ///< guards everything below
    std::condition_variable wake_;
    std::deque<Task> tasks_;
    std::uint64_t refused_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace spillway
