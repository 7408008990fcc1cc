// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/slotqueue.h"

namespace spillway::policy {

void SlotQueue::configure(const LimitFields& fields)
{
    Wakes wakes;
    {
        std::lock_guard lock(mutex_);
        downloads_ = fields.downloads;
        connections_ = fields.connections;
        most_ = static_cast<std::size_t>(fields.queue.value_or(LimitFields::kDefaultQueue));
        wait_ = fields.wait.value_or(LimitFields::kDefaultWait);
        limited_.store(downloads_ || connections_, std::memory_order_relaxed);
        wakes = grant();
    }
    for (auto& wake : wakes)
        wake();
}

std::chrono::milliseconds SlotQueue::wait() const
{
    std::lock_guard lock(mutex_);
    return wait_;
}

std::int64_t SlotQueue::running() const
{
    std::lock_guard lock(mutex_);
    return running_;
}

std::size_t SlotQueue::waiting() const
{
    std::lock_guard lock(mutex_);
    return lines_.size();
}

SlotQueue::Answer SlotQueue::take(Place& place, std::function<void()> wake)
{
    std::lock_guard lock(mutex_);
    if (place.state_ == Place::State::Held)
        return Answer::Held;
    if (place.state_ == Place::State::Waiting)
        return Answer::Waiting;
    if (hasRoom()) {
        // A connection carries one download (RFC 9112 §9.3), so these are the connections, too.
        if (connections_ && running_ >= *connections_) {
            if (wake)
                figures_.overflowed.fetch_add(1, std::memory_order_relaxed);
            return Answer::Full;
        }
        ++running_;
        place.state_ = Place::State::Held;
        return Answer::Held;
    }
    if (!wake)
        return Answer::Full;
    if (lines_.size() >= most_ ||
        (connections_ && running_ + static_cast<std::int64_t>(lines_.size()) >= *connections_)) {
        figures_.overflowed.fetch_add(1, std::memory_order_relaxed);
        return Answer::Full;
    }
    place.wake_ = std::move(wake);
    place.since_ = clock_.monotonic();
    place.state_ = Place::State::Waiting;
    lines_.push(place.client_, &place);
    figures_.waiting.fetch_add(1, std::memory_order_relaxed);
    return Answer::Waiting;
}

void SlotQueue::force(Place& place)
{
    std::lock_guard lock(mutex_);
    if (place.state_ != Place::State::Outside)
        return;
    ++running_;
    place.state_ = Place::State::Held;
}

void SlotQueue::give(Place& place)
{
    Wakes wakes;
    {
        std::lock_guard lock(mutex_);
        if (place.state_ == Place::State::Waiting) {
            unqueue(place);
            figures_.left.fetch_add(1, std::memory_order_relaxed);
        } else if (place.state_ == Place::State::Held) {
            --running_;
            wakes = grant();
        }
        place.state_ = Place::State::Outside;
    }
    for (auto& wake : wakes)
        wake();
}

bool SlotQueue::timeOut(Place& place)
{
    std::lock_guard lock(mutex_);
    if (place.state_ != Place::State::Waiting)
        return false;
    unqueue(place);
    countWait(place, figures_.timedOut);
    return true;
}

bool SlotQueue::isHeld(const Place& place) const
{
    std::lock_guard lock(mutex_);
    return place.state_ == Place::State::Held;
}

void SlotQueue::unqueue(Place& place)
{
    lines_.remove(place.client_, &place);
    place.state_ = Place::State::Outside;
    figures_.waiting.fetch_sub(1, std::memory_order_relaxed);
}

SlotQueue::Wakes SlotQueue::grant()
{
    Wakes wakes;
    while (lines_.size() > 0 && hasRoom()) {
        Place& place = *lines_.pop();
        figures_.waiting.fetch_sub(1, std::memory_order_relaxed);
        countWait(place, figures_.served);
        ++running_;
        place.state_ = Place::State::Held;
        wakes.push_back(std::move(place.wake_));
    }
    return wakes;
}

void SlotQueue::countWait(const Place& place, std::atomic<std::uint64_t>& end)
{
    const auto waited = clock_.monotonic() - place.since_;
    end.fetch_add(1, std::memory_order_relaxed);
    figures_.waits.record(waited);
    figures_.lastWait.store(std::chrono::duration_cast<std::chrono::milliseconds>(waited).count(),
                            std::memory_order_relaxed);
}

} // namespace spillway::policy
