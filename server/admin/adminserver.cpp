// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/adminserver.h"

#include "server/admin/runfile.h"
#include "server/engine/engine.h"
#include "server/engine/randomid.h"
#include "server/http/session.h"
#include "server/net/portclaim.h"

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

AdminServer::AdminServer(engine::Engine& engine, engine::Management& management)
    : engine_(engine), management_(management)
{
}

AdminServer::~AdminServer()
{
    stop();
}

Result<std::vector<UniqueFd>> AdminServer::listen()
{
    std::vector<UniqueFd> sockets;
    std::optional<Error> unsupported;
    for (const config::Endpoint& endpoint : engine_.settings().get<"admin.listen">()) {
        if (!endpoint.address.isLoopback())
            return fail(
                ErrorCode::InvalidArgument,
                "admin.listen: " + config::formatEndpoint(endpoint) +
                    " can be reached from other machines, and the admin token would cross the network in "
                    "plain text: that needs TLS. Use a loopback address, as 127.0.0.1:8081");
        net::ListenAddress address{config::formatIpAddress(endpoint.address), endpoint.port};
        UniqueFd claim = address.port == 0 ? UniqueFd() : net::claimPort(address);
        auto made = net::listenGroup(address, 1, false);
        if (!made && made.error().code == ErrorCode::Unsupported) {
            unsupported = made.error();
            continue;
        }
        if (!made && made.error().code == ErrorCode::AlreadyExists)
            return fail(ErrorCode::AlreadyExists,
                        "the admin listener cannot have " + net::toString(address) +
                            ": another process has it; choose another with --admin-listen");
        if (!made)
            return fail(made.error());
        claims_.push_back(claim ? std::move(claim) : net::claimPort(address));
        addresses_.push_back(std::move(address));
        sockets.push_back(std::move(made->front()));
    }
    if (sockets.empty())
        return fail(unsupported.value_or(Error{ErrorCode::InvalidArgument, "admin.listen is empty", 0}));
    return sockets;
}

AdminAccess AdminServer::access() const
{
    AdminAccess access;
    access.token = token_;
    access.metricsAllow = engine_.settings().get<"metrics.allow">();
    access.metricsToken = engine_.settings().get<"metrics.token">();
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

    worker_ = std::make_unique<net::Worker>(engine_.clock(), connectionLimits(),
                                            engine_.metrics().addWriter(), connections_);
    handler_ = std::make_unique<AdminHandler>(OperationContext{management_, &engine_, engine_.index()},
                                              engine_.metrics(), engine_.health(), access());
    thread_ = std::make_unique<net::WorkerThread>("admin", *worker_);
    auto held = std::make_shared<std::vector<UniqueFd>>(std::move(*sockets));
    thread_->start(
        [this, held] {
            session_ =
                std::make_unique<http::Session>(*worker_, *handler_, http::SessionLimits{}, nullptr, 0);
            worker_->setProtocol(*session_);
            for (UniqueFd& socket : *held)
                worker_->addListener(std::move(socket));
        },
        [this] {
            worker_->closeListeners();
            worker_->closeAll(net::EndReason::Drain);
            worker_->dropMailbox();
            session_.reset();
        });

    const RunFile run{"http://" + net::toString(addresses_.front()), token_, ::getpid()};
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
    worker_->post([this, fresh = access()] { handler_->setAccess(fresh); });
}

void AdminServer::stop()
{
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
