// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditrecorder.h"

#include "server/admin/changes.h"
#include "server/admin/records.h"
#include "server/admin/settingoperations.h"
#include "server/engine/bankeeper.h"

namespace spillway::admin {

AuditRecorder::AuditRecorder(AuditLog& audit, observe::Log& log)
    : audit_(audit), log_(log), pool_(std::make_unique<BlockingPool>("audit", 1, kQueue))
{
}

void AuditRecorder::close()
{
    std::unique_ptr<BlockingPool> pool;
    {
        const std::lock_guard lock(mutex_);
        pool = std::move(pool_);
    }
    pool.reset();
}

void AuditRecorder::record(const char* by, const char* operation, const QJsonObject& given,
                           const QJsonValue& before, const QJsonValue& after)
{
    QJsonObject line{{QStringLiteral("what"), QStringLiteral("did")},
                     {QStringLiteral("by"), QLatin1String(by)},
                     {QStringLiteral("operation"), QLatin1String(operation)},
                     {QStringLiteral("given"), withoutSecrets(given)},
                     {QStringLiteral("after"), withoutSecrets(after)}};
    if (!before.isNull())
        line.insert(QStringLiteral("before"), withoutSecrets(before));
    const auto complain = [this, operation](const std::string& reason) {
        log_.error("a change is not in the audit log", {{"operation", operation}, {"reason", reason}});
    };
    const auto write = [this, line = std::move(line), complain] {
        if (const auto written = audit_.append(line); !written)
            complain(written.error().message);
    };
    const std::lock_guard lock(mutex_);
    if (!pool_ || !pool_->submit(write))
        complain(pool_ ? "too many wait for the disk" : "the server has ended");
}

void AuditRecorder::banned(const policy::BanRecord& ban)
{
    const catalog::Ban row = engine::toRow(ban);
    record("rule", "ban.add",
           {{QStringLiteral("address"), toQString(row.address)},
            {QStringLiteral("reason"), toQString(row.reason)}},
           QJsonValue::Null, toJson(row));
}

void AuditRecorder::modeChanged(observe::Mode mode, bool active, const std::string& reason)
{
    if (mode == observe::Mode::Draining) // somebody ends the server, or asked it to
        return;
    const QString name = toQString(observe::modeName(mode));
    const auto state = [&name](bool on, const std::string& why) {
        return QJsonObject{{QStringLiteral("mode"), name},
                           {QStringLiteral("active"), on},
                           {QStringLiteral("reason"), toQString(why)}};
    };
    record(
        "rule", "mode.set",
        {{QStringLiteral("mode"), name}, {QStringLiteral("setting"), QLatin1String(active ? "on" : "off")}},
        state(!active, {}), state(active, reason));
}

void AuditRecorder::settingsEdited(const std::vector<engine::SettingInfo>& before,
                                   const std::vector<engine::SettingInfo>& after)
{
    for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
        if (before[i].value == after[i].value)
            continue;
        const bool isSet = after[i].origin.kind != config::Origin::Kind::Default;
        record("settings-file", isSet ? "setting.set" : "setting.reset",
               {{QStringLiteral("name"), toQString(config::rowAt(after[i].index).name)}},
               settingJson(before[i]), settingJson(after[i]));
    }
}

} // namespace spillway::admin
