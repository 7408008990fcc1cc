// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/engine.h"

#include "server/auth/keyring.h"
#include "server/auth/password.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/index/folderreader.h"
#include "server/catalog/keyrepository.h"
#include "server/catalog/limitrepository.h"
#include "server/catalog/secretrepository.h"
#include "server/catalog/sharerepository.h"
#include "server/catalog/tokenrepository.h"
#include "server/download/zipknown.h"
#include "server/engine/descriptors.h"
#include "server/engine/limitrules.h"
#include "server/engine/loadprobe.h"
#include "server/engine/signingkeys.h"
#include "server/engine/workerunit.h"
#include "server/net/portclaim.h"
#include "server/observe/log.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <bit>
#include <sys/stat.h>

namespace spillway::engine {

namespace {

/// Threads for opens, directory reads and hot copies: they wait for disks, not for processors.
constexpr std::size_t kFileThreads = 4;
constexpr std::size_t kFileQueue = 8192;

policy::RecipientLife lifeOf(const config::Settings& settings)
{
    const auto seconds = [](auto duration) { return std::chrono::floor<std::chrono::seconds>(duration); };
    return {seconds(settings.get<"links.recipient_idle">()), seconds(settings.get<"links.recipient_done">())};
}

void warnOfTooManyConnections(const config::Settings& settings, std::size_t descriptors, observe::Log& log)
{
    const ConnectionBound bound = connectionBound(settings, descriptors);
    if (bound.asked > 0)
        log.warning(
            "http.max_connections is more than the limit of open files has room for: raise that limit "
            "(LimitNOFILE= of the service, ulimit -Hn before the start)",
            {{"asked", bound.asked},
             {"taken", bound.connections},
             {"open_files", descriptors},
             {"open_files_needed", bound.limitFor}});
}

download::SignInRules signInOf(const config::Settings& settings)
{
    return download::signInRules(
        std::chrono::duration_cast<std::chrono::seconds>(settings.get<"signin.lifetime">()),
        settings.get<"public_url">());
}

} // namespace

Engine::Engine(catalog::DataFolder folder, config::Settings settings, const Clock& clock, observe::Log& log)
    : clock_(clock), processLog_(log), folder_(std::move(folder)), settings_(std::move(settings)),
      metrics_(clock), health_(clock),
      limits_(static_cast<std::size_t>(settings_.get<"limits.clients">()), clock),
      bans_(clock, log, static_cast<std::size_t>(settings_.get<"limits.clients">()))
{
    bans_.apply(settings_);
}

Engine::~Engine()
{
    stop();
}

Result<std::unique_ptr<Engine>> Engine::create(catalog::DataFolder folder, config::Settings settings,
                                               const Clock& clock, observe::Log& log)
{
    std::unique_ptr<Engine> engine(new Engine(std::move(folder), std::move(settings), clock, log));
    if (auto opened = engine->open(); !opened)
        return fail(opened.error());
    return engine;
}

Result<void> Engine::open()
{
    auto opened = catalog::Catalog::open(folder_.path(), clock_);
    if (!opened)
        return fail(opened.error());
    catalog_ = std::move(*opened);

    catalog::MetadataCacheOptions options;
    options.ttl = settings_.get<"metadata.ttl">();
    options.negativeTtl = settings_.get<"metadata.negative_ttl">();
    options.maxEntries = static_cast<std::size_t>(settings_.get<"metadata.entries">());
    options.maxNegative = static_cast<std::size_t>(settings_.get<"metadata.negative_entries">());
    links_ = std::make_unique<catalog::LinkCache>(*catalog_, options);
    // After the link cache's own hook: who sees the new epoch must not find the old record.
    linkChanges_ = catalog_->onChange([this](const catalog::ChangeSet& changes) {
        if (changes.touchesRules())
            board_.invalidate();
        if (changes.links.empty())
            return;
        for (auto& unit : units_)
            unit->worker->post(
                [unit = unit.get(), links = changes.links] { unit->pipeline->linksChanged(links); });
    });

    recipients_ = std::make_unique<download::Recipients>(
        *catalog_, clock_, download::Recipients::Options{.life = lifeOf(settings_)});
    makeIndex();
    if (auto key = ensureKey(); !key)
        return fail(key.error());
    signIn_ = signInOf(settings_);
    if (auto signer = makeSigner(); !signer)
        return fail(signer.error());
    if (auto rules = reloadRules(); !rules)
        return fail(rules.error());
    if (index_) {
        std::set<catalog::ShareId> shares;
        const auto rules = board_.rules(); // held while it is walked: others publish new ones
        for (const auto& [id, rule] : rules->byId)
            shares.insert(id);
        index_->keepOnly(std::move(shares));
    }

    history_.load();
    top_.load();
    if (auto loaded = bans_.load(*catalog_); !loaded)
        return fail(loaded.error());

    const std::size_t workers = workerCount(settings_);
    if (settings_.get<"log.access">() != "off") {
        observe::AccessLogOptions log;
        const std::string& file = settings_.get<"log.file">();
        log.path = file.empty() ? folder_.file("access.log") : file;
        log.format = settings_.get<"log.access">() == "json" ? observe::AccessFormat::Json
                                                             : observe::AccessFormat::Combined;
        log.workers = workers;
        log.ringBytes = std::bit_ceil(static_cast<std::size_t>(settings_.get<"log.queue">()) * 256 / workers);
        auto made = observe::AccessLog::open(std::move(log), clock_);
        if (!made)
            return fail(made.error());
        log_ = std::move(*made);
    }
    return beginModes();
}

Result<void> Engine::ensureKey()
{
    auto id = catalog_
                  ->write([this](catalog::Session& session) {
                      bool made = false;
                      return currentKeyId(session, catalog_->now(), made);
                  })
                  .get();
    if (!id)
        return fail(id.error());
    return {};
}

Result<void> Engine::makeSigner()
{
    auto secret =
        catalog_
            ->write([this](catalog::Session& session) {
                return catalog::SecretRepository::getOrMake(session, catalog::kValueSecret, catalog_->now());
            })
            .get();
    if (!secret)
        return fail(secret.error());
    signer_ = std::make_shared<const auth::ValueSigner>(*secret);
    auth::wipe(*secret);
    return {};
}

Result<void> Engine::reloadRules()
{
    struct Records
    {
        std::vector<catalog::Share> shares;
        std::vector<catalog::SigningKey> keys;
        std::vector<catalog::DenyEntry> denied;
        std::vector<catalog::Limit> limits;
        std::vector<catalog::Token> tokens;
    };
    std::lock_guard lock(rulesMutex_);
    auto records = catalog_
                       ->read([](catalog::Session& session) -> Result<Records> {
                           Records all;
                           auto shares = catalog::ShareRepository::list(session);
                           if (!shares)
                               return fail(shares.error());
                           auto keys = catalog::KeyRepository::list(session);
                           if (!keys)
                               return fail(keys.error());
                           auto denied = catalog::DenyRepository::list(session);
                           if (!denied)
                               return fail(denied.error());
                           auto limits = catalog::LimitRepository::list(session);
                           if (!limits)
                               return fail(limits.error());
                           auto tokens = catalog::TokenRepository::list(session);
                           if (!tokens)
                               return fail(tokens.error());
                           return Records{std::move(*shares), std::move(*keys), std::move(*denied),
                                          std::move(*limits), std::move(*tokens)};
                       })
                       .get();
    if (!records)
        return fail(records.error());
    auto ring = auth::KeyRing::make(records->keys);
    for (catalog::SigningKey& key : records->keys)
        auth::wipe(key);
    if (!ring)
        return fail(ring.error());
    std::unordered_set<std::string> denied;
    for (catalog::DenyEntry& entry : records->denied)
        denied.insert(std::move(entry.digest));
    const auto before = board_.rules();
    const bool limitsChanged = records->limits != limitRows_;
    auto limits = limitsChanged ? limitSet(records->limits) : limits_.limits();
    limitRows_ = std::move(records->limits);
    auto after = download::buildRules({std::move(records->shares), std::move(*ring), std::move(denied),
                                       signer_, limits, std::move(records->tokens), signIn_},
                                      *before, clock_);
    // First the nodes that are in use, then the rules by which workers find them.
    if (limitsChanged)
        limits_.apply(std::move(limits));
    followShares(*before, *after);
    board_.publish(std::move(after));
    if (limitsChanged)
        for (auto& unit : units_)
            unit->worker->post([unit = unit.get()] { unit->pipeline->limitsChanged(*unit->worker); });
    return {};
}

void Engine::makeIndex()
{
    if (!settings_.get<"index.enabled">())
        return;
    catalog::IndexOptions options;
    options.hash = settings_.get<"index.hash">();
    options.hashRate = settings_.get<"index.hash_rate">();
    // The setting's 0 means "only empty files", the index's "no limit".
    options.hashMaxSize = settings_.get<"index.hash_max_size">();
    if (options.hashMaxSize.count == 0)
        options.hash = false;
    options.pollInterval = settings_.get<"index.poll_interval">();
    index_ = std::make_unique<catalog::FileIndex>(folder_.path(), options, clock_);
}

/// Tells the index which shares came, went, or have another folder.
void Engine::followShares(const download::Rules& before, const download::Rules& after)
{
    if (!index_)
        return;
    for (const auto& [id, rule] : before.byId)
        if (!after.byId.contains(id))
            index_->removeShare(id);
    for (const auto& [id, rule] : after.byId) {
        const auto old = before.byId.find(id);
        if (old == before.byId.end() || old->second->root != rule->root)
            index_->addShare({id, rule->share.path, rule->share.showDotFiles});
    }
}

Result<void> Engine::listen()
{
    const bool proxies = settings_.get<"proxy.protocol">();
    if (auto plain = listenOn(settings_.get<"listen">(), {false, proxies}, addresses_); !plain)
        return plain;
    const auto& secure = settings_.get<"tls.listen">();
    return secure.empty() ? Result<void>() : listenOn(secure, {true, proxies}, tlsAddresses_);
}

Result<void> Engine::listenOn(const std::vector<config::Endpoint>& endpoints, net::ListenerKind kind,
                              std::vector<net::ListenAddress>& addresses)
{
    const bool join = settings_.get<"join_port">();
    std::optional<Error> unsupported;
    for (const config::Endpoint& endpoint : endpoints) {
        net::ListenAddress address{config::formatIpAddress(endpoint.address), endpoint.port};
        // One port for all addresses where the system chooses it.
        if (address.port == 0 && !addresses.empty())
            address.port = addresses.front().port;
        UniqueFd claim = join || address.port == 0 ? UniqueFd() : net::claimPort(address);
        auto sockets = net::listenGroup(address, units_.size(), join);
        if (!sockets) {
            // A machine without IPv6 still serves on its other addresses.
            if (sockets.error().code != ErrorCode::Unsupported)
                return fail(sockets.error());
            unsupported = sockets.error();
            processLog_.warning(sockets.error().message);
            continue;
        }
        if (const auto owner = join ? net::portClaimedBy(address) : std::nullopt)
            return fail(ErrorCode::AlreadyExists,
                        "cannot join " + net::toString(address) + ": the Spillway there (process " +
                            std::to_string(*owner) +
                            ") does not share its port. Start it with --join-port too, or choose another "
                            "port with --listen");
        if (!join && !claim)
            claim = net::claimPort(address);
        if (!join && !claim)
            processLog_.warning(
                "a server of this user with --join-port could join this port: another process "
                "holds the name that would say no",
                {{"address", net::toString(address)}});
        claims_.push_back(std::move(claim));
        addresses.push_back(std::move(address));
        sockets_.push_back({kind, std::move(*sockets)});
    }
    if (addresses.empty())
        return fail(unsupported.value_or(Error{ErrorCode::InvalidArgument, "no address to listen on", 0}));
    return {};
}

Result<void> Engine::startTls()
{
    if (settings_.get<"tls.listen">().empty())
        return {};
    certificates_ = std::make_unique<Certificates>(folder_.path(), clock_, processLog_);
    return certificates_->load(settings_);
}

Result<void> Engine::start()
{
    descriptors_ = raiseDescriptorLimit();
    types_ = std::make_unique<body::MediaTypes>();
    body::Preloader::Options preload;
    preload.threads = static_cast<std::size_t>(settings_.get<"preload.threads">());
    preload.blocks = static_cast<std::size_t>(settings_.get<"preload.queue">());
    preload.blockSize = static_cast<std::size_t>(settings_.get<"preload.block">().count);
    preload.ahead = static_cast<std::size_t>(settings_.get<"preload.ahead">().count);
    preloader_ = std::make_unique<body::Preloader>(preload);
    pool_ = std::make_unique<BlockingPool>("files", kFileThreads, kFileQueue);
    makeZips();
    if (auto secured = startTls(); !secured)
        return fail(secured.error());
    passwords_ = std::make_unique<auth::PasswordChecker>(
        static_cast<std::size_t>(settings_.get<"passwords.threads">()),
        static_cast<std::size_t>(settings_.get<"passwords.queue">()), clock_, auth::verifyPassword);
    // ACME clients want the folder to be there; without it they say so.
    (void)!::mkdir(folder_.file("acme").c_str(), 0700);
    makeUnits();
    if (auto listening = listen(); !listening)
        return fail(listening.error());
    registerMetrics();
    for (std::size_t i = 0; i < units_.size(); ++i) {
        std::vector<WorkerUnit::Listener> mine;
        for (Group& group : sockets_)
            mine.push_back({std::move(group.sockets[i]), group.kind});
        units_[i]->settings = workerSettings(); // the ports are known now
        units_[i]->start(std::move(mine));
    }
    sockets_.clear();
    beginWatch();
    startedAt_ = clock_.wall();
    health_.setStarted();
    return {};
}

void Engine::makeZips()
{
    body::ZipFolders::Options options;
    options.threads = static_cast<std::size_t>(settings_.get<"zip.threads">());
    options.memory = static_cast<std::size_t>(settings_.get<"zip.memory">().count);
    options.isRemote = &catalog::isRemoteFileSystem;
    zips_ = std::make_unique<body::ZipFolders>(options, *pool_, *preloader_, clock_);
    if (index_)
        zips_->onMade([this](const body::ZipFolder& folder, const body::ZipPlanPtr& plan) {
            download::learnChecksums(*index_, folder, plan);
        });
    download::Digests::Options digests;
    digests.threads = static_cast<std::size_t>(settings_.get<"digests.threads">());
    digests.mostBytes = static_cast<std::uint64_t>(settings_.get<"digests.max_size">().count);
    digests_ = std::make_unique<download::Digests>(digests, index_.get());
}

void Engine::makeUnits()
{
    const std::size_t workers = workerCount(settings_);
    const WorkerSettings each = workerSettings();
    warnOfTooManyConnections(settings_, descriptors_, processLog_);
    const WorkerParts parts{{board_, *links_, *recipients_, *pool_, limits_, health_, clock_, &bans_.book(),
                             &bans_.book(), passwords_.get(), zips_.get(), settings_.get<"zip.wait">(),
                             digests_.get(), settings_.get<"digests.wait">()},
                            *preloader_,
                            *types_,
                            log_.get(),
                            &bans_.watch(),
                            &outside_,
                            connections_};
    for (std::size_t i = 0; i < workers; ++i)
        units_.push_back(std::make_unique<WorkerUnit>(i, each, parts, metrics_.addWriter()));
}

void Engine::drain(std::function<void()> done)
{
    modes_.byRule(observe::Mode::Draining, true, "the server is ending");
    claims_.clear(); // the ports are free for a successor from now on
    for (auto& unit : units_)
        unit->worker->post([worker = unit->worker.get()] { worker->drain(); });
    const Monotonic deadline = clock_.monotonic() + settings_.get<"drain.deadline">();
    auto* timer = new QTimer(QCoreApplication::instance());
    timer->callOnTimeout([this, timer, deadline, done = std::move(done)] {
        if (connections() > 0 && clock_.monotonic() < deadline)
            return;
        timer->stop();
        timer->deleteLater();
        done();
    });
    timer->start(std::chrono::milliseconds(20));
}

void Engine::stop()
{
    if (stopped_)
        return;
    stopped_ = true;
    everySecond_.reset();
    registrations_.clear();
    for (auto& unit : units_)
        unit->stop();
    if (startedAt_ != WallTime{}) {
        for (auto& unit : units_)
            top_.give(std::move(unit->lastTally));
        top_.fold();
        top_.save();
        history_.save();
    }
    if (catalog_) { // it writes what it was given before it closes
        bans_.tick(*catalog_);
        noteTokenUses();
    }
    // The pools run what they have taken; what they post to ended workers is dropped at the door.
    if (zips_)
        zips_->stop(); // it gives to the pool, and the pool asks it
    if (digests_)
        digests_->stop();
    pool_.reset();
    passwords_.reset();
    preloader_.reset();
    recipients_.reset(); // saves what was counted last
    linkChanges_ = {};
    index_.reset();
    links_.reset();
    catalog_.reset();
    digests_.reset();
    zips_.reset();
    units_.clear(); // last: what the pools and the catalog call back may still name a worker
    log_.reset();
}

/// Workers only mark a use in memory; here it goes into the catalog, all of them in one commit.
void Engine::noteTokenUses()
{
    struct Use
    {
        std::string id;
        std::int64_t when = 0;
    };
    std::vector<Use> uses;
    const auto rules = board_.rules(); // held while it is walked: others publish new ones
    for (const auto& [id, token] : rules->tokens->all())
        if (const std::int64_t when = token->lastUse->load(std::memory_order_relaxed);
            when > std::max(notedUses_[id], token->record.lastUsedAt.value_or(0))) {
            uses.push_back({id, when});
            notedUses_[id] = when;
        }
    if (uses.empty())
        return;
    catalog_->writeAsync(
        [uses = std::move(uses)](catalog::Session& session) -> Result<void> {
            for (const Use& use : uses)
                if (auto marked = catalog::TokenRepository::markUsed(session, use.id, use.when); !marked)
                    return marked;
            return {};
        },
        [](const Result<void>&) {}); // lost: the next use is noted again
}

std::vector<std::string> Engine::reload(config::Settings settings)
{
    std::vector<std::string> needRestart;
    for (const config::Change& change : config::diff(settings_, settings))
        if (change.needsRestart)
            needRestart.emplace_back(change.name);
    settings_ = std::move(settings);
    bans_.apply(settings_);
    overload_.setLimits(overloadLimits());
    if (certificates_)
        if (auto loaded = certificates_->load(settings_); !loaded)
            processLog_.error("the certificates were not reloaded; the old ones stay",
                              {{"reason", loaded.error().message}});
    {
        std::lock_guard lock(rulesMutex_);
        signIn_ = signInOf(settings_);
        auto rules = std::make_shared<download::Rules>(*board_.rules());
        rules->signIn = signIn_;
        board_.publish(std::move(rules));
    }
    const WorkerSettings each = workerSettings();
    warnOfTooManyConnections(settings_, descriptors_, processLog_);
    for (auto& unit : units_)
        unit->apply(each);
    recipients_->setLife(lifeOf(settings_));
    return needRestart;
}

void Engine::reopenLogs()
{
    if (log_)
        log_->reopen();
}

Listening Engine::listening() const
{
    const auto endpoints = [](const std::vector<net::ListenAddress>& addresses) {
        std::vector<config::Endpoint> all;
        for (const net::ListenAddress& address : addresses)
            if (const auto ip = config::parseIpAddress(address.host))
                all.push_back({*ip, address.port});
        return all;
    };
    return {endpoints(addresses_), endpoints(tlsAddresses_)};
}

} // namespace spillway::engine
