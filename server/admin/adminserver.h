// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/adminhandler.h"
#include "server/net/listensocket.h"
#include "server/net/worker.h"
#include "server/net/workerthread.h"

#include <memory>

namespace spillway::http {
class Session;
}

namespace spillway::admin {

/// The admin listener of a running engine: one worker thread of its own, plain HTTP on loopback addresses.
///
/// start(), reload() and stop() on the main thread; the engine has started and outlives this. start() makes
/// the token of this run, writes DATA/admin.json (0600) and the pointer in the runtime folder, and tells
/// `management` the real ports; stop(), also the destructor's work, takes the files away. Errors of start():
/// InvalidArgument for an address that is not loopback (it would need TLS), AlreadyExists for a taken port,
/// Io.
class AdminServer
{
public:
    AdminServer(engine::Engine& engine, engine::Management& management);
    ~AdminServer();
    AdminServer(const AdminServer&) = delete;
    AdminServer& operator=(const AdminServer&) = delete;

    [[nodiscard]] Result<void> start();
    /// After Engine::reload: takes over metrics.allow, metrics.token, public_url and the defaults of new
    /// shares and links.
    void reload();
    void stop();

    [[nodiscard]] const std::vector<net::ListenAddress>& addresses() const { return addresses_; }

private:
    [[nodiscard]] Result<std::vector<UniqueFd>> listen();
    [[nodiscard]] AdminAccess access() const;
    void updateManagement();

    engine::Engine& engine_;
    engine::Management& management_;
    std::string token_;
    std::vector<net::ListenAddress> addresses_;
    std::vector<UniqueFd> claims_; ///< so that no --join-port takes a part of the admin API's clients
    std::atomic<std::size_t> connections_{0}; ///< not among the engine's: a drain does not wait for them
    std::unique_ptr<net::Worker> worker_;
    std::unique_ptr<AdminHandler> handler_;
    std::unique_ptr<http::Session> session_; ///< lives in the worker's thread
    std::unique_ptr<net::WorkerThread> thread_;
    std::string pointer_; ///< path of the pointer file; empty: none
};

} // namespace spillway::admin
