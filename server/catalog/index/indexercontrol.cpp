// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/indexer.h"

#include <sys/eventfd.h>

namespace spillway::catalog {

IndexerControl::IndexerControl() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void IndexerControl::post(Command command)
{
    {
        const std::lock_guard lock(mutex_);
        commands_.push_back(std::move(command));
    }
    wake();
}

void IndexerControl::pause(bool on)
{
    paused_ = on;
    wake();
}

void IndexerControl::stop()
{
    stopping_ = true;
    wake();
}

std::vector<IndexStatus> IndexerControl::status() const
{
    const std::lock_guard lock(mutex_);
    return status_;
}

IndexCounters IndexerControl::counters() const
{
    const std::lock_guard lock(mutex_);
    return counters_;
}

std::string IndexerControl::problem() const
{
    const std::lock_guard lock(mutex_);
    return problem_;
}

bool IndexerControl::waitFor(const std::function<bool(const std::vector<IndexStatus>&)>& good,
                             std::chrono::milliseconds atMost) const
{
    const auto deadline = std::chrono::steady_clock::now() + atMost;
    std::unique_lock lock(mutex_);
    for (;;) {
        const std::vector<IndexStatus> status = status_;
        lock.unlock(); // `good` may search, which takes time
        if (good(status))
            return true;
        lock.lock();
        // Bounded: a publication between the question and here is not missed for long.
        const auto step = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
        published_.wait_until(lock, std::min(step, deadline));
        if (std::chrono::steady_clock::now() >= deadline) {
            const std::vector<IndexStatus> last = status_;
            lock.unlock();
            return good(last);
        }
    }
}

std::vector<IndexerControl::Command> IndexerControl::take()
{
    std::uint64_t ignored = 0;
    (void)::eventfd_read(wake_.get(), &ignored); // EAGAIN: nobody woke us
    const std::lock_guard lock(mutex_);
    return std::exchange(commands_, {});
}

void IndexerControl::publish(std::vector<IndexStatus> status, const IndexCounters& counters,
                             std::string problem)
{
    {
        const std::lock_guard lock(mutex_);
        status_ = std::move(status);
        counters_ = counters;
        problem_ = std::move(problem);
    }
    published_.notify_all();
}

void IndexerControl::wake()
{
    (void)::eventfd_write(wake_.get(), 1);
}

} // namespace spillway::catalog
