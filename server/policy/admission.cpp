// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/admission.h"

#include <algorithm>

namespace spillway::policy {

Admission::Admission(const LimitPath& path, const SubjectKey& client) : client_(client)
{
    for (std::size_t i = 0; i < kLimitLevels; ++i)
        steps_[i].node = path[i];
}

Admission::~Admission()
{
    unreserve();
    leaveLines();
    // From the outside in: the outer slots are what most others wait for.
    for (Step& step : steps_)
        step.place.reset();
}

SlotQueue::Answer Admission::takeSlots(const std::function<void()>& wake)
{
    for (; next_ > 0; --next_) {
        Step& step = steps_[next_ - 1];
        SlotQueue* slots = step.node ? step.node->slots() : nullptr;
        if (!slots)
            continue; // also where it waited and the limit is gone: that slot was granted
        if (!step.place)
            step.place = std::make_unique<SlotQueue::Place>(*slots, client_);
        const auto answer = wake ? step.place->take(wake) : step.place->tryTake();
        if (answer != SlotQueue::Answer::Held)
            return answer;
    }
    return SlotQueue::Answer::Held;
}

std::chrono::milliseconds Admission::wait() const
{
    const SlotQueue* slots = next_ > 0 && steps_[next_ - 1].node ? steps_[next_ - 1].node->slots() : nullptr;
    return slots ? slots->wait() : std::chrono::milliseconds(0);
}

LimitLevel Admission::level() const
{
    return static_cast<LimitLevel>(next_ > 0 ? next_ - 1 : 0);
}

bool Admission::timeOut()
{
    return next_ > 0 && steps_[next_ - 1].place && steps_[next_ - 1].place->timeOut();
}

void Admission::update(const LimitPath& path)
{
    unreserve();
    leaveLines();
    for (std::size_t i = 0; i < kLimitLevels; ++i) {
        Step& step = steps_[i];
        if (step.node != path[i]) {
            step.place.reset();
            step.node = path[i];
        }
        SlotQueue* slots = step.node ? step.node->slots() : nullptr;
        if (slots && !step.place) {
            step.place = std::make_unique<SlotQueue::Place>(*slots, client_);
            step.place->force();
        }
    }
    next_ = 0;
}

bool Admission::paces() const
{
    return std::any_of(steps_.begin(), steps_.end(),
                       [](const Step& step) { return step.node && step.node->bandwidth(); });
}

std::int64_t Admission::weight() const
{
    for (std::size_t i = kLimitLevels; i-- > 0;)
        if (steps_[i].node)
            if (const auto priority = steps_[i].node->priority())
                return weightOf(*priority);
    return weightOf(Priority::Normal);
}

net::Pacer::Grant Admission::take(std::uint64_t wanted, Monotonic now)
{
    if (reserved_ == 0) {
        std::uint64_t bytes = wanted;
        const std::int64_t own = weight();
        for (Step& step : steps_) {
            Bandwidth* line = step.node ? step.node->bandwidth() : nullptr;
            if (line != step.joined) {
                if (step.joined)
                    step.joined->leave();
                if (line)
                    line->join();
                step.joined = line;
            }
            if (line)
                bytes = std::min(bytes, line->piece(own));
        }
        for (Step& step : steps_)
            if (step.joined)
                step.position = step.joined->reserve(bytes, now);
        reserved_ = bytes;
    }
    Monotonic ready = now;
    for (const Step& step : steps_)
        if (step.joined && step.node->bandwidth() == step.joined) // else the limit is gone
            ready = std::max(ready, step.joined->readyAt(step.position, now));
    if (ready > now)
        return {0, std::min(ready, now + kLongestSleep)};
    const std::uint64_t bytes = std::min(reserved_, wanted);
    const std::uint64_t rest = reserved_ - bytes;
    reserved_ = 0;
    if (rest > 0)
        giveBack(rest);
    return {bytes, now};
}

void Admission::giveBack(std::uint64_t bytes)
{
    for (const Step& step : steps_)
        if (step.joined)
            step.joined->giveBack(bytes);
}

void Admission::unreserve()
{
    giveBack(reserved_);
    reserved_ = 0;
}

void Admission::leaveLines()
{
    for (Step& step : steps_) {
        if (step.joined)
            step.joined->leave();
        step.joined = nullptr;
    }
}

} // namespace spillway::policy
