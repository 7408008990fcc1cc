// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/settingrepository.h"
#include "server/engine/engine.h"
#include "server/engine/loadprobe.h"
#include "server/engine/management.h"
#include "server/engine/workerunit.h"

#include <QtCore/QTimer>

// The part of Engine that looks after its load, its disk and its catalog, once a second.
namespace spillway::engine {

using observe::Mode;
using policy::CircuitBreaker;
using policy::OverloadStage;

namespace {

/// Mode `saving`: one of so many requests goes to the access log.
constexpr std::uint32_t kSampling = 10;
/// How much more than overload.disk_free has to be free before the catalog is written again.
constexpr double kRoomAgain = 1.25;
/// How often a catalog that works is asked whether it still does.
constexpr int kCatalogEvery = 5;
/// Descriptors beside connections and cached files: databases, logs, listeners, pools.
constexpr std::uint64_t kOwnDescriptors = 64;

/// How often the last use of tokens is written down.
constexpr std::chrono::seconds kNoteUsesEvery{60};

std::string catalogReason(CircuitBreaker::State reads, CircuitBreaker::State writes)
{
    if (reads == CircuitBreaker::State::Closed)
        return "the catalog cannot be written";
    return writes == CircuitBreaker::State::Closed ? "the catalog cannot be read"
                                                   : "the catalog can be neither read nor written";
}

} // namespace

/// What a mode turns off beside what requests look up in Health.
void Engine::modeChanged(Mode mode, bool active, bool byHand)
{
    switch (mode) {
    case Mode::Saving:
        savingByHand_.store(active && byHand, std::memory_order_relaxed);
        applySampling();
        break;
    case Mode::CatalogDown:
        catalog_->guard().takeOut(active && byHand);
        break;
    case Mode::ReadOnly:
        if (index_)
            index_->pause(active);
        break;
    default:
        break;
    }
}

void Engine::applySampling()
{
    const bool sampled = savingByHand_.load(std::memory_order_relaxed) ||
                         stage_.load(std::memory_order_relaxed) >= OverloadStage::SampledLog;
    if (log_)
        log_->setSampling(sampled ? kSampling : 1);
}

Result<void> Engine::beginModes()
{
    modes_.onChange([this](Mode mode, bool active, bool byHand) { modeChanged(mode, active, byHand); });
    auto stored = catalog_->read([](catalog::Session& session) { return storedModes(session); }).get();
    if (!stored)
        return fail(stored.error());
    catalog::CatalogGuard& guard = catalog_->guard();
    const auto changed = [this, &guard](CircuitBreaker::State, CircuitBreaker::State) {
        const auto reads = guard.reads().state(), writes = guard.writes().state();
        const bool down = reads != CircuitBreaker::State::Closed || writes != CircuitBreaker::State::Closed;
        modes_.byRule(Mode::CatalogDown, down, down ? catalogReason(reads, writes) : "");
    };
    guard.reads().onChange(changed);
    guard.writes().onChange(changed);
    storedModes_ = std::move(*stored);
    return {};
}

std::optional<Error> Engine::refusesChanges() const
{
    for (const observe::Health::ActiveMode& held : health_.active())
        if (held.mode == Mode::ReadOnly || held.mode == Mode::CatalogDown)
            return Error{ErrorCode::Unavailable,
                         "changes are refused now, in mode " + std::string(observe::modeName(held.mode)) +
                             " (" + held.reason + "); downloads go on",
                         0};
    return std::nullopt;
}

void Engine::beginWatch()
{
    // Not before: what is done at a start (shares of the command line) may need the catalog.
    for (const auto& [mode, setting] : storedModes_)
        if (setting != HandSetting::Off)
            modes_.byHand(mode, setting);
    std::vector<clockid_t> clocks;
    for (const auto& unit : units_)
        clocks.push_back(unit->cpuClock);
    load_ = std::make_unique<LoadProbe>(std::move(clocks), descriptors_);
    overload_.setLimits(overloadLimits());
    everySecond_ = std::make_unique<QTimer>();
    everySecond_->callOnTimeout([this] { tick(); });
    everySecond_->start(std::chrono::seconds(1));
}

policy::OverloadLimits Engine::overloadLimits() const
{
    policy::OverloadLimits limits;
    limits.enabled = settings_.get<"overload.enabled">();
    limits.cpu = static_cast<double>(settings_.get<"overload.cpu">());
    limits.memory = static_cast<double>(settings_.get<"overload.memory">());
    limits.descriptors = static_cast<double>(settings_.get<"overload.descriptors">());
    limits.queueWait = settings_.get<"overload.queue_wait">();
    return limits;
}

void Engine::tick()
{
    noteHistory();
    noteDownloads();
    watchCatalog();
    watchDisk();
    watchLoad();
    if (certificates_ && certificates_->look())
        for (auto& unit : units_)
            unit->useCertificates(certificates_->context());
    if (const Monotonic now = clock_.monotonic(); now - usesNotedAt_ >= kNoteUsesEvery) {
        usesNotedAt_ = now;
        noteTokenUses();
    }
}

void Engine::noteHistory()
{
    history_.add(HistoryReading::of(metrics_.snapshot(), static_cast<std::int64_t>(connections()),
                                    std::max<std::int64_t>(limits_.running(), 0)));
    if (!health_.is(Mode::ReadOnly) && history_.saveDue())
        (void)pool_->submit([this] { // refused: the next minute saves as much
            history_.save();
            top_.save();
        });
}

/// What each worker saw in the second before, and asks for the next.
void Engine::noteDownloads()
{
    top_.fold();
    for (auto& unit : units_)
        if (!unit->tallyAsked.exchange(true))
            unit->worker->post([this, unit = unit.get()] {
                unit->tallyAsked.store(false);
                if (unit->session)
                    top_.give(unit->session->takeTally());
            });
}

/// Without a question now and then an outage would be found only by the first who needs the catalog, and its
/// end by nobody.
void Engine::watchCatalog()
{
    catalog::CatalogGuard& guard = catalog_->guard();
    if (guard.isOut())
        return;
    const bool sound = guard.reads().state() == CircuitBreaker::State::Closed &&
                       guard.writes().state() == CircuitBreaker::State::Closed;
    if (guard.writes().state() == CircuitBreaker::State::Closed)
        bans_.tick(*catalog_);
    if (sound && ++ticks_ % kCatalogEvery != 0)
        return;
    if (!guard.writes().coolingDown() && !askingWrites_.exchange(true)) {
        // A lock shows by itself; after a failure only something written shows that it is over.
        const bool inEarnest = guard.writes().state() != CircuitBreaker::State::Closed;
        catalog_->writeAsync(
            [inEarnest, now = catalog_->now()](catalog::Session& session) -> Result<void> {
                return inEarnest
                           ? catalog::SettingRepository::set(session, "catalog.probe", std::to_string(now))
                           : Result<void>();
            },
            [this](const Result<void>&) { askingWrites_.store(false); });
    }
    if (!guard.reads().coolingDown() && !askingReads_.exchange(true))
        catalog_->readAsync(
            [](catalog::Session& session) {
                return catalog::SettingRepository::get(session, "catalog.probe");
            },
            [this](const Result<std::optional<std::string>>&) { askingReads_.store(false); });
}

void Engine::watchDisk()
{
    const Bytes least = settings_.get<"overload.disk_free">();
    if (least.count == 0) {
        modes_.byRule(Mode::ReadOnly, false, "");
        return;
    }
    // The answer is of the second before: a disk that hangs must not hold this thread.
    if (const std::int64_t room = freeSpace_.load(); room >= 0) {
        if (room < least.count)
            lowOnSpace_ = true;
        else if (static_cast<double>(room) >= static_cast<double>(least.count) * kRoomAgain)
            lowOnSpace_ = false;
        modes_.byRule(Mode::ReadOnly, lowOnSpace_,
                      lowOnSpace_ ? "less than " + formatBytes(least) + " is free on the data folder's disk"
                                  : "");
    }
    if (!askingSpace_.exchange(true) && !pool_->submit([this] {
            if (const auto room = freeSpace(folder_.path()))
                freeSpace_.store(room->count);
            askingSpace_.store(false);
        }))
        askingSpace_.store(false);
}

void Engine::watchLoad()
{
    const Monotonic now = clock_.monotonic();
    policy::OverloadSignals signals;
    signals.cpu = load_->cpu(now);
    signals.memory = load_->memory();
    std::uint64_t open = kOwnDescriptors + connections();
    for (const auto& unit : units_) {
        open += static_cast<std::uint64_t>(unit->worker->counters().value(observe::Gauge::FileCacheEntries));
        signals.delay = std::max(signals.delay, unit->delay());
    }
    signals.descriptors = load_->descriptors(open);
    signals.queueWait = limits_.queueWait();

    const OverloadStage before = overload_.stage();
    const OverloadStage stage = overload_.update(signals, now);
    const std::string reason = overload_.reason();
    shown_[0].store(static_cast<std::uint64_t>(signals.cpu), std::memory_order_relaxed);
    shown_[1].store(static_cast<std::uint64_t>(signals.memory), std::memory_order_relaxed);
    shown_[2].store(static_cast<std::uint64_t>(signals.descriptors), std::memory_order_relaxed);
    showGauges(signals);
    if (stage == before)
        return;
    stage_.store(stage, std::memory_order_relaxed);
    processLog_.write(stage > before ? observe::LogLevel::Warning : observe::LogLevel::Info,
                      stage > before ? "overload: another stage begins" : "overload: a stage is over",
                      {{"stage", policy::stageName(stage)}, {"reason", reason}},
                      std::source_location::current());
    modes_.byRule(Mode::Saving, stage >= OverloadStage::NoListings,
                  stage >= OverloadStage::NoListings ? "overload: " + std::string(policy::stageName(stage))
                                                     : "");
    applySampling();
    const net::Shedding shedding{stage >= OverloadStage::ShortKeepAlive,
                                 stage >= OverloadStage::NoConnections};
    for (auto& unit : units_)
        unit->worker->post([worker = unit->worker.get(), shedding] { worker->shed(shedding); });
}

void Engine::showGauges(const policy::OverloadSignals& signals)
{
    const policy::OverloadLimits limits = overloadLimits();
    const auto milliseconds = [](std::chrono::milliseconds time) {
        return static_cast<double>(time.count());
    };
    std::vector<LoadGauge> gauges;
    if (limits.enabled)
        gauges = {{Mode::Saving, "cpu", "percent", signals.cpu, limits.cpu},
                  {Mode::Saving, "memory", "percent", signals.memory, limits.memory},
                  {Mode::Saving, "descriptors", "percent", signals.descriptors, limits.descriptors},
                  {Mode::Saving, "queue_wait", "milliseconds", milliseconds(signals.queueWait),
                   milliseconds(limits.queueWait)}};
    const Bytes least = settings_.get<"overload.disk_free">();
    if (const std::int64_t room = freeSpace_.load(); room >= 0 && least.count > 0)
        gauges.push_back({Mode::ReadOnly, "disk_free", "bytes", static_cast<double>(room),
                          static_cast<double>(least.count), true});
    const std::lock_guard lock(gaugesMutex_);
    gauges_ = std::move(gauges);
}

std::vector<LoadGauge> Engine::gauges() const
{
    const std::lock_guard lock(gaugesMutex_);
    return gauges_;
}

void Engine::registerLoadMetrics()
{
    using observe::MetricKind;
    const auto attach = [this](observe::SourceInfo info, observe::Metrics::Reader reader) {
        if (auto registration = metrics_.attach(std::move(info), std::move(reader)))
            registrations_.push_back(std::move(*registration));
    };
    modes_.registerMetrics(metrics_, registrations_);
    if (log_)
        attach({"spillway_log_sampled_out_total", "", "", MetricKind::Counter,
                "Requests that the access log left out because it was sampled."},
               [this] { return log_->sampledOut(); });
    attach({"spillway_overload_stage", "", "", MetricKind::Gauge,
            "0: none, 1: no listings, 2: sampled log, 3: short keep-alive, 4: no connections."},
           [this] { return static_cast<std::uint64_t>(stage_.load(std::memory_order_relaxed)); });
    constexpr std::array signals{"cpu", "memory", "descriptors"};
    for (std::size_t i = 0; i < signals.size(); ++i)
        attach({"spillway_overload_percent", "signal", signals[i], MetricKind::Gauge,
                "How much of what it may have is in use, by signal."},
               [this, i] { return shown_[i].load(std::memory_order_relaxed); });
    for (CircuitBreaker* breaker : {&catalog_->guard().reads(), &catalog_->guard().writes()}) {
        const std::string& name = breaker->dependency();
        attach({"spillway_circuit_state", "dependency", name, MetricKind::Gauge,
                "0: closed, 1: half-open, 2: open, by what stands behind it."},
               [breaker] { return static_cast<std::uint64_t>(breaker->state()); });
        attach({"spillway_circuit_opened_total", "dependency", name, MetricKind::Counter,
                "How often a circuit breaker opened."},
               [breaker] { return breaker->counters().opened; });
        attach({"spillway_circuit_refused_total", "dependency", name, MetricKind::Counter,
                "Calls that an open circuit breaker refused."},
               [breaker] { return breaker->counters().refused; });
        attach({"spillway_circuit_fallbacks_total", "fallback", breaker->fallback(), MetricKind::Counter,
                "What was done instead of a refused or failed call, by name."},
               [breaker] { return breaker->counters().fallbacks; });
    }
}

} // namespace spillway::engine
