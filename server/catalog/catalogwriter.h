// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace spillway::catalog {

/// The change hooks of a writer, and who unsubscribes from them. Shared, so that a subscription may outlive
/// the writer.
class ChangeHooks
{
public:
    using Hook = std::function<void(const ChangeSet&)>;
    std::uint64_t add(Hook hook);
    void remove(std::uint64_t id); ///< waits for a running hook
    void call(const ChangeSet& changes) const;

private:
    mutable std::mutex mutex_; ///< guards both, and is held while hooks run
    std::map<std::uint64_t, Hook> hooks_;
    std::uint64_t nextId_ = 1;
};

/// Ends a subscription when it dies. Movable; a default one holds nothing.
class ChangeSubscription
{
public:
    ChangeSubscription() = default;
    ChangeSubscription(std::shared_ptr<ChangeHooks> hooks, std::uint64_t id)
        : hooks_(std::move(hooks)), id_(id)
    {
    }
    ChangeSubscription(ChangeSubscription&&) noexcept = default;
    ChangeSubscription& operator=(ChangeSubscription&& other) noexcept;
    ~ChangeSubscription();

private:
    std::shared_ptr<ChangeHooks> hooks_;
    std::uint64_t id_ = 0;
};

/// The one thread that writes the catalog. It owns the only connection that can.
///
///   post() -> queue -> BEGIN IMMEDIATE; job, job, job (each in a savepoint); COMMIT (fsync) -> hooks ->
///   finish, finish, finish
///
/// Jobs that wait while a commit is on its way to the disk share the next one, so many small writes cost few
/// fsyncs. A job that fails is rolled back alone; a commit that fails fails all its jobs. Any thread may
/// post.
class CatalogWriter
{
public:
    struct Job
    {
        std::function<bool(Session&)> run; ///< false: undo what it did
        std::function<void(const Error*)>
            finish; ///< nullptr: committed, or undone by its own wish; called exactly once
    };

    /// Opens the file, turns on WAL, runs missing migrations. `now`: unix seconds.
    static Result<std::unique_ptr<CatalogWriter>> open(const std::string& path, std::size_t queueLimit,
                                                       std::int64_t now);
    ~CatalogWriter(); ///< finishes what was accepted
    CatalogWriter(const CatalogWriter&) = delete;
    CatalogWriter& operator=(const CatalogWriter&) = delete;

    /// Where the queue is full, finish is called with Exhausted before this returns.
    void post(Job job);
    [[nodiscard]] ChangeSubscription onChange(ChangeHooks::Hook hook);
    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] std::uint64_t refused() const;

private:
    explicit CatalogWriter(std::size_t queueLimit) : queueLimit_(queueLimit) {}
    void run(Session& session);
    void commitTogether(Session& session, std::vector<Job>& jobs);

    const std::size_t queueLimit_;
    const std::shared_ptr<ChangeHooks> hooks_ = std::make_shared<ChangeHooks>();
    mutable std::mutex mutex_; ///< guards the four below
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    std::uint64_t refused_ = 0;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace spillway::catalog
