// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/observe/histogram.h"
#include "server/policy/fairlines.h"
#include "server/policy/limit.h"
#include "server/policy/subjectkey.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

// A slot that comes free goes to the front client's first download; then the next client is at the front
// (fairlines.h). Invariant: nobody waits while a slot is free.
namespace spillway::policy {

/// What all waiting lines of a process count together. Any thread.
struct QueueFigures
{
    std::atomic<std::int64_t> waiting{0};
    std::atomic<std::uint64_t> served{0}, timedOut{0}, overflowed{0}, left{0};
    observe::SharedHistogram waits;        ///< of those served and those timed out
    std::atomic<std::int64_t> lastWait{0}; ///< ms, of the last one served or timed out
};

/// The downloads that may run at a time at one node of the limit tree, and those that wait for it: bounded,
/// with a deadline, fair between clients. Any thread; one short lock.
class SlotQueue
{
public:
    enum class Answer : std::uint8_t
    {
        Held,    ///< it may run here
        Waiting, ///< wake() is called, from any thread, once it may
        Full     ///< neither now nor soon: the line is full, or the connections are used up
    };

    /// One download's place here. Gives it back when it is destroyed. Its address stays.
    class Place
    {
    public:
        Place(SlotQueue& queue, const SubjectKey& client) : queue_(queue), client_(client) {}
        ~Place() { queue_.give(*this); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        /// Without waiting: Held, or Full, which here means "not at once".
        [[nodiscard]] Answer tryTake() { return queue_.take(*this, nullptr); }
        [[nodiscard]] Answer take(std::function<void()> wake) { return queue_.take(*this, std::move(wake)); }
        /// It runs already: it takes a slot even where there is none.
        void force() { queue_.force(*this); }
        /// The deadline has come. False where a slot was given to it just before: it is Held.
        [[nodiscard]] bool timeOut() { return queue_.timeOut(*this); }
        [[nodiscard]] bool held() const { return queue_.isHeld(*this); }

    private:
        friend class SlotQueue;
        SlotQueue& queue_;
        const SubjectKey client_;
        // Guarded by the queue's lock.
        enum class State : std::uint8_t
        {
            Outside,
            Waiting,
            Held
        } state_ = State::Outside;
        Monotonic since_{};
        std::function<void()> wake_;
    };

    SlotQueue(QueueFigures& figures, const Clock& clock) : figures_(figures), clock_(clock) {}

    /// downloads, connections, queue and wait of a limit. More room wakes who waits; less ends nothing.
    void configure(const LimitFields& fields);
    /// Downloads or connections are limited here.
    [[nodiscard]] bool limited() const { return limited_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::chrono::milliseconds wait() const;
    [[nodiscard]] std::int64_t running() const;
    [[nodiscard]] std::size_t waiting() const;

private:
    using Wakes = std::vector<std::function<void()>>;

    Answer take(Place& place, std::function<void()> wake);
    void force(Place& place);
    void give(Place& place);
    bool timeOut(Place& place);
    bool isHeld(const Place& place) const;
    // With mutex_ held.
    [[nodiscard]] bool hasRoom() const { return !downloads_ || running_ < *downloads_; }
    void unqueue(Place& place);
    [[nodiscard]] Wakes grant();
    void countWait(const Place& place, std::atomic<std::uint64_t>& end);

    QueueFigures& figures_;
    const Clock& clock_;
    std::atomic<bool> limited_{false};
    mutable std::mutex mutex_; ///< guards the rest
    std::optional<std::int64_t> downloads_, connections_;
    std::size_t most_ = LimitFields::kDefaultQueue;
    std::chrono::milliseconds wait_ = LimitFields::kDefaultWait;
    std::int64_t running_ = 0;
    FairLines<Place*> lines_;
};

} // namespace spillway::policy
