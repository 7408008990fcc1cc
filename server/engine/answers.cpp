// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/engine.h"
#include "server/engine/workerunit.h"

#include <condition_variable>

// The part of Engine that asks its workers about their connections.
namespace spillway::engine {

namespace {

constexpr std::chrono::seconds kPatience{2};

/// What workers fill in and somebody waits for. Shared, so that a worker that answers too late fills in what
/// nobody reads.
template<class T>
class Gathering
{
public:
    explicit Gathering(std::size_t parts) : parts_(parts), missing_(parts) {}
    void give(std::size_t part, T value)
    {
        std::lock_guard lock(mutex_);
        parts_[part] = std::move(value);
        if (--missing_ == 0)
            complete_.notify_all();
    }
    Result<std::vector<T>> take()
    {
        std::unique_lock lock(mutex_);
        if (!complete_.wait_for(lock, kPatience, [this] { return missing_ == 0; }))
            return fail(ErrorCode::Unavailable, "the server is too busy to list its connections; try again");
        return std::move(parts_);
    }

private:
    std::mutex mutex_; ///< guards everything below
    std::condition_variable complete_;
    std::vector<T> parts_;
    std::size_t missing_;
};

} // namespace

Result<std::vector<http::AnswerList>> Engine::answersInFlight(std::size_t most,
                                                              const std::vector<std::uint64_t>* endedAfter)
{
    if (units_.empty())
        return fail(ErrorCode::Unavailable, "the server is not running");
    auto lists = std::make_shared<Gathering<http::AnswerList>>(units_.size());
    for (std::size_t i = 0; i < units_.size(); ++i) {
        WorkerUnit* unit = units_[i].get();
        const auto after =
            endedAfter ? std::optional(i < endedAfter->size() ? (*endedAfter)[i] : 0) : std::nullopt;
        unit->worker->post([unit, lists, i, most, after] {
            http::AnswerList list;
            if (unit->session)
                unit->session->listAnswers(list, most, after);
            lists->give(i, std::move(list));
        });
    }
    return lists->take();
}

Result<void> Engine::kick(std::size_t worker, std::uint32_t slot, std::uint32_t generation)
{
    if (worker >= units_.size())
        return fail(ErrorCode::NotFound, "there is no such connection");
    auto ended = std::make_shared<Gathering<std::uint8_t>>(1);
    net::Worker* target = units_[worker]->worker.get();
    target->post(
        [target, ended, slot, generation] { ended->give(0, target->kick(slot, generation) ? 1 : 0); });
    auto done = ended->take();
    if (!done)
        return fail(done.error());
    if (done->front() == 0)
        return fail(ErrorCode::NotFound, "that connection has ended already");
    return {};
}

} // namespace spillway::engine
