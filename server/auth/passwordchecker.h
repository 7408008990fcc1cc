// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/base64url.h"
#include "server/base/blockingpool.h"
#include "server/base/clock.h"
#include "server/policy/fairlines.h"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace spillway::auth {

/// Checks passwords on a few threads of its own, so that a flood of guesses takes no more memory than
/// threads * 64 MiB and no more processors than threads. What was right a moment ago is remembered, and who
/// asks the same while it is being checked waits for that check, so the parallel ranges of one client cost
/// one.
///
/// The clients that ask take turns; where too many questions wait, the client with the most of them gives one
/// up for who has fewer, so a flood from one address leaves room for the others.
///
/// A question is named by a key: a keyed digest (ValueSigner::digest) of the link, its hash and the password,
/// so another password of the link is another question, and no password is kept. Any thread; the answer comes
/// on a thread of the pool, or (Busy) of another asker. Destroying it answers what was accepted.
class PasswordChecker
{
public:
    static constexpr std::chrono::seconds kRemember{300};
    static constexpr std::size_t kRemembered = 4096;  ///< right ones kept in mind
    static constexpr std::size_t kWaitingForOne = 64; ///< askers of one question at a time

    enum class Verdict : std::uint8_t
    {
        Wrong,
        Right,
        Busy ///< not checked: it had to make room
    };
    using Done = std::function<void(Verdict)>;
    using Verify = bool (*)(const std::string& hash, std::string_view password);

    /// `queue`: questions that wait for a thread. `verify` is verifyPassword(), or what a test puts in its
    /// place.
    PasswordChecker(std::size_t threads, std::size_t queue, const Clock& clock, Verify verify);

    /// Whether this question was answered with yes within kRemember.
    [[nodiscard]] bool remembers(const Mac& key);
    /// `done` is called once, later. False, and it is never called: too many wait.
    [[nodiscard]] bool check(const policy::SubjectKey& client, const Mac& key, std::string hash,
                             std::string password, Done done);

    /// Questions that were not checked because too many waited.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t checks() const noexcept { return checks_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t waiting() const;

private:
    struct Question
    {
        Mac key;
        std::string hash, password;
    };
    using Askers = std::vector<Done>;

    void checkOne();
    void answer(const Mac& key, bool right);
    // With mutex_ held.
    [[nodiscard]] Askers takeAskers(const Mac& key);
    [[nodiscard]] bool makeRoom(const policy::SubjectKey& client, Askers& pushedOut);

    const Clock& clock_;
    const Verify verify_;
    const std::size_t threads_, queue_;
    mutable std::mutex mutex_;       ///< guards the next four
    std::map<Mac, Monotonic> right_; ///< until when
    std::map<Mac, Askers> asked_;    ///< of each question that waits or is being checked
    policy::FairLines<Question> waiting_;
    std::size_t checking_ = 0; ///< tasks of the pool
    std::atomic<std::uint64_t> refused_{0}, checks_{0};
    BlockingPool pool_; ///< last: its threads use the rest
};

} // namespace spillway::auth
