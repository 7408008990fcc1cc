// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/passwordchecker.h"

#include <sodium/utils.h>

namespace spillway::auth {

// Each task of the pool checks one question after another until none waits. So no more than `threads` of them
// are ever in the pool, plus as many that are just about to end.
PasswordChecker::PasswordChecker(std::size_t threads, std::size_t queue, const Clock& clock, Verify verify)
    : clock_(clock), verify_(verify), threads_(threads), queue_(queue),
      pool_("passwords", threads, 2 * threads)
{
}

std::size_t PasswordChecker::waiting() const
{
    std::lock_guard lock(mutex_);
    return waiting_.size();
}

bool PasswordChecker::remembers(const Mac& key)
{
    const Monotonic now = clock_.monotonic();
    std::lock_guard lock(mutex_);
    const auto found = right_.find(key);
    return found != right_.end() && now < found->second;
}

bool PasswordChecker::check(const policy::SubjectKey& client, const Mac& key, std::string hash,
                            std::string password, Done done)
{
    Askers pushedOut;
    {
        std::lock_guard lock(mutex_);
        if (const auto same = asked_.find(key); same != asked_.end()) {
            if (same->second.size() >= kWaitingForOne) {
                refused_.fetch_add(1, std::memory_order_relaxed);
                return false;
            }
            same->second.push_back(std::move(done));
            return true;
        }
        if (!makeRoom(client, pushedOut))
            return false;
        asked_[key].push_back(std::move(done));
        waiting_.push(client, {key, std::move(hash), std::move(password)});
        if (checking_ < threads_ && pool_.submit([this] { checkOne(); }))
            ++checking_;
    }
    for (const Done& out : pushedOut)
        out(Verdict::Busy);
    return true;
}

/// False: none could be made. The last one of whoever waits for most may have had to go.
bool PasswordChecker::makeRoom(const policy::SubjectKey& client, Askers& pushedOut)
{
    if (checking_ < threads_ || waiting_.size() < queue_)
        return true;
    refused_.fetch_add(1, std::memory_order_relaxed);
    auto last = waiting_.takeFromLongest(waiting_.sizeOf(client) + 1);
    if (!last)
        return false;
    pushedOut = takeAskers(last->key);
    sodium_memzero(last->password.data(), last->password.size());
    return true;
}

void PasswordChecker::checkOne()
{
    for (;;) {
        Question question;
        {
            std::lock_guard lock(mutex_);
            if (waiting_.size() == 0) {
                --checking_;
                return;
            }
            question = waiting_.pop();
        }
        const bool right = verify_(question.hash, question.password);
        sodium_memzero(question.password.data(), question.password.size());
        answer(question.key, right);
    }
}

PasswordChecker::Askers PasswordChecker::takeAskers(const Mac& key)
{
    const auto asked = asked_.find(key);
    Askers askers = std::move(asked->second);
    asked_.erase(asked);
    return askers;
}

void PasswordChecker::answer(const Mac& key, bool right)
{
    checks_.fetch_add(1, std::memory_order_relaxed);
    const Monotonic now = clock_.monotonic();
    Askers askers;
    {
        std::lock_guard lock(mutex_);
        askers = takeAskers(key);
        if (right) {
            if (right_.size() >= kRemembered)
                std::erase_if(right_, [now](const auto& entry) { return entry.second <= now; });
            if (right_.size() >= kRemembered) // keys are random, so this is any one of them
                right_.erase(right_.begin());
            right_[key] = now + kRemember;
        }
    }
    for (const Done& done : askers)
        done(right ? Verdict::Right : Verdict::Wrong);
}

} // namespace spillway::auth
