// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/blockingpool.h"

#include <pthread.h>

namespace spillway {

BlockingPool::BlockingPool(std::string name, std::size_t threads, std::size_t queueLimit)
    : name_(std::move(name)), queueLimit_(queueLimit)
{
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

BlockingPool::~BlockingPool()
{
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_)
        thread.join();
}

bool BlockingPool::submit(Task task)
{
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || tasks_.size() >= queueLimit_) {
            ++refused_;
            return false;
        }
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return true;
}

std::size_t BlockingPool::queued() const
{
    std::lock_guard lock(mutex_);
    return tasks_.size();
}

std::uint64_t BlockingPool::refused() const
{
    std::lock_guard lock(mutex_);
    return refused_;
}

void BlockingPool::run()
{
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty())
            return;
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr; // destroy its captures outside the lock
        lock.lock();
    }
}

} // namespace spillway
