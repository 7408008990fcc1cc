// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/passwordchecker.h"
#include "server/base/blockingpool.h"
#include "server/body/mediatype.h"
#include "server/body/preloader.h"
#include "server/catalog/catalog.h"
#include "server/catalog/datafolder.h"
#include "server/catalog/index/fileindex.h"
#include "server/catalog/linkcache.h"
#include "server/config/settings.h"
#include "server/download/recipients.h"
#include "server/download/rules.h"
#include "server/engine/bankeeper.h"
#include "server/engine/certificates.h"
#include "server/engine/historykeeper.h"
#include "server/engine/loadgauge.h"
#include "server/engine/modecontrol.h"
#include "server/engine/publicurl.h"
#include "server/engine/topkeeper.h"
#include "server/http/answerlist.h"
#include "server/net/listensocket.h"
#include "server/net/outsidecontact.h"
#include "server/observe/accesslog.h"
#include "server/observe/health.h"
#include "server/observe/log.h"
#include "server/observe/metrics.h"
#include "server/policy/limittree.h"
#include "server/policy/overload.h"

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

class QTimer;

namespace spillway::body {
class ZipFolders;
}
namespace spillway::download {
class Digests;
}

namespace spillway::engine {

class LoadProbe;
struct WorkerSettings;
struct WorkerUnit;

/// The download server: catalog, index, rules, workers. One per process; made, started and stopped on the
/// main thread.
///
///     create → start → (reload, reopenLogs)* → drain → stop
///
/// A share added here and an acknowledged change in the catalog are in force on every worker when the call
/// that made them returns (reloadRules).
class Engine
{
public:
    /// Opens the catalog (the folder's lock is handed over) and the log; makes the first signing key where
    /// there is none.
    [[nodiscard]] static Result<std::unique_ptr<Engine>>
    create(catalog::DataFolder folder, config::Settings settings, const Clock& clock, observe::Log& log);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Listens and serves. Errors: AlreadyExists (port taken), Unsupported (no such address), Exhausted, and
    /// those of net::TlsContext::load where HTTPS is on.
    [[nodiscard]] Result<void> start();
    /// No new connections; idle ones close; the others have until `drain.deadline`. `done` is called on the
    /// main thread.
    void drain(std::function<void()> done);
    /// Ends everything at once. Also the destructor's first step.
    void stop();

    /// SIGHUP: takes over what may change while it runs. The names of changed settings that need a restart
    /// come back.
    [[nodiscard]] std::vector<std::string> reload(config::Settings settings);
    void reopenLogs(); ///< SIGUSR1

    /// Reads shares, keys, limits and the deny list anew and puts them in force. Blocks on the catalog: not
    /// on a worker.
    [[nodiscard]] Result<void> reloadRules();

    /// The answers that are going out, of each worker, at most `most` each. Waits for the workers: not on
    /// one. Unavailable where one does not answer within 2 s, or none runs.
    /// With `endedAfter`, also those that ended lately, of each worker those with a higher serial than its
    /// own there (http::Session::listAnswers); a worker that it does not name starts from 0.
    [[nodiscard]] Result<std::vector<http::AnswerList>>
    answersInFlight(std::size_t most, const std::vector<std::uint64_t>* endedAfter = nullptr);
    /// Ends one connection, named as answersInFlight() does, with a reset. Waits for the worker. NotFound
    /// where it has gone already.
    [[nodiscard]] Result<void> kick(std::size_t worker, std::uint32_t slot, std::uint32_t generation);

    [[nodiscard]] const std::vector<net::ListenAddress>& addresses() const { return addresses_; }
    [[nodiscard]] const std::vector<net::ListenAddress>& tlsAddresses() const { return tlsAddresses_; }
    [[nodiscard]] Listening listening() const;
    /// The last connection from another machine since the start. Any thread.
    [[nodiscard]] std::optional<net::OutsideContact::Contact> outsideContact() const
    {
        return outside_.last();
    }

    [[nodiscard]] const config::Settings& settings() const { return settings_; }
    [[nodiscard]] const std::string& dataFolder() const { return folder_.path(); }
    [[nodiscard]] catalog::Catalog& catalog() { return *catalog_; }
    [[nodiscard]] catalog::LinkCache& links() { return *links_; }
    [[nodiscard]] download::Recipients& recipients() { return *recipients_; }
    [[nodiscard]] catalog::FileIndex* index() { return index_.get(); } ///< null where index.enabled is off
    [[nodiscard]] observe::Metrics& metrics() { return metrics_; }
    [[nodiscard]] observe::Health& health() { return health_; }
    [[nodiscard]] download::RulesBoard& rules() { return board_; }
    [[nodiscard]] policy::LimitTree& limits() { return limits_; }
    [[nodiscard]] policy::BanBook& bans() { return bans_.book(); }
    [[nodiscard]] ModeControl& modes() { return modes_; }
    [[nodiscard]] const HistoryKeeper& history() const { return history_; } ///< any thread
    [[nodiscard]] const TopKeeper& top() const { return top_; }             ///< any thread
    /// How near the rules of modes are to holding; only of those that are on. Any thread.
    [[nodiscard]] std::vector<LoadGauge> gauges() const;
    /// Why changes are refused now; nothing where they are not. Any thread.
    [[nodiscard]] std::optional<Error> refusesChanges() const;
    /// What is asked for by an operation, and done by the application. Set before start(); any thread calls.
    void onEndWanted(std::function<void()> end) { endWanted_ = std::move(end); }
    /// What it does by itself (but for ending, which somebody wanted): told on any thread, and must not
    /// block. Set before start().
    void onRules(std::function<void(const policy::BanRecord&)> banned, ModeControl::Ruled mode)
    {
        bans_.onBanned(std::move(banned));
        modes_.onRule(std::move(mode));
    }
    void askForEnd() const
    {
        if (endWanted_)
            endWanted_();
    }
    [[nodiscard]] observe::Log& processLog() { return processLog_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t workers() const { return units_.size(); }
    [[nodiscard]] WallTime startedAt() const { return startedAt_; }

private:
    Engine(catalog::DataFolder folder, config::Settings settings, const Clock& clock, observe::Log& log);
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> ensureKey();
    [[nodiscard]] Result<void> makeSigner();
    [[nodiscard]] Result<void> listen();
    [[nodiscard]] Result<void> listenOn(const std::vector<config::Endpoint>& endpoints,
                                        net::ListenerKind kind, std::vector<net::ListenAddress>& addresses);
    [[nodiscard]] Result<void> startTls();
    [[nodiscard]] WorkerSettings workerSettings() const;
    void makeIndex();
    void followShares(const download::Rules& before, const download::Rules& after);
    void makeUnits();
    void makeZips();
    void registerMetrics();
    void registerLoadMetrics();
    [[nodiscard]] Result<void> beginModes();
    void modeChanged(observe::Mode mode, bool active, bool byHand);
    void applySampling();
    void beginWatch();
    [[nodiscard]] policy::OverloadLimits overloadLimits() const;
    void tick();
    void noteTokenUses();
    void noteHistory();
    void noteDownloads();
    void watchCatalog();
    void watchDisk();
    void watchLoad();
    void showGauges(const policy::OverloadSignals& signals);

    const Clock& clock_;
    observe::Log& processLog_;
    catalog::DataFolder folder_;
    config::Settings settings_;
    observe::Metrics metrics_;
    observe::Health health_;
    download::RulesBoard board_;
    policy::LimitTree limits_;
    BanKeeper bans_;
    net::OutsideContact outside_;
    ModeControl modes_{health_, processLog_};
    HistoryKeeper history_{folder_.file("history.bin"), clock_, processLog_};
    TopKeeper top_{folder_.file("top.bin"), clock_, processLog_};
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<catalog::LinkCache> links_;
    std::unique_ptr<download::Recipients> recipients_;
    std::unique_ptr<catalog::FileIndex> index_;
    catalog::ChangeSubscription linkChanges_;
    std::shared_ptr<const auth::ValueSigner> signer_;
    std::unique_ptr<observe::AccessLog> log_;
    std::unique_ptr<body::MediaTypes> types_;
    std::unique_ptr<body::Preloader> preloader_;
    std::unique_ptr<BlockingPool> pool_;
    std::unique_ptr<body::ZipFolders> zips_;
    std::unique_ptr<download::Digests> digests_;
    std::unique_ptr<auth::PasswordChecker> passwords_;
    std::vector<catalog::Limit> limitRows_; ///< in force; guarded by rulesMutex_
    std::mutex rulesMutex_; ///< held while rules are read and published, so that an older set never follows a
                            ///< newer one
    download::SignInRules signIn_; ///< guarded by rulesMutex_
    std::size_t descriptors_ = 0;  ///< the limit of open files, from start() on
    std::atomic<std::size_t> connections_{0};
    std::vector<UniqueFd> claims_; ///< of addresses that no other process may join
    std::vector<net::ListenAddress> addresses_, tlsAddresses_;
    struct Group
    {
        net::ListenerKind kind;
        std::vector<UniqueFd> sockets; ///< one for each worker
    };
    std::vector<Group> sockets_;                 ///< until the workers take them
    std::unique_ptr<Certificates> certificates_; ///< null where HTTPS is off
    std::vector<std::unique_ptr<WorkerUnit>> units_;
    std::vector<observe::Metrics::Registration> registrations_;
    std::unique_ptr<QTimer> everySecond_;
    Monotonic usesNotedAt_{};                                 ///< main thread, like the next
    std::unordered_map<std::string, std::int64_t> notedUses_; ///< by token id: what is in the catalog already
    std::unique_ptr<LoadProbe> load_;
    policy::Overload overload_;
    std::function<void()> endWanted_;
    std::atomic<policy::OverloadStage> stage_{policy::OverloadStage::None};
    std::atomic<bool> savingByHand_{false};
    std::array<std::atomic<std::uint64_t>, 3> shown_{}; ///< signals in percent, for the metrics
    mutable std::mutex gaugesMutex_;
    std::vector<LoadGauge> gauges_;           ///< guarded by gaugesMutex_
    std::atomic<std::int64_t> freeSpace_{-1}; ///< bytes; -1: not known yet
    std::atomic<bool> askingSpace_{false}, askingWrites_{false},
        askingReads_{false}; ///< an answer is on its way
    bool lowOnSpace_ = false;
    int ticks_ = 0;
    std::vector<std::pair<observe::Mode, HandSetting>> storedModes_; ///< set by hand in an earlier run
    WallTime startedAt_{};
    bool stopped_ = false;
};

} // namespace spillway::engine
