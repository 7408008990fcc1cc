// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/catalog/catalogguard.h"
#include "server/catalog/catalogwriter.h"
#include "server/catalog/sqlreaders.h"

#include <future>
#include <type_traits>

namespace spillway::catalog {

/// The SQL catalog of one data folder: shares, links, signing keys, settings, denied URLs (the *repository.h
/// beside it).
///
/// write(F) and read(F) take a function `Result<T>(Session&)`. Writes run one after the other on the writer's
/// thread, reads on two reader threads, each on a snapshot that holds all that was acknowledged before. A
/// write whose function returns an error is rolled back. What a write acknowledged is on the disk: it
/// survives kill -9 and a power cut. Any thread may call; a full queue (4096 each) answers Exhausted at once.
/// The *Async forms call `done` exactly once: on the catalog's thread, or, where the queue refused, on the
/// caller's. `done` and F must be short and must not wait for the catalog. F must not throw. Destroying it
/// finishes what was accepted; nobody may call it by then. open() errors: Corrupt (damaged, or not ours) and
/// TooNew leave every byte untouched; Io, PermissionDenied, Exhausted. The caller holds the folder's lock
/// (DataFolder). Needs a QCoreApplication. Where the guard lets nothing through (an outage, or by hand), the
/// answer is Unavailable at once.
class Catalog
{
public:
    static Result<std::unique_ptr<Catalog>> open(const std::string& dataDir, const Clock& clock);

    template<class F>
    [[nodiscard]] auto write(F f) -> std::future<std::invoke_result_t<F&, Session&>>;
    template<class F>
    [[nodiscard]] auto read(F f) -> std::future<std::invoke_result_t<F&, Session&>>;
    template<class F, class Done>
    void writeAsync(F f, Done done);
    template<class F, class Done>
    void readAsync(F f, Done done);

    /// The hook runs on the writer's thread after each commit that changed something and before its writes
    /// are acknowledged, so that a cache is clean before anybody hears "done". It must be short and must not
    /// wait for the catalog. Destroy the subscription (it waits for a running hook) before what the hook
    /// uses, and before the catalog.
    [[nodiscard]] ChangeSubscription onChange(std::function<void(const ChangeSet&)> hook)
    {
        return writer_->onChange(std::move(hook));
    }

    [[nodiscard]] CatalogGuard& guard() { return guard_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] std::int64_t now() const { return unixSeconds(clock_.wall()); }
    [[nodiscard]] std::uint64_t refused() const { return writer_->refused() + readers_->refused(); }
    [[nodiscard]] std::size_t queuedWrites() const { return writer_->queued(); }
    [[nodiscard]] std::size_t queuedReads() const { return readers_->queued(); }

private:
    explicit Catalog(const Clock& clock) : clock_(clock), guard_(clock) {}

    const Clock& clock_;
    CatalogGuard guard_;
    std::unique_ptr<CatalogWriter> writer_;
    std::unique_ptr<SqlReaders>
        readers_; ///< closed first: the writer's is the last connection and folds the log in
};

template<class F, class Done>
void Catalog::writeAsync(F f, Done done)
{
    using R = std::invoke_result_t<F&, Session&>;
    const auto permit = guard_.beginWrite();
    if (!permit) {
        done(R(fail(permit.error())));
        return;
    }
    struct State
    {
        F f;
        Done done;
        std::optional<R> result;
    };
    auto state = std::make_shared<State>(State{std::move(f), std::move(done), std::nullopt});
    writer_->post({[state](Session& session) {
                       state->result.emplace(state->f(session));
                       return state->result->has_value();
                   },
                   [this, state, permit = *permit](const Error* error) {
                       const bool undone = error == nullptr && !state->result->has_value();
                       // Where it never ran, the queue was full, or the transaction did not begin.
                       guard_.endedWrite(permit, undone ? &state->result->error() : error,
                                         !undone && state->result.has_value());
                       state->done(error != nullptr ? R(fail(*error)) : R(std::move(*state->result)));
                   }});
}

template<class F, class Done>
void Catalog::readAsync(F f, Done done)
{
    using R = std::invoke_result_t<F&, Session&>;
    const auto permit = guard_.beginRead();
    if (!permit) {
        done(R(fail(permit.error())));
        return;
    }
    struct State
    {
        F f;
        Done done;
    };
    auto state = std::make_shared<State>(State{std::move(f), std::move(done)});
    const bool taken = readers_->post([this, state, permit = *permit](Result<Session*> session) {
        R result = session ? state->f(**session) : R(fail(session.error()));
        guard_.endedRead(permit, result ? nullptr : &result.error());
        state->done(std::move(result));
    });
    if (taken)
        return;
    guard_.endedRead(*permit, nullptr); // full is not broken
    state->done(R(fail(ErrorCode::Exhausted, "too many catalog reads are waiting; try again")));
}

template<class F>
auto Catalog::write(F f) -> std::future<std::invoke_result_t<F&, Session&>>
{
    using R = std::invoke_result_t<F&, Session&>;
    auto promise = std::make_shared<std::promise<R>>();
    auto future = promise->get_future();
    writeAsync(std::move(f), [promise](R result) { promise->set_value(std::move(result)); });
    return future;
}

template<class F>
auto Catalog::read(F f) -> std::future<std::invoke_result_t<F&, Session&>>
{
    using R = std::invoke_result_t<F&, Session&>;
    auto promise = std::make_shared<std::promise<R>>();
    auto future = promise->get_future();
    readAsync(std::move(f), [promise](R result) { promise->set_value(std::move(result)); });
    return future;
}

} // namespace spillway::catalog
