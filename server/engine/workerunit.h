// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/body/filecache.h"
#include "server/download/pipeline.h"
#include "server/http/session.h"
#include "server/net/outsidecontact.h"
#include "server/net/worker.h"
#include "server/net/workerthread.h"

#include <QtCore/QTimer>
#include <ctime>
#include <memory>

namespace spillway::engine {

/// Settings of one worker, in the types of the layers below.
struct WorkerSettings
{
    net::ConnectionLimits connections;
    http::SessionLimits session;
    body::FileCache::Options files;
    std::shared_ptr<const http::TrustedProxies> proxies;
    std::shared_ptr<const net::TlsContext> certificates; ///< null where HTTPS is off
    std::string transportSecurity;                       ///< see http::Session::setTransportSecurity
    download::HttpsRules https;
    std::string acmeFolder;
};

/// What every worker is built from.
struct WorkerParts
{
    download::SharedParts shared;
    body::Preloader& preloader;
    body::MediaTypes& types;
    observe::AccessLog* log = nullptr;
    http::ProxyWatch* proxyWatch = nullptr;
    net::OutsideContact* outside = nullptr;
    std::atomic<std::size_t>& connections;
};

/// One worker with its thread and all that lives on it. Made and destroyed on the main thread; start() and
/// stop() run the thread. The objects that belong to Qt or to the thread are made inside it.
struct WorkerUnit
{
    WorkerUnit(std::size_t index, const WorkerSettings& settings, const WorkerParts& parts,
               observe::WorkerCounters& counters);

    struct Listener
    {
        UniqueFd socket;
        net::ListenerKind kind;
    };
    void start(std::vector<Listener> listeners);
    void stop();
    /// Puts in force what a reload may change.
    void apply(const WorkerSettings& changed);
    void useCertificates(std::shared_ptr<const net::TlsContext> certificates);

    /// On the worker's thread.
    void applyHere(const WorkerSettings& changed);
    /// How long something that is posted to the worker waits until it runs: as measured since the last call,
    /// or as long as it has waited by now. To be called once a second, on one thread.
    [[nodiscard]] std::chrono::milliseconds delay();

    struct Ping
    {
        std::atomic<bool> onItsWay{false};
        std::atomic<std::int64_t> sentAt{0}, took{0}; ///< nanoseconds
    };
    Ping ping;
    clockid_t cpuClock{}; ///< of the thread, from start() on
    std::atomic<bool> tallyAsked{false};
    std::unique_ptr<observe::DownloadTally> lastTally; ///< after stop(): what nobody took before

    std::size_t index;
    WorkerSettings settings;
    WorkerParts parts;
    /// Outlives this: what the pools post after the end of the worker goes nowhere.
    struct Door
    {
        std::mutex mutex;
        net::Worker* worker = nullptr;
    };
    std::shared_ptr<Door> door = std::make_shared<Door>();
    std::unique_ptr<net::Worker> worker;
    std::unique_ptr<net::WorkerThread> thread;
    std::unique_ptr<body::FileCache> files;
    std::unique_ptr<download::Pipeline> pipeline;
    std::unique_ptr<http::Session> session;
    std::unique_ptr<QTimer> enforcer; ///< runs while answers go out by a right that may end
};

} // namespace spillway::engine
