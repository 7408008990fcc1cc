// SPDX-License-Identifier: GPL-3.0-or-later
// What changes without an operation is in the audit log, too.
#include "server/admin/auditrecorder.h"
#include "tests/server/admin/auditfixture.h"

#include <sys/stat.h>

namespace spillway::admin {
namespace {

class AuditRecorderTest : public AuditLogTest
{
protected:
    [[nodiscard]] QJsonArray entries() const
    {
        const auto page = log_->list({});
        EXPECT_TRUE(page);
        return page ? page->entries : QJsonArray();
    }
    observe::Log process_{observe::LogOptions{}, clock_};
};

TEST_F(AuditRecorderTest, WhatHappensByRuleHasItsLine)
{
    {
        AuditRecorder recorder(*log_, process_);
        recorder.banned({config::IpAddress::v4(192, 0, 2, 7), "wrong tokens", 2, false, 1000, 2000});
        recorder.modeChanged(observe::Mode::Saving, true, "the processor is busy");
        recorder.modeChanged(observe::Mode::Draining, true, "the server is ending");
    }
    const QJsonArray all = entries();
    ASSERT_EQ(all.size(), 2) << "who ends the server is no rule";
    const QJsonObject ban = all.at(1).toObject(), mode = all.at(0).toObject();
    EXPECT_EQ(ban.value(QLatin1String("by")).toString(), QStringLiteral("rule"));
    EXPECT_EQ(ban.value(QLatin1String("operation")).toString(), QStringLiteral("ban.add"));
    EXPECT_EQ(ban.value(QLatin1String("outcome")).toString(), QStringLiteral("done"));
    const QJsonObject made = ban.value(QLatin1String("after")).toObject();
    EXPECT_EQ(made.value(QLatin1String("address")).toString(), QStringLiteral("192.0.2.7"));
    EXPECT_EQ(made.value(QLatin1String("offences")).toInteger(), 2);
    EXPECT_EQ(mode.value(QLatin1String("operation")).toString(), QStringLiteral("mode.set"));
    EXPECT_EQ(mode.value(QLatin1String("before")).toObject().value(QLatin1String("active")),
              QJsonValue(false));
    EXPECT_EQ(mode.value(QLatin1String("after")).toObject().value(QLatin1String("reason")).toString(),
              QStringLiteral("the processor is busy"));
    EXPECT_TRUE(verify().good());
}

TEST_F(AuditRecorderTest, AnEditedSettingsFileHasOldAndNewAndNoSecret)
{
    const std::string file = folder_.file("spillway.toml");
    writeFile(file, "workers = 2\n[log]\nlevel = \"debug\"\n");
    ::chmod(file.c_str(), 0600);
    const config::SettingsStore store(file, false, {}, {});
    engine::SettingsControl control(store, *store.read(), [](const config::Settings&) {});
    {
        AuditRecorder recorder(*log_, process_);
        control.onEdited(
            [&](const auto& before, const auto& after) { recorder.settingsEdited(before, after); });
        control.note(*store.read()); // nothing is new
        writeFile(file, "workers = 3\n[metrics]\ntoken = \"0123456789abcdef\"\n");
        control.note(*store.read());
        // Somebody edits it, and then somebody else sets another one here.
        writeFile(file, "workers = 4\n[metrics]\ntoken = \"0123456789abcdef\"\n");
        ASSERT_TRUE(control.set("http.idle_timeout", {"20s"}));
    }
    const QJsonArray all = entries();
    ASSERT_EQ(all.size(), 4);
    const auto name = [&all](int at) {
        return all.at(at)
            .toObject()
            .value(QLatin1String("given"))
            .toObject()
            .value(QLatin1String("name"))
            .toString();
    };
    const auto value = [&all](int at, const char* part) {
        return all.at(at).toObject().value(QLatin1String(part)).toObject().value(QLatin1String("value"));
    };
    EXPECT_EQ(name(0), QStringLiteral("workers"));
    EXPECT_EQ(value(0, "before").toArray(), QJsonArray{QStringLiteral("3")});
    EXPECT_EQ(value(0, "after").toArray(), QJsonArray{QStringLiteral("4")});
    EXPECT_EQ(name(1), QStringLiteral("metrics.token"));
    EXPECT_EQ(name(2), QStringLiteral("log.level"));
    EXPECT_EQ(all.at(2).toObject().value(QLatin1String("operation")).toString(),
              QStringLiteral("setting.reset"));
    EXPECT_EQ(name(3), QStringLiteral("workers"));
    for (const QJsonValue one : all)
        EXPECT_EQ(one.toObject().value(QLatin1String("by")).toString(), QStringLiteral("settings-file"));
    EXPECT_EQ(readFile(path("log")).find("0123456789abcdef"), std::string::npos);
}

} // namespace
} // namespace spillway::admin
