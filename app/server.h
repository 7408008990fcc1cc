// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/signals.h"
#include "server/admin/adminserver.h"
#include "server/admin/auditlog.h"
#include "server/admin/auditrecorder.h"
#include "server/config/cli.h"
#include "server/engine/engine.h"
#include "server/engine/management.h"
#include "server/engine/settingscontrol.h"

#include <memory>

namespace spillway::app {

/// A running server with its admin listener: what both front ends, with a window and without, are built on.
///
/// Main thread; the application object exists, and `signals` was made before any thread. The signals are
/// connected here: SIGTERM drains and then quits the application, a second one quits at once; SIGHUP reloads;
/// SIGUSR1 reopens the logs.
class Server
{
public:
    /// Opens, starts and listens. The error's message is for the person who started it.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const config::ParsedCommand& command,
                                                               Signals& signals);
    ~Server(); ///< ends at once what is still running
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Prints the lines "spillway: listening on …" and tells systemd.
    void announce() const;
    /// What SIGTERM does: no new connections, downloads have until the drain deadline, then the application
    /// quits.
    void end();

    [[nodiscard]] engine::Engine& engine() { return *engine_; }
    [[nodiscard]] admin::OperationContext operations()
    {
        return {*management_,           engine_.get(), engine_->index(),
                admin::Caller::owner(), audit_.get(),  admin_ ? &admin_->door() : nullptr};
    }

private:
    explicit Server(const config::ParsedCommand& command) : command_(command) {}
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> openAudit();
    [[nodiscard]] Result<void> addShares();
    [[nodiscard]] Result<void> ensureShare(const config::NamedPath& named, bool isPublic);
    void connectSignals(Signals& signals);
    void reload();
    void applyFromAnyThread(config::Settings settings);
    void apply(config::Settings settings);

    const config::ParsedCommand& command_;
    const SystemClock clock_;
    std::unique_ptr<observe::Log> log_;
    std::unique_ptr<admin::AuditLog> audit_;
    std::unique_ptr<admin::AuditRecorder> recorder_; ///< outlives the engine, which tells it things
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<engine::Management> management_;
    std::unique_ptr<engine::SettingsControl> settings_;
    std::unique_ptr<admin::AdminServer> admin_;
    bool ending_ = false;
};

} // namespace spillway::app
