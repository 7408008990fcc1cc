// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/passwordchecker.h"

#include <sodium/utils.h>

namespace spillway::auth {

PasswordChecker::PasswordChecker(std::size_t threads, std::size_t queue, const Clock& clock, Verify verify)
    : clock_(clock), verify_(verify), pool_("passwords", threads, queue)
{
}

bool PasswordChecker::remembers(const Mac& key)
{
    const Monotonic now = clock_.monotonic();
    std::lock_guard lock(mutex_);
    const auto found = right_.find(key);
    return found != right_.end() && now < found->second;
}

bool PasswordChecker::check(const Mac& key, std::string hash, std::string password, Done done)
{
    // Under the lock all along: the answer cannot overtake its question.
    std::lock_guard lock(mutex_);
    if (const auto same = asked_.find(key); same != asked_.end()) {
        if (same->second.size() >= kWaitingForOne) {
            refused_.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        same->second.push_back(std::move(done));
        return true;
    }
    const bool taken =
        pool_.submit([this, key, hash = std::move(hash), password = std::move(password)]() mutable {
            const bool right = verify_(hash, password);
            sodium_memzero(password.data(), password.size());
            answer(key, right);
        });
    if (taken)
        asked_[key].push_back(std::move(done));
    else
        refused_.fetch_add(1, std::memory_order_relaxed);
    return taken;
}

void PasswordChecker::answer(const Mac& key, bool right)
{
    checks_.fetch_add(1, std::memory_order_relaxed);
    const Monotonic now = clock_.monotonic();
    std::vector<Done> waiting;
    {
        std::lock_guard lock(mutex_);
        const auto asked = asked_.find(key);
        waiting = std::move(asked->second);
        asked_.erase(asked);
        if (right) {
            if (right_.size() >= kRemembered)
                std::erase_if(right_, [now](const auto& entry) { return entry.second <= now; });
            if (right_.size() >= kRemembered) // keys are random, so this is any one of them
                right_.erase(right_.begin());
            right_[key] = now + kRemember;
        }
    }
    for (const Done& done : waiting)
        done(right);
}

} // namespace spillway::auth
