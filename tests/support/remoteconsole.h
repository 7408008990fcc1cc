// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/adminserver.h"
#include "server/admin/auditlog.h"
#include "server/admin/remoteengineclient.h"
#include "server/admin/runfile.h"
#include "tests/support/consoleengine.h"

namespace spillway::tests {

/// The same engine as a console elsewhere sees it: an admin listener before it, and a client over real
/// sockets.
class RemoteConsole
{
public:
    explicit RemoteConsole(ConsoleEngine& engine) : engine_(engine) {}

    [[nodiscard]] Result<void> listen()
    {
        server_.reset();
        auto audit = admin::AuditLog::open(engine_.engine().dataFolder(), engine_.engine().clock());
        if (!audit)
            return fail(audit.error());
        audit_ = std::move(*audit);
        server_ = std::make_unique<admin::AdminServer>(engine_.engine(), engine_.management(), audit_.get());
        if (auto started = server_->start(); !started)
            return started;
        const auto run = admin::readRunFile(engine_.engine().dataFolder());
        if (!run)
            return fail(run.error());
        token_ = QString::fromStdString(run->token);
        port_ = server_->addresses().front().address.port;
        tls_ = server_->addresses().front().tls;
        fingerprint_ = QString::fromStdString(server_->fingerprint());
        return {};
    }
    void stop() { server_.reset(); }
    [[nodiscard]] admin::ConsoleDoor& door() { return server_->door(); }

    [[nodiscard]] admin::AdminTarget target() const
    {
        return {QStringLiteral("127.0.0.1"), port_, tls_, fingerprint_};
    }
    void connect() { connect(target(), token_); }
    void connect(const admin::AdminTarget& target, const QString& token)
    {
        client_ = std::make_unique<admin::RemoteEngineClient>(target, token);
    }
    [[nodiscard]] admin::RemoteEngineClient& client() { return *client_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const QString& token() const { return token_; }

private:
    ConsoleEngine& engine_;
    std::unique_ptr<admin::AuditLog> audit_;
    std::unique_ptr<admin::AdminServer> server_;
    std::unique_ptr<admin::RemoteEngineClient> client_; ///< goes before the server
    QString token_, fingerprint_;
    std::uint16_t port_ = 0;
    bool tls_ = false;
};

} // namespace spillway::tests
