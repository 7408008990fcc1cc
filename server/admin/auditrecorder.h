// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/auditlog.h"
#include "server/base/blockingpool.h"
#include "server/engine/modecontrol.h"
#include "server/engine/settingscontrol.h"
#include "server/policy/banbook.h"

#include <memory>
#include <mutex>

namespace spillway::admin {

/// Writes into the audit log what changes without an operation: bans and modes by rule, and settings that
/// somebody changed in the settings file. Each is one line, for it is done already.
///
/// Any thread. Nobody waits: a thread of its own writes, in the order of the calls; at most kQueue wait, and
/// what does not get in, or cannot be written, is in the process log instead.
class AuditRecorder
{
public:
    static constexpr std::size_t kQueue = 1024;

    AuditRecorder(AuditLog& audit, observe::Log& log);
    ~AuditRecorder() { close(); }
    AuditRecorder(const AuditRecorder&) = delete;
    AuditRecorder& operator=(const AuditRecorder&) = delete;

    /// Writes what waits, and nothing more afterwards. Before the data folder's lock is given back.
    void close();

    void banned(const policy::BanRecord& ban);
    void modeChanged(observe::Mode mode, bool active, const std::string& reason);
    /// Those that differ; as engine::SettingsControl::onEdited has them.
    void settingsEdited(const std::vector<engine::SettingInfo>& before,
                        const std::vector<engine::SettingInfo>& after);

private:
    void record(const char* by, const char* operation, const QJsonObject& given, const QJsonValue& before,
                const QJsonValue& after);

    AuditLog& audit_;
    observe::Log& log_;
    std::mutex mutex_;                   ///< guards pool_
    std::unique_ptr<BlockingPool> pool_; ///< null: closed
};

} // namespace spillway::admin
