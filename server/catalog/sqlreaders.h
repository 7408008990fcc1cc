// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spillway::catalog {

/// A few threads, each with a read-only connection of its own to one SQLite file, that run jobs in order of
/// arrival.
///
/// Each job sees one snapshot (it runs inside a read transaction). Any thread may post; the queue is bounded
/// and a full one refuses. The destructor runs what was accepted, then joins.
class SqlReaders
{
public:
    /// The session, or why the snapshot could not be taken.
    using Job = std::function<void(Result<Session*>)>;

    /// Waits until every connection is open; their first error otherwise.
    static Result<std::unique_ptr<SqlReaders>> open(const std::string& path, std::size_t threads,
                                                    std::size_t queueLimit);
    ~SqlReaders();
    SqlReaders(const SqlReaders&) = delete;
    SqlReaders& operator=(const SqlReaders&) = delete;

    /// False where the queue is full: the job was then not taken.
    [[nodiscard]] bool post(Job job);
    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] std::uint64_t refused() const; ///< how often the bound was hit

private:
    explicit SqlReaders(std::size_t queueLimit) : queueLimit_(queueLimit) {}
    void run(const std::string& path, std::function<void(Result<void>)> opened);

    const std::size_t queueLimit_;
    mutable std::mutex mutex_; ///< guards the five below
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    std::uint64_t refused_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace spillway::catalog
