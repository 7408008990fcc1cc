// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/adminhandler.h"
#include "server/admin/consoledoor.h"
#include "server/engine/certificates.h"
#include "server/net/listensocket.h"
#include "server/net/worker.h"
#include "server/net/workerthread.h"

#include <QtCore/QTimer>
#include <memory>

namespace spillway::http {
class Session;
}

namespace spillway::admin {

/// The admin listener of a running engine: one worker thread of its own. Plain HTTP on loopback addresses,
/// HTTPS on all others (admin.tls: on all), with admin.certificate or one that is made in the data folder and
/// pinned by consoles. The command line of this machine speaks plain HTTP on loopback: where none of
/// admin.listen is that, it gets a port of its own on 127.0.0.1.
///
/// start(), reload() and stop() on the main thread; the engine has started and outlives this. start() makes
/// the token of this run, writes DATA/admin.json (0600) and the pointer in the runtime folder, and tells
/// `management` the real ports; stop(), also the destructor's work, takes the files away. Errors of start():
/// AlreadyExists for a taken port, those of net::TlsContext::load, Io.
class AdminServer
{
public:
    /// `audit`: where changes are recorded; null: nowhere. It outlives this.
    AdminServer(engine::Engine& engine, engine::Management& management, AuditLog* audit = nullptr);
    [[nodiscard]] ConsoleDoor& door() { return door_; }
    ~AdminServer();
    AdminServer(const AdminServer&) = delete;
    AdminServer& operator=(const AdminServer&) = delete;

    [[nodiscard]] Result<void> start();
    /// After Engine::reload: takes over metrics.allow, metrics.token, public_url and the defaults of new
    /// shares and links.
    void reload();
    void stop();

    struct Address
    {
        net::ListenAddress address;
        bool tls = false;
    };
    /// Those of admin.listen, with their real ports.
    [[nodiscard]] const std::vector<Address>& addresses() const { return addresses_; }
    /// Of the certificate, "AB:CD:…"; empty where nothing speaks TLS.
    [[nodiscard]] std::string fingerprint() const;

private:
    struct Listener
    {
        UniqueFd socket;
        bool tls = false;
    };
    [[nodiscard]] Result<std::vector<Listener>> listen();
    [[nodiscard]] Result<Listener> listenAt(net::ListenAddress& address, bool tls);
    [[nodiscard]] Result<void> loadCertificate();
    void lookAtCertificate();
    void tellDoor();
    [[nodiscard]] AdminAccess access() const;
    void updateManagement();

    engine::Engine& engine_;
    engine::Management& management_;
    AuditLog* const audit_;
    ConsoleDoor door_;
    std::string token_;
    std::vector<Address> addresses_;
    net::ListenAddress forCommands_;                     ///< plain, on loopback
    std::unique_ptr<engine::Certificates> certificates_; ///< null where nothing speaks TLS
    QTimer everySecond_;
    std::vector<UniqueFd> claims_; ///< so that no --join-port takes a part of the admin API's clients
    std::atomic<std::size_t> connections_{0}; ///< not among the engine's: a drain does not wait for them
    std::unique_ptr<net::Worker> worker_;
    std::unique_ptr<AdminHandler> handler_;
    std::unique_ptr<http::Session> session_; ///< lives in the worker's thread, like the next
    std::unique_ptr<LiveFeed> feed_;
    std::unique_ptr<net::WorkerThread> thread_;
    std::string pointer_; ///< path of the pointer file; empty: none
};

} // namespace spillway::admin
