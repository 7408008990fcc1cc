// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/circuitbreaker.h"

#include <algorithm>
#include <utility>

namespace spillway::policy {

const char* CircuitBreaker::stateName(State state)
{
    switch (state) {
    case State::Closed:
        return "closed";
    case State::HalfOpen:
        return "half-open";
    case State::Open:
        break;
    }
    return "open";
}

CircuitBreaker::CircuitBreaker(std::string dependency, std::string fallback, const Clock& clock,
                               Options options)
    : dependency_(std::move(dependency)), fallback_(std::move(fallback)), clock_(clock), options_(options),
      coolDown_(options.coolDown)
{
}

std::optional<CircuitBreaker::Permit> CircuitBreaker::allow()
{
    const Monotonic now = clock_.monotonic();
    std::unique_lock lock(mutex_);
    if (state() == State::Closed)
        return Permit{era_, 0};
    if (state() == State::Open) {
        if (now < openUntil_) {
            refused_.fetch_add(1, std::memory_order_relaxed);
            return std::nullopt;
        }
        change(State::HalfOpen, now);
    }
    const std::size_t places = std::min<std::size_t>(std::max(options_.probes, 1U), underWay_.size());
    for (std::size_t i = 0; i < places; ++i) {
        Probe& probe = underWay_[i];
        if (probe.id != 0 && now - probe.began < options_.probeTimeout)
            continue;
        probe = {++nextProbe_ == 0 ? ++nextProbe_ : nextProbe_, now};
        const Permit permit{era_, probe.id};
        tell(lock);
        return permit;
    }
    refused_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
}

void CircuitBreaker::ended(Permit permit, bool succeeded)
{
    const Monotonic now = clock_.monotonic();
    if (!succeeded)
        failures_.fetch_add(1, std::memory_order_relaxed);
    std::unique_lock lock(mutex_);
    if (permit.era != era_)
        return;
    if (state() == State::Closed) {
        count(!succeeded, now);
        if (!succeeded && tooManyErrors(now))
            change(State::Open, now);
    } else {
        const auto place = std::find_if(underWay_.begin(), underWay_.end(),
                                        [&](const Probe& probe) { return probe.id == permit.probe; });
        if (permit.probe == 0 || place == underWay_.end())
            return; // it took so long that another has its place
        *place = {};
        if (!succeeded)
            change(State::Open, now);
        else if (++probesGood_ >= options_.probesNeeded)
            change(State::Closed, now);
    }
    tell(lock);
}

bool CircuitBreaker::coolingDown() const
{
    const Monotonic now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    return state() == State::Open && now < openUntil_;
}

void CircuitBreaker::count(bool error, Monotonic now)
{
    const std::int64_t number = now.time_since_epoch() / (options_.window / static_cast<int>(kSlices));
    Slice& slice = slices_[static_cast<std::size_t>(number) % kSlices];
    if (slice.number != number)
        slice = {number, 0, 0};
    ++slice.calls;
    slice.errors += error ? 1 : 0;
}

bool CircuitBreaker::tooManyErrors(Monotonic now) const
{
    const std::int64_t number = now.time_since_epoch() / (options_.window / static_cast<int>(kSlices));
    std::uint64_t calls = 0, errors = 0;
    for (const Slice& slice : slices_)
        if (slice.number > number - static_cast<std::int64_t>(kSlices)) {
            calls += slice.calls;
            errors += slice.errors;
        }
    return calls >= options_.minSamples && errors * 100 >= calls * options_.errorPercent;
}

void CircuitBreaker::change(State to, Monotonic now)
{
    const State from = state();
    if (to == State::Open) {
        coolDown_ =
            from == State::Closed ? options_.coolDown : std::min(coolDown_ * 2, options_.longestCoolDown);
        openUntil_ = now + coolDown_;
        opened_.fetch_add(from == State::Closed ? 1 : 0, std::memory_order_relaxed);
    }
    slices_ = {};
    underWay_ = {};
    probesGood_ = 0;
    ++era_;
    state_.store(to, std::memory_order_relaxed);
}

void CircuitBreaker::tell(std::unique_lock<std::mutex>& lock)
{
    if (!changed_ || told_ == state())
        return;
    lock.unlock();
    // Whoever comes first here tells what is true by then; a change that was undone meanwhile is not worth
    // telling.
    const std::lock_guard telling(tellMutex_);
    lock.lock();
    const State from = std::exchange(told_, state());
    const State to = told_;
    lock.unlock();
    if (from != to)
        changed_(from, to);
}

CircuitBreaker::Counters CircuitBreaker::counters() const
{
    const auto read = [](const std::atomic<std::uint64_t>& n) { return n.load(std::memory_order_relaxed); };
    return {read(opened_), read(refused_), read(failures_), read(fallbacks_)};
}

} // namespace spillway::policy
