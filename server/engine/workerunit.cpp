// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/workerunit.h"

#include <pthread.h>

namespace spillway::engine {

namespace {

/// How soon an answer that goes out feels that its right is gone; a second is promised.
constexpr std::chrono::milliseconds kEnforceEvery{250};

} // namespace

WorkerUnit::WorkerUnit(std::size_t workerIndex, const WorkerSettings& workerSettings,
                       const WorkerParts& workerParts, observe::WorkerCounters& counters)
    : index(workerIndex), settings(workerSettings), parts(workerParts),
      worker(std::make_unique<net::Worker>(parts.shared.clock, settings.connections, counters,
                                           parts.connections)),
      thread(std::make_unique<net::WorkerThread>("worker-" + std::to_string(index), *worker))
{
    door->worker = worker.get();
}

void WorkerUnit::start(std::vector<Listener> listeners)
{
    auto sockets = std::make_shared<std::vector<Listener>>(std::move(listeners));
    thread->start(
        [this, sockets] {
            ::pthread_getcpuclockid(::pthread_self(), &cpuClock);
            body::Post post = [open = door](std::function<void()> task) {
                std::lock_guard lock(open->mutex);
                if (open->worker)
                    open->worker->post(std::move(task));
            };
            files =
                std::make_unique<body::FileCache>(settings.files, parts.shared.pool, parts.preloader,
                                                  parts.types, post, parts.shared.clock, worker->counters());
            pipeline =
                std::make_unique<download::Pipeline>(parts.shared, *files, post, settings.files.entries);
            enforcer = std::make_unique<QTimer>();
            enforcer->setInterval(kEnforceEvery);
            // Through the mailbox: what it does to connections and their timers belongs into a poll().
            enforcer->callOnTimeout([this] { worker->post([this] { pipeline->enforce(); }); });
            pipeline->onRunning([this](bool any) { any ? enforcer->start() : enforcer->stop(); });
            session = std::make_unique<http::Session>(*worker, *pipeline, settings.session, parts.log, index);
            worker->setProtocol(*session);
            worker->setOutsideContact(parts.outside);
            applyHere(settings);
            pipeline->limitsChanged(*worker);
            for (Listener& listener : *sockets)
                worker->addListener(std::move(listener.socket), listener.kind);
        },
        [this] {
            worker->closeListeners();
            worker->closeAll(net::EndReason::Drain);
            {
                std::lock_guard lock(door->mutex);
                door->worker = nullptr;
            }
            worker->dropMailbox();
            lastTally = session->takeTally();
            session.reset();
            enforcer.reset();
            pipeline.reset();
            files.reset();
        });
}

std::chrono::milliseconds WorkerUnit::delay()
{
    const auto nanoseconds = [this] { return parts.shared.clock.monotonic().time_since_epoch().count(); };
    const std::int64_t now = nanoseconds();
    const bool waiting = ping.onItsWay.load(std::memory_order_acquire);
    const std::int64_t delay = waiting ? now - ping.sentAt.load(std::memory_order_relaxed)
                                       : ping.took.load(std::memory_order_relaxed);
    if (!waiting) {
        ping.sentAt.store(now, std::memory_order_relaxed);
        ping.onItsWay.store(true, std::memory_order_release);
        worker->post([this, nanoseconds] {
            ping.took.store(nanoseconds() - ping.sentAt.load(std::memory_order_relaxed),
                            std::memory_order_relaxed);
            ping.onItsWay.store(false, std::memory_order_release);
        });
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(delay));
}

void WorkerUnit::stop()
{
    thread->stop();
}

void WorkerUnit::apply(const WorkerSettings& changed)
{
    settings = changed;
    worker->post([this, changed] { applyHere(changed); });
}

void WorkerUnit::applyHere(const WorkerSettings& changed)
{
    const std::size_t limited = worker->limits().limitedConnections;
    worker->limits() = changed.connections;
    worker->limits().limitedConnections = limited;
    worker->setTrustedProxies(changed.proxies->blocks());
    worker->setTls(changed.certificates);
    session->setProxies(changed.proxies, parts.proxyWatch);
    session->setTransportSecurity(changed.transportSecurity);
    pipeline->setHttps(changed.https);
    pipeline->setAcmeFolder(changed.acmeFolder);
}

void WorkerUnit::useCertificates(std::shared_ptr<const net::TlsContext> certificates)
{
    settings.certificates = certificates;
    worker->post([this, certificates = std::move(certificates)] { worker->setTls(certificates); });
}

} // namespace spillway::engine
