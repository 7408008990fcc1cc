// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace spillway::policy {

/// Stands before something that may stop answering (the catalog, later every remote part), so that nobody
/// waits for it in vain and it is left alone to recover.
///
///              errors ≥ errorPercent of ≥ minSamples in the window
///     closed ───────────────────────────────────────────────────────► open ◄────────────┐
///        ▲                                                              │ cool-down     │ a probe failed
///        │ probesNeeded succeeded                                       ▼ is over       │ (cool-down × 2)
///        └──────────────────────────────────────────────────────── half-open ───────────┘
///
/// Any thread; a short lock a call. Each call that allow() let through ends with exactly one ended(). In the
/// half-open state at most `probes` calls are under way; one whose end is not told within probeTimeout gives
/// its place up. What a call from before the last change of state has to say no longer counts. What is done
/// instead of a refused call is the caller's: it names it to the constructor and counts it here.
class CircuitBreaker
{
public:
    enum class State : std::uint8_t
    {
        Closed,
        HalfOpen,
        Open
    };
    [[nodiscard]] static const char* stateName(State state); ///< "closed", "half-open", "open"

    struct Options
    {
        std::uint32_t minSamples = 3; ///< at least 1
        std::uint32_t errorPercent = 50;
        std::chrono::milliseconds window{60'000};
        std::chrono::milliseconds coolDown{1'000}; ///< the first; each further one twice as long
        std::chrono::milliseconds longestCoolDown{30'000};
        std::uint32_t probes = 1;
        std::uint32_t probesNeeded = 1;
        std::chrono::milliseconds probeTimeout{15'000};
    };
    /// Proof that a call was let through.
    struct Permit
    {
        std::uint64_t era = 0;
        std::uint32_t probe = 0; ///< 0: none
    };
    using Changed = std::function<void(State from, State to)>;

    /// `dependency` and `fallback` name it in metrics: [a-z0-9_]+.
    CircuitBreaker(std::string dependency, std::string fallback, const Clock& clock, Options options);

    /// Hears of each change, one after the other, on the thread that caused it and under no lock of this. Set
    /// it before the first call.
    void onChange(Changed changed) { changed_ = std::move(changed); }

    /// Nothing where the call must not be made.
    [[nodiscard]] std::optional<Permit> allow();
    void ended(Permit permit, bool succeeded);
    /// What stands for a refused or failed call was used.
    void fellBack() { fallbacks_.fetch_add(1, std::memory_order_relaxed); }

    /// Open, and too early for a probe: a call that only looks whether it works again is not worth making.
    [[nodiscard]] bool coolingDown() const;
    [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }
    [[nodiscard]] const std::string& dependency() const { return dependency_; }
    [[nodiscard]] const std::string& fallback() const { return fallback_; }

    struct Counters
    {
        std::uint64_t opened = 0;
        std::uint64_t refused = 0;
        std::uint64_t failures = 0;
        std::uint64_t fallbacks = 0;
    };
    [[nodiscard]] Counters counters() const;

private:
    static constexpr std::size_t kSlices = 10; ///< of the window, so that it rolls
    struct Slice
    {
        std::int64_t number = -1; ///< since the clock's beginning
        std::uint32_t calls = 0;
        std::uint32_t errors = 0;
    };
    struct Probe
    {
        std::uint32_t id = 0; ///< 0: free
        Monotonic began{};
    };

    /// With mutex_ held.
    void count(bool error, Monotonic now);
    [[nodiscard]] bool tooManyErrors(Monotonic now) const;
    void change(State to, Monotonic now);
    /// Tells of a change, if there is one; `lock` may be given up for it.
    void tell(std::unique_lock<std::mutex>& lock);

    const std::string dependency_, fallback_;
    const Clock& clock_;
    const Options options_;
    Changed changed_;
    std::atomic<State> state_{State::Closed}; ///< written with mutex_ held
    std::atomic<std::uint64_t> opened_{0}, refused_{0}, failures_{0}, fallbacks_{0};
    std::mutex tellMutex_;     ///< held while changed_ runs, so that changes are told in order
    mutable std::mutex mutex_; ///< guards everything below
    std::array<Slice, kSlices> slices_;
    std::array<Probe, 8> underWay_;
    std::uint64_t era_ = 0;
    std::uint32_t nextProbe_ = 0;
    std::uint32_t probesGood_ = 0;
    Monotonic openUntil_{};
    std::chrono::milliseconds coolDown_;
    State told_ = State::Closed;
};

} // namespace spillway::policy
