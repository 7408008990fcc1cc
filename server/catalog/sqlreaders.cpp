// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/sqlreaders.h"

#include <future>
#include <pthread.h>

namespace spillway::catalog {

Result<std::unique_ptr<SqlReaders>> SqlReaders::open(const std::string& path, std::size_t threads,
                                                     std::size_t queueLimit)
{
    std::unique_ptr<SqlReaders> readers(new SqlReaders(queueLimit));
    std::vector<std::future<Result<void>>> opened;
    for (std::size_t i = 0; i < threads; ++i) {
        auto promise = std::make_shared<std::promise<Result<void>>>();
        opened.push_back(promise->get_future());
        readers->threads_.emplace_back([self = readers.get(), path, promise] {
            ::pthread_setname_np(::pthread_self(), "sql-read");
            self->run(path, [promise](Result<void> result) { promise->set_value(std::move(result)); });
        });
    }
    Result<void> all;
    for (auto& one : opened) {
        if (auto result = one.get(); !result && all)
            all = std::move(result);
    }
    if (!all)
        return fail(all.error());
    return readers;
}

SqlReaders::~SqlReaders()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool SqlReaders::post(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || jobs_.size() >= queueLimit_) {
            ++refused_;
            return false;
        }
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

std::size_t SqlReaders::queued() const
{
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

std::uint64_t SqlReaders::refused() const
{
    const std::lock_guard lock(mutex_);
    return refused_;
}

void SqlReaders::run(const std::string& path, std::function<void(Result<void>)> opened)
{
    auto session = Session::open(path, {.readOnly = true});
    if (!session) {
        opened(fail(session.error()));
        return;
    }
    opened({});
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (jobs_.empty())
                return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        Statement begin = (*session)->prepare("BEGIN");
        if (auto began = begin.run(); !began) {
            job(fail(began.error()));
            continue;
        }
        job(session->get());
        (void)(*session)->prepare("COMMIT").run(); // a read transaction has nothing to lose
    }
}

} // namespace spillway::catalog
