// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/napper.h"

#include <ctime>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t), "a futex is 32 bits");

long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* timeout) noexcept
{
    return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, timeout, nullptr, 0);
}

long membarrier(int command) noexcept
{
    return ::syscall(SYS_membarrier, command, 0, 0);
}

} // namespace

Napper::Napper()
{
    if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0)
        deepLimit_ = std::chrono::milliseconds(250);
}

void Napper::orderProducers() noexcept
{
    (void)membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

void Napper::wake() noexcept
{
    const std::uint32_t before = state_.exchange(Awake, std::memory_order_acq_rel);
    if (before == Nap || before == Deep) // of several producers, the first one calls
        futex(state_, FUTEX_WAKE, 1, nullptr);
    else if (before == Pending)
        wakeNow(); // a wakeNow() that came in between must not be lost
}

void Napper::wakeNow() noexcept
{
    const std::uint32_t before = state_.exchange(Pending, std::memory_order_acq_rel);
    if (before == Nap || before == Deep)
        futex(state_, FUTEX_WAKE, 1, nullptr);
}

bool Napper::enter(State state) noexcept
{
    std::uint32_t expected = Awake;
    if (state_.compare_exchange_strong(expected, state, std::memory_order_seq_cst))
        return true;
    leave(); // pending: do not sleep at all
    return false;
}

void Napper::leave() noexcept
{
    state_.exchange(Awake, std::memory_order_seq_cst);
}

void Napper::nap(std::chrono::milliseconds atMost) noexcept
{
    if (!enter(Nap))
        return;
    wait(Nap, atMost);
    leave();
}

void Napper::wait(State state, std::chrono::milliseconds atMost) noexcept
{
    const timespec timeout{.tv_sec = atMost.count() / 1000, .tv_nsec = atMost.count() % 1000 * 1'000'000};
    futex(state_, FUTEX_WAIT, state,
          atMost.count() == 0 ? nullptr : &timeout); // may return early: the caller looks again
}

} // namespace spillway::observe
