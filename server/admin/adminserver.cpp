// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/adminserver.h"

#include "server/admin/admincertificate.h"
#include "server/admin/livefeed.h"
#include "server/admin/runfile.h"
#include "server/config/lanaddress.h"
#include "server/engine/engine.h"
#include "server/engine/randomid.h"
#include "server/http/session.h"
#include "server/net/portclaim.h"
#include "server/net/selfsigned.h"

#include <algorithm>
#include <unistd.h>

namespace spillway::admin {

namespace {

/// The command line and a scraper or two; a bound so that a runaway client does not take the engine's
/// descriptors.
constexpr std::size_t kMaxConnections = 256;

net::ConnectionLimits connectionLimits()
{
    net::ConnectionLimits limits;
    limits.maxConnections = kMaxConnections;
    return limits;
}

} // namespace

AdminServer::AdminServer(engine::Engine& engine, engine::Management& management, AuditLog* audit)
    : engine_(engine), management_(management), audit_(audit), door_(engine.clock())
{
}

AdminServer::~AdminServer()
{
    stop();
}

Result<AdminServer::Listener> AdminServer::listenAt(net::ListenAddress& address, bool tls)
{
    UniqueFd claim = address.port == 0 ? UniqueFd() : net::claimPort(address);
    auto made = net::listenGroup(address, 1, false);
    if (!made && made.error().code == ErrorCode::AlreadyExists)
        return fail(ErrorCode::AlreadyExists,
                    "the admin listener cannot have " + net::toString(address) +
                        ": another process has it; choose another with --admin-listen");
    if (!made)
        return fail(made.error());
    claims_.push_back(claim ? std::move(claim) : net::claimPort(address));
    return Listener{std::move(made->front()), tls};
}

Result<std::vector<AdminServer::Listener>> AdminServer::listen()
{
    std::vector<Listener> listeners;
    std::optional<Error> unsupported;
    const bool always = engine_.settings().get<"admin.tls">() == "always";
    for (const config::Endpoint& endpoint : engine_.settings().get<"admin.listen">()) {
        const bool tls = always || !endpoint.address.isLoopback();
        net::ListenAddress address{config::formatIpAddress(endpoint.address), endpoint.port};
        auto listener = listenAt(address, tls);
        if (!listener && listener.error().code == ErrorCode::Unsupported) {
            unsupported = listener.error();
            continue;
        }
        if (!listener)
            return fail(listener.error());
        if (!tls && forCommands_.host.empty())
            forCommands_ = address;
        addresses_.push_back({std::move(address), tls});
        listeners.push_back(std::move(*listener));
    }
    if (listeners.empty())
        return fail(unsupported.value_or(Error{ErrorCode::InvalidArgument, "admin.listen is empty", 0}));
    if (forCommands_.host.empty()) {
        forCommands_ = {"127.0.0.1", 0};
        auto listener = listenAt(forCommands_, false);
        if (!listener)
            return fail(listener.error());
        listeners.push_back(std::move(*listener));
    }
    return listeners;
}

Result<void> AdminServer::loadCertificate()
{
    auto files =
        adminCertificate(engine_.settings(), engine_.dataFolder(), unixSeconds(engine_.clock().wall()));
    if (!files)
        return fail(files.error());
    return certificates_->load({std::move(*files)}, engine_.settings().get<"tls.min_version">() == "1.3");
}

void AdminServer::lookAtCertificate()
{
    if (!certificates_->look())
        return;
    tellDoor();
    worker_->post([this, context = certificates_->context(), fresh = access()] {
        worker_->setTls(context);
        handler_->setAccess(fresh);
    });
}

/// The first address that others can reach; where none is, one with TLS on loopback: another user's console
/// may come.
void AdminServer::tellDoor()
{
    const Address* best = nullptr;
    for (const Address& one : addresses_) {
        const auto address = config::parseIpAddress(one.address.host);
        if (one.tls && (!best || (address && !address->isLoopback())))
            best = &one;
        if (address && !address->isLoopback())
            break;
    }
    if (!best)
        return door_.setAddress({});
    const config::Endpoint endpoint{*config::parseIpAddress(best->address.host), best->address.port};
    const config::IpAddress shown =
        endpoint.address.isUnspecified()
            ? config::bestAddress(config::interfaceAddresses(), std::span(&endpoint, 1))
            : endpoint.address;
    door_.setAddress({config::formatIpAddress(shown), endpoint.port, fingerprint()});
}

std::string AdminServer::fingerprint() const
{
    return certificates_ ? certificates_->context()->certificates().front().fingerprint : std::string();
}

AdminAccess AdminServer::access() const
{
    AdminAccess access;
    access.token = token_;
    access.metricsAllow = engine_.settings().get<"metrics.allow">();
    access.metricsToken = engine_.settings().get<"metrics.token">();
    access.anyAddress = certificates_ != nullptr;
    if (certificates_) {
        access.hosts = net::machineNames().names;
        for (const net::CertificateFacts& facts : certificates_->context()->certificates())
            access.hosts.insert(access.hosts.end(), facts.names.begin(), facts.names.end());
        for (std::string& host : access.hosts)
            std::transform(host.begin(), host.end(), host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    }
    return access;
}

void AdminServer::updateManagement()
{
    management_.setSettings(engine::ManagementSettings::from(engine_.settings(), engine_.listening()));
}

Result<void> AdminServer::start()
{
    auto token = engine::randomText(32);
    if (!token)
        return fail(token.error());
    token_ = std::move(*token);
    auto sockets = listen();
    if (!sockets)
        return fail(sockets.error());
    updateManagement();
    if (std::any_of(sockets->begin(), sockets->end(), [](const Listener& one) { return one.tls; })) {
        certificates_ = std::make_unique<engine::Certificates>(engine_.dataFolder(), engine_.clock(),
                                                               engine_.processLog());
        if (auto loaded = loadCertificate(); !loaded)
            return loaded;
        everySecond_.callOnTimeout(&everySecond_, [this] { lookAtCertificate(); });
        everySecond_.start(std::chrono::seconds(1));
    }

    worker_ = std::make_unique<net::Worker>(engine_.clock(), connectionLimits(),
                                            engine_.metrics().addWriter(), connections_);
    handler_ = std::make_unique<AdminHandler>(
        OperationContext{management_, &engine_, engine_.index(), Caller::owner(), audit_, &door_},
        engine_.metrics(), engine_.health(), access());
    thread_ = std::make_unique<net::WorkerThread>("admin", *worker_);
    auto held = std::make_shared<std::vector<Listener>>(std::move(*sockets));
    thread_->start(
        [this, held] {
            session_ =
                std::make_unique<http::Session>(*worker_, *handler_, http::SessionLimits{}, nullptr, 0);
            feed_ = std::make_unique<LiveFeed>(engine_, *worker_);
            handler_->setFeed(feed_.get());
            worker_->setProtocol(*session_);
            if (certificates_)
                worker_->setTls(certificates_->context());
            for (Listener& listener : *held)
                worker_->addListener(std::move(listener.socket), {.tls = listener.tls});
        },
        [this] {
            worker_->closeListeners();
            feed_->stop();
            worker_->closeAll(net::EndReason::Drain);
            worker_->dropMailbox();
            session_.reset();
            handler_->setFeed(nullptr);
            feed_.reset();
        });

    tellDoor();
    const RunFile run{"http://" + net::toString(forCommands_), token_, ::getpid()};
    if (auto written = writeRunFile(engine_.dataFolder(), run); !written)
        return fail(written.error());
    // Without it a command needs --data; not worth failing for.
    if (auto pointer = writeRunPointer({{}, engine_.dataFolder(), ::getpid()}))
        pointer_ = std::move(*pointer);
    return {};
}

void AdminServer::reload()
{
    updateManagement();
    if (certificates_)
        if (auto loaded = loadCertificate(); !loaded)
            engine_.processLog().error("the admin API keeps its certificate",
                                       {{"reason", loaded.error().message}});
    tellDoor();
    worker_->post([this, fresh = access(), context = certificates_ ? certificates_->context() : nullptr] {
        handler_->setAccess(fresh);
        if (context)
            worker_->setTls(context);
    });
}

void AdminServer::stop()
{
    everySecond_.stop();
    if (!thread_)
        return;
    removeRunFile(engine_.dataFolder());
    if (!pointer_.empty())
        ::unlink(pointer_.c_str());
    thread_->stop();
    thread_.reset();
    handler_.reset();
    worker_.reset();
    claims_.clear();
}

} // namespace spillway::admin
