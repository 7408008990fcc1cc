// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/observe/histogram.h"
#include "server/observe/metricnames.h"
#include "server/observe/metricsnapshot.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace spillway::observe {

/// The counters of one worker. Only its worker writes (a load and a store, no locked instruction); any thread
/// may read and sees a value that was true a moment ago. Aligned, so that two workers never share a cache
/// line.
class alignas(64) WorkerCounters
{
public:
    void add(Counter counter, std::uint64_t by = 1) noexcept { bump(counters_[index(counter)], by); }
    /// `by` may be negative.
    void adjust(Gauge gauge, std::int64_t by) noexcept
    {
        bump(gauges_[static_cast<std::size_t>(gauge)], static_cast<std::uint64_t>(by));
    }
    void set(Gauge gauge, std::int64_t value) noexcept
    {
        gauges_[static_cast<std::size_t>(gauge)].store(static_cast<std::uint64_t>(value),
                                                       std::memory_order_relaxed);
    }

    /// One answered request: `duration` from the head's last byte to the answer's last byte handed to the
    /// kernel, `firstByte` to its first. Call it once, at the end of the answer.
    void request(MethodLabel method, Route route, unsigned status, std::chrono::nanoseconds duration,
                 std::chrono::nanoseconds firstByte) noexcept
    {
        bump(requests_[requestCell(method, route, statusIndex(status))], 1);
        duration_.record(duration);
        firstByte_.record(firstByte);
    }

    [[nodiscard]] std::uint64_t value(Counter counter) const noexcept
    {
        return counters_[index(counter)].load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t value(Gauge gauge) const noexcept
    {
        return static_cast<std::int64_t>(
            gauges_[static_cast<std::size_t>(gauge)].load(std::memory_order_relaxed));
    }
    void addTo(MetricsSnapshot& sum) const noexcept;

private:
    static constexpr std::size_t index(Counter counter) { return static_cast<std::size_t>(counter); }
    static void bump(std::atomic<std::uint64_t>& cell, std::uint64_t by) noexcept
    {
        cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    std::array<std::atomic<std::uint64_t>, counterCount> counters_{};
    std::array<std::atomic<std::uint64_t>, gaugeCount> gauges_{}; ///< two's complement
    std::array<std::atomic<std::uint64_t>, requestCells> requests_{};
    OwnedHistogram duration_;
    OwnedHistogram firstByte_;
};

/// All numbers of the process: the workers' counters and whatever other layers attach.
///
/// Any thread may call any function; none is for the hot path, which holds its WorkerCounters and writes
/// there. Readers are called under a lock at each snapshot: they must be quick, safe from any thread, and not
/// call back.
class Metrics
{
public:
    using Reader = std::function<std::uint64_t()>;
    using HistogramReader = std::function<void(HistogramSnapshot& sum)>;

    /// Ends what was attached. Once it is gone, the reader is not running and will not run again.
    class Registration
    {
    public:
        Registration() = default;
        Registration(Registration&& other) noexcept;
        Registration& operator=(Registration&& other) noexcept;
        ~Registration() { reset(); }
        void reset() noexcept;

    private:
        friend class Metrics;
        Registration(Metrics* owner, std::uint64_t id) : owner_(owner), id_(id) {}
        Metrics* owner_ = nullptr;
        std::uint64_t id_ = 0;
    };

    explicit Metrics(const Clock& clock);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// Counters for one thread to write; they live as long as this object, so totals survive a worker.
    [[nodiscard]] WorkerCounters& addWriter();

    /// A row of the tables that is counted elsewhere, by several threads: its value is added to the workers'
    /// sum.
    [[nodiscard]] Registration attach(Counter counter, Reader reader);
    [[nodiscard]] Registration attach(Gauge gauge, Reader reader);
    /// spillway_bound_hits_total{bound="<name>"}: how often a bound was hit. `name`: [a-z0-9_]+.
    [[nodiscard]] Result<Registration> attachBound(std::string name, Reader hits);
    /// Anything else. InvalidArgument for a name that Prometheus would refuse, a counter not named "…_total",
    /// or a name that has another kind, label or help already; AlreadyExists where its label value is taken,
    /// too; Exhausted past 1,024 of them.
    [[nodiscard]] Result<Registration> attach(SourceInfo source, Reader reader);
    /// Durations, as a Prometheus histogram named "…_seconds"; the same errors.
    [[nodiscard]] Result<Registration> attachHistogram(std::string name, std::string help,
                                                       HistogramReader reader);

    [[nodiscard]] MetricsSnapshot snapshot() const;

private:
    struct Source
    {
        std::uint64_t id;
        std::function<void(MetricsSnapshot&)> collect;
        SourceInfo info; ///< its name is empty for a row of the tables
    };
    /// What stands against this source beside what is there; none where nothing. With mutex_ held.
    [[nodiscard]] Result<void> admit(const SourceInfo& source) const;
    [[nodiscard]] Result<Registration> insertAdmitted(SourceInfo source,
                                                      std::function<void(MetricsSnapshot&)> collect);
    /// With mutex_ held.
    [[nodiscard]] Registration insert(std::function<void(MetricsSnapshot&)> collect, SourceInfo info);
    void remove(std::uint64_t id) noexcept;

    const Clock& clock_;
    mutable std::mutex mutex_; ///< guards everything below, never the counters themselves
    std::vector<std::unique_ptr<WorkerCounters>> writers_;
    std::vector<Source> sources_;
    std::uint64_t nextId_ = 1;
};

} // namespace spillway::observe
