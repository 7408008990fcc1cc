// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/catalogwriter.h"

#include "server/catalog/migrations.h"

#include <future>
#include <pthread.h>

namespace spillway::catalog {

namespace {

/// How many jobs share a commit. Enough to make fsync cheap, few enough that the first does not wait long for
/// the last.
constexpr std::size_t maxJobsPerCommit = 128;

Result<std::unique_ptr<Session>> openForWriting(const std::string& path, std::int64_t now)
{
    auto session = Session::open(path, {});
    if (!session)
        return session;
    const auto mode = (*session)->scalar("PRAGMA journal_mode = WAL");
    if (!mode)
        return fail(mode.error());
    if (*mode != "wal")
        return fail(ErrorCode::Unsupported,
                    "the file system under " + path + " cannot hold a SQLite log (WAL)");
    if (auto migrated = migrate(**session, builtInMigrations(), now); !migrated)
        return fail(migrated.error());
    return session;
}

} // namespace

std::uint64_t ChangeHooks::add(Hook hook)
{
    const std::lock_guard lock(mutex_);
    hooks_.emplace(nextId_, std::move(hook));
    return nextId_++;
}

void ChangeHooks::remove(std::uint64_t id)
{
    const std::lock_guard lock(mutex_);
    hooks_.erase(id);
}

void ChangeHooks::call(const ChangeSet& changes) const
{
    const std::lock_guard lock(mutex_);
    for (const auto& [id, hook] : hooks_)
        hook(changes);
}

ChangeSubscription& ChangeSubscription::operator=(ChangeSubscription&& other) noexcept
{
    if (hooks_)
        hooks_->remove(id_);
    hooks_ = std::move(other.hooks_);
    id_ = other.id_;
    return *this;
}

ChangeSubscription::~ChangeSubscription()
{
    if (hooks_)
        hooks_->remove(id_);
}

Result<std::unique_ptr<CatalogWriter>> CatalogWriter::open(const std::string& path, std::size_t queueLimit,
                                                           std::int64_t now)
{
    std::unique_ptr<CatalogWriter> writer(new CatalogWriter(queueLimit));
    auto opened = std::make_shared<std::promise<Result<void>>>();
    auto ready = opened->get_future();
    writer->thread_ = std::thread([self = writer.get(), opened, path, now] {
        ::pthread_setname_np(::pthread_self(), "catalog-write");
        auto session = openForWriting(path, now);
        if (!session) {
            opened->set_value(fail(session.error()));
            return;
        }
        opened->set_value({});
        self->run(**session);
    });
    if (auto result = ready.get(); !result)
        return fail(result.error());
    return writer;
}

CatalogWriter::~CatalogWriter()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void CatalogWriter::post(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && jobs_.size() < queueLimit_) {
            jobs_.push_back(std::move(job));
            job.finish = nullptr;
        } else {
            ++refused_;
        }
    }
    if (job.finish) {
        const Error full{ErrorCode::Exhausted, "too many catalog changes are waiting; try again", 0};
        job.finish(&full);
        return;
    }
    wake_.notify_one();
}

ChangeSubscription CatalogWriter::onChange(ChangeHooks::Hook hook)
{
    return {hooks_, hooks_->add(std::move(hook))};
}

std::size_t CatalogWriter::queued() const
{
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

std::uint64_t CatalogWriter::refused() const
{
    const std::lock_guard lock(mutex_);
    return refused_;
}

void CatalogWriter::run(Session& session)
{
    std::vector<Job> jobs;
    for (;;) {
        jobs.clear();
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (jobs_.empty())
                return;
            while (!jobs_.empty() && jobs.size() < maxJobsPerCommit) {
                jobs.push_back(std::move(jobs_.front()));
                jobs_.pop_front();
            }
        }
        commitTogether(session, jobs);
    }
}

void CatalogWriter::commitTogether(Session& session, std::vector<Job>& jobs)
{
    ChangeSet changes;
    const auto oneJob = [&](Job& job) -> Result<void> {
        session.changes() = {};
        if (auto saved = session.prepare("SAVEPOINT job").run(); !saved)
            return fail(saved.error());
        if (job.run(session)) {
            changes.merge(std::move(session.changes()));
        } else if (auto undone = session.prepare("ROLLBACK TO job").run(); !undone) {
            return fail(undone.error());
        }
        if (auto released = session.prepare("RELEASE job").run(); !released)
            return fail(released.error());
        return {};
    };

    Result<void> outcome;
    if (auto began = session.prepare("BEGIN IMMEDIATE").run(); !began)
        outcome = fail(began.error());
    for (std::size_t i = 0; outcome && i < jobs.size(); ++i)
        outcome = oneJob(jobs[i]);
    if (outcome) {
        if (auto committed = session.prepare("COMMIT").run(); !committed)
            outcome = fail(committed.error());
    }
    if (!outcome)
        (void)session.prepare("ROLLBACK").run(); // fails where the error ended the transaction already
    else if (!changes.empty())
        hooks_->call(changes);
    for (Job& job : jobs)
        job.finish(outcome ? nullptr : &outcome.error());
}

} // namespace spillway::catalog
