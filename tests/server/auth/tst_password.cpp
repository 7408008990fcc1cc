// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/password.h"
#include "server/auth/passwordchecker.h"
#include "tests/server/observe/manualclock.h"

#include <algorithm>
#include <future>
#include <gtest/gtest.h>

namespace spillway::auth {
namespace {

TEST(Password, IsArgon2idAndKnowsItself)
{
    const auto hash = hashPassword("correct horse");
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << *hash;
    EXPECT_NE(*hash, *hashPassword("correct horse")) << "each has its salt";
    EXPECT_TRUE(verifyPassword(*hash, "correct horse"));
    EXPECT_FALSE(verifyPassword(*hash, "correct horse "));
    EXPECT_FALSE(verifyPassword(*hash, ""));
    EXPECT_FALSE(verifyPassword("", ""));
    EXPECT_FALSE(verifyPassword("plain", "plain"));
    EXPECT_FALSE(verifyPassword(std::string(5000, '$'), "x"));
}

TEST(Password, HasALength)
{
    EXPECT_EQ(hashPassword("").error().code, ErrorCode::InvalidArgument);
    EXPECT_TRUE(hashPassword(std::string(1024, 'x')));
    EXPECT_EQ(hashPassword(std::string(1025, 'x')).error().code, ErrorCode::InvalidArgument);
}

std::shared_future<void> gate; ///< set before the first question, waited for by every check
std::atomic<int> verified{0};

/// Right where both are the same; waits at the gate, if there is one.
bool compare(const std::string& hash, std::string_view password)
{
    if (gate.valid())
        gate.wait();
    ++verified;
    return hash == password;
}

using Verdict = PasswordChecker::Verdict;

struct PasswordCheckerTest : testing::Test
{
    PasswordCheckerTest()
    {
        gate = {};
        verified = 0;
    }
    static Mac key(int number)
    {
        Mac mac{};
        mac[0] = static_cast<std::uint8_t>(number);
        mac[1] = static_cast<std::uint8_t>(number >> 8);
        return mac;
    }
    bool ask(int number, const std::string& hash, const std::string& password)
    {
        std::promise<bool> answer;
        EXPECT_TRUE(checker.check(client(1), key(number), hash, password,
                                  [&](Verdict verdict) { answer.set_value(verdict == Verdict::Right); }));
        return answer.get_future().get();
    }
    static policy::SubjectKey client(int number) { return policy::SubjectKey::number(number); }
    observe::ManualClock clock;
    PasswordChecker checker{1, 2, clock, compare};
};

TEST_F(PasswordCheckerTest, RemembersWhatWasRightForAWhile)
{
    EXPECT_FALSE(checker.remembers(key(1)));
    EXPECT_FALSE(ask(1, "a", "b"));
    EXPECT_FALSE(checker.remembers(key(1)));
    EXPECT_TRUE(ask(2, "a", "a"));
    EXPECT_TRUE(checker.remembers(key(2)));
    EXPECT_FALSE(checker.remembers(key(1)));
    clock.advance(PasswordChecker::kRemember - std::chrono::nanoseconds(1));
    EXPECT_TRUE(checker.remembers(key(2)));
    clock.advance(std::chrono::nanoseconds(1));
    EXPECT_FALSE(checker.remembers(key(2)));
}

TEST_F(PasswordCheckerTest, TheQueueAndTheAskersOfOneAreBounded)
{
    std::promise<void> open;
    gate = open.get_future().share();
    std::atomic<int> answers{0};
    const auto asks = [&](int number) {
        return checker.check(client(1), key(number), "a", "a",
                             [&](Verdict verdict) { answers += verdict == Verdict::Right ? 1 : 1000; });
    };
    EXPECT_TRUE(asks(1));
    for (std::size_t i = 1; i < PasswordChecker::kWaitingForOne; ++i)
        EXPECT_TRUE(asks(1)) << i;
    EXPECT_FALSE(asks(1));
    EXPECT_EQ(checker.refused(), 1U);
    int more = 0; // one may be in work already, two wait
    while (asks(2 + more))
        ++more;
    EXPECT_GE(more, 1);
    EXPECT_LE(more, 2);
    EXPECT_EQ(checker.refused(), 2U);
    open.set_value();
    // There is one thread, so what is answered now was asked after the others; the queue may still be full.
    std::promise<bool> last;
    while (!checker.check(client(1), key(90), "b", "b",
                          [&](Verdict verdict) { last.set_value(verdict == Verdict::Right); })) {
    }
    EXPECT_TRUE(last.get_future().get());
    EXPECT_EQ(answers.load(), static_cast<int>(PasswordChecker::kWaitingForOne) + more);
    EXPECT_EQ(verified.load(), more + 2) << "one check for all who asked the same";
}

TEST_F(PasswordCheckerTest, WhoAsksMostMakesRoomForOthers)
{
    std::promise<void> open;
    gate = open.get_future().share();
    std::mutex mutex;
    std::string answers; // a letter for each client, upper case where it was busy
    const auto asks = [&](int number, char name, int from) {
        return checker.check(client(from), key(number), "a", "a", [&, name](Verdict verdict) {
            std::lock_guard lock(mutex);
            answers += verdict == Verdict::Busy ? static_cast<char>(name - 'a' + 'A') : name;
        });
    };
    ASSERT_TRUE(asks(1, 'a', 1));
    while (checker.waiting() != 0) // in work
        std::this_thread::yield();
    ASSERT_TRUE(asks(2, 'a', 1));
    ASSERT_TRUE(asks(3, 'a', 1));
    EXPECT_FALSE(asks(4, 'a', 1)) << "its own line is the longest";
    EXPECT_TRUE(asks(5, 'b', 2)) << "a's second makes room";
    EXPECT_EQ(answers, "A");
    EXPECT_FALSE(asks(6, 'c', 3)) << "nobody has more than one";
    EXPECT_FALSE(asks(7, 'b', 2));
    EXPECT_EQ(checker.refused(), 4U);
    open.set_value();
    while (checker.checks() < 3)
        std::this_thread::yield();
    EXPECT_TRUE(ask(8, "a", "a"));
    std::lock_guard lock(mutex);
    EXPECT_EQ(answers.size(), 4U);
    EXPECT_EQ(std::count(answers.begin(), answers.end(), 'b'), 1);
}

TEST_F(PasswordCheckerTest, RemembersNoMoreThanItsBound)
{
    for (std::size_t i = 0; i <= PasswordChecker::kRemembered; ++i)
        EXPECT_TRUE(ask(static_cast<int>(i), "a", "a"));
    std::size_t known = 0;
    for (std::size_t i = 0; i <= PasswordChecker::kRemembered; ++i)
        known += checker.remembers(key(static_cast<int>(i))) ? 1 : 0;
    EXPECT_EQ(known, PasswordChecker::kRemembered);
    EXPECT_TRUE(checker.remembers(key(static_cast<int>(PasswordChecker::kRemembered)))) << "the last one";
}

} // namespace
} // namespace spillway::auth
