// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/engine.h"

#include "server/auth/keyring.h"
#include "server/catalog/denyrepository.h"
#include "server/catalog/keyrepository.h"
#include "server/catalog/secretrepository.h"
#include "server/catalog/sharerepository.h"
#include "server/config/lanaddress.h"
#include "server/engine/descriptors.h"
#include "server/engine/signingkeys.h"
#include "server/engine/workerunit.h"
#include "server/observe/log.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <bit>
#include <thread>

namespace spillway::engine {

namespace {

/// Threads for opens, directory reads and hot copies: they wait for disks, not for processors.
constexpr std::size_t kFileThreads = 4;
constexpr std::size_t kFileQueue = 8192;

std::size_t size(Bytes bytes)
{
    return static_cast<std::size_t>(bytes.count);
}

std::size_t workerCount(const config::Settings& settings)
{
    const auto wanted = settings.get<"workers">();
    return wanted > 0 ? static_cast<std::size_t>(wanted) : std::max(1U, std::thread::hardware_concurrency());
}

WorkerSettings workerSettings(const config::Settings& settings, std::size_t workers, std::size_t descriptors)
{
    WorkerSettings result;
    auto& connections = result.connections;
    connections.headTimeout = settings.get<"http.head_timeout">();
    connections.idleTimeout = settings.get<"http.idle_timeout">();
    connections.writeStallTimeout = settings.get<"http.write_stall_timeout">();
    connections.minRate = settings.get<"http.min_rate">();
    connections.minRateGrace = settings.get<"http.min_rate_grace">();
    const auto most = settings.get<"http.max_connections">();
    const auto entries = static_cast<std::size_t>(settings.get<"cache.entries">());
    connections.maxConnections =
        most > 0 ? static_cast<std::size_t>(most) : connectionsFor(descriptors, workers, entries);
    result.session.head = {size(settings.get<"http.max_head_size">()),
                           size(settings.get<"http.max_target_size">()),
                           static_cast<std::size_t>(settings.get<"http.max_fields">())};
    result.session.pipelinedBytes = size(settings.get<"http.max_pipelined_bytes">());
    result.session.keepAliveRequests = static_cast<std::uint32_t>(settings.get<"http.keepalive_requests">());
    result.files.entries = entries;
    result.files.hotBytes = size(settings.get<"cache.hot_bytes">()) / workers;
    result.files.hotFileMax = result.files.hotBytes == 0 ? 0 : size(settings.get<"cache.hot_file_max">());
    result.files.revalidate = settings.get<"cache.revalidate">();
    result.proxies = std::make_shared<const http::TrustedProxies>(settings.get<"proxy.trusted">());
    return result;
}

} // namespace

Engine::Engine(catalog::DataFolder folder, config::Settings settings, const Clock& clock, observe::Log& log)
    : clock_(clock), processLog_(log), folder_(std::move(folder)), settings_(std::move(settings)),
      metrics_(clock), health_(clock),
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
    linkChanges_ = catalog_->onChange([this](const catalog::ChangeSet&) { board_.invalidate(); });

    makeIndex();
    if (auto key = ensureKey(); !key)
        return fail(key.error());
    if (auto signer = makeSigner(); !signer)
        return fail(signer.error());
    if (auto rules = reloadRules(); !rules)
        return fail(rules.error());

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
    return {};
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
                           return Records{std::move(*shares), std::move(*keys), std::move(*denied)};
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
    auto after = download::buildRules(
        {std::move(records->shares), std::move(*ring), std::move(denied), signer_}, *before, clock_);
    followShares(*before, *after);
    board_.publish(std::move(after));
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
    const bool join = settings_.get<"join_port">();
    std::optional<Error> unsupported;
    for (const config::Endpoint& endpoint : settings_.get<"listen">()) {
        net::ListenAddress address{config::formatIpAddress(endpoint.address), endpoint.port};
        // One port for all addresses where the system chooses it.
        if (address.port == 0 && !addresses_.empty())
            address.port = addresses_.front().port;
        auto sockets = net::listenGroup(address, units_.size(), join);
        if (!sockets) {
            // A machine without IPv6 still serves on its other addresses.
            if (sockets.error().code != ErrorCode::Unsupported)
                return fail(sockets.error());
            unsupported = sockets.error();
            processLog_.warning(sockets.error().message);
            continue;
        }
        addresses_.push_back(std::move(address));
        sockets_.push_back(std::move(*sockets));
    }
    if (addresses_.empty())
        return fail(unsupported.value_or(Error{ErrorCode::InvalidArgument, "no address to listen on", 0}));
    return {};
}

Result<void> Engine::start()
{
    descriptors_ = raiseDescriptorLimit();
    types_ = std::make_unique<body::MediaTypes>();
    body::Preloader::Options preload;
    preload.threads = static_cast<std::size_t>(settings_.get<"preload.threads">());
    preload.blocks = static_cast<std::size_t>(settings_.get<"preload.queue">());
    preload.blockSize = size(settings_.get<"preload.block">());
    preload.ahead = size(settings_.get<"preload.ahead">());
    preloader_ = std::make_unique<body::Preloader>(preload);
    pool_ = std::make_unique<BlockingPool>("files", kFileThreads, kFileQueue);
    makeUnits();
    if (auto listening = listen(); !listening)
        return fail(listening.error());
    registerMetrics();
    for (std::size_t i = 0; i < units_.size(); ++i) {
        std::vector<UniqueFd> mine;
        for (auto& group : sockets_)
            mine.push_back(std::move(group[i]));
        units_[i]->start(std::move(mine));
    }
    sockets_.clear();
    everySecond_ = std::make_unique<QTimer>();
    everySecond_->callOnTimeout([this] { tick(); });
    everySecond_->start(std::chrono::seconds(1));
    startedAt_ = clock_.wall();
    health_.setStarted();
    return {};
}

void Engine::tick()
{
    bans_.tick(*catalog_);
}

void Engine::makeUnits()
{
    const std::size_t workers = workerCount(settings_);
    const WorkerSettings each = workerSettings(settings_, workers, descriptors_);
    const WorkerParts parts{{board_, *links_, *pool_, rates_, health_, clock_, &bans_.book(), &bans_.book()},
                            *preloader_,
                            *types_,
                            log_.get(),
                            &bans_.watch(),
                            connections_};
    for (std::size_t i = 0; i < workers; ++i)
        units_.push_back(std::make_unique<WorkerUnit>(i, each, parts, metrics_.addWriter()));
}

void Engine::drain(std::function<void()> done)
{
    health_.enter(observe::Mode::Draining, "the server is ending");
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
    if (catalog_)
        bans_.tick(*catalog_); // the catalog writes what it was given before it closes
    // The pools run what they have taken; what they post to ended workers is dropped at the door.
    pool_.reset();
    preloader_.reset();
    linkChanges_ = {};
    index_.reset();
    links_.reset();
    catalog_.reset();
    units_.clear(); // last: what the pools and the catalog call back may still name a worker
    log_.reset();
}

std::vector<std::string> Engine::reload(config::Settings settings)
{
    std::vector<std::string> needRestart;
    for (const config::Change& change : config::diff(settings_, settings))
        if (change.needsRestart)
            needRestart.emplace_back(change.name);
    settings_ = std::move(settings);
    bans_.apply(settings_);
    const WorkerSettings each = workerSettings(settings_, units_.size(), descriptors_);
    for (auto& unit : units_)
        unit->apply(each);
    return needRestart;
}

void Engine::reopenLogs()
{
    if (log_)
        log_->reopen();
}

std::string Engine::publicUrl() const
{
    const std::string& set = settings_.get<"public_url">();
    if (!set.empty())
        return set;
    std::vector<config::Endpoint> listening;
    for (const net::ListenAddress& address : addresses_)
        if (const auto ip = config::parseIpAddress(address.host))
            listening.push_back({*ip, address.port});
    if (listening.empty()) // not started: the configured ports will be the real ones
        listening = settings_.get<"listen">();
    return config::defaultPublicUrl(config::interfaceAddresses(), listening);
}

} // namespace spillway::engine
