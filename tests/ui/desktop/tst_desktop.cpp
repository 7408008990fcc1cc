// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/autostart.h"
#include "ui/desktop/preferences.h"
#include "ui/desktop/suspendinhibitor.h"
#include "ui/desktop/userservice.h"
#include "ui/session/finisheddownloads.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

TEST(Autostart, IsAFileOfTheUser)
{
    const QTemporaryDir folder;
    const Autostart autostart({QStringLiteral("/opt/my spillway"), QStringLiteral("--background")},
                              folder.path());
    EXPECT_FALSE(autostart.isOn());
    ASSERT_TRUE(autostart.set(true));
    EXPECT_TRUE(autostart.isOn());
    QFile entry(autostart.file());
    ASSERT_TRUE(entry.open(QIODevice::ReadWrite));
    EXPECT_TRUE(entry.readAll().contains("\nExec=\"/opt/my spillway\" \"--background\"\n"));
    entry.write("Hidden=true\n"); // as a desktop switches it off
    entry.close();
    EXPECT_FALSE(autostart.isOn());
    ASSERT_TRUE(autostart.set(true));
    EXPECT_TRUE(autostart.isOn());
    ASSERT_TRUE(autostart.set(false));
    EXPECT_FALSE(QFile::exists(autostart.file()));
    ASSERT_TRUE(autostart.set(false));
    EXPECT_FALSE(Autostart({}, folder.path()).isAvailable());
}

TEST(Autostart, QuotesWhatTheExecKeyWantsQuoted)
{
    EXPECT_EQ(execLine({QStringLiteral("a b"), QStringLiteral("100%"), QStringLiteral("c\"d"),
                        QStringLiteral("$e\\f")}),
              QStringLiteral("\"a b\" \"100%%\" \"c\\\\\"d\" \"\\\\$e\\\\\\\\f\""));
}

TEST(UserService, UnitNamesTheCommandSafely)
{
    const QTemporaryDir folder;
    const UserService service({QStringLiteral("/usr/bin/spillway"), QStringLiteral("--no-gui"),
                               QStringLiteral("--data"), QStringLiteral("/home/me/a $b %c \"d\"")},
                              folder.path());
    EXPECT_TRUE(service.unit().contains(
        "\nExecStart=\"/usr/bin/spillway\" \"--no-gui\" \"--data\" \"/home/me/a $$b %%c \\\"d\\\"\"\n"));
    EXPECT_FALSE(service.isOn());
    EXPECT_FALSE(service.startNow()) << "nothing is started that nobody switched on";
    EXPECT_FALSE(UserService({}, folder.path()).isAvailable());
}

TEST(Preferences, AreKeptAndAnnounced)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("console.ini"));
    {
        Preferences preferences(file);
        EXPECT_TRUE(preferences.keepsAwake());
        EXPECT_EQ(preferences.closing(), Preferences::Closing::Ask);
        EXPECT_FALSE(preferences.introduced());
        int changes = 0;
        QObject::connect(&preferences, &Preferences::changed, [&] { ++changes; });
        preferences.setKeepsAwake(false);
        preferences.setKeepsAwake(false);
        preferences.setClosing(Preferences::Closing::Background);
        preferences.setScheme(Theme::Choice::Dark);
        preferences.setIntroduced();
        EXPECT_EQ(changes, 4);
    }
    const Preferences again(file);
    EXPECT_FALSE(again.keepsAwake());
    EXPECT_EQ(again.closing(), Preferences::Closing::Background);
    EXPECT_EQ(again.scheme(), Theme::Choice::Dark);
    EXPECT_TRUE(again.introduced());
}

TEST(SuspendInhibitor, IsHarmlessWithoutABus)
{
    SuspendInhibitor inhibitor;
    for (const bool sending : {true, true, false, true, false})
        inhibitor.setSending(sending);
    EXPECT_FALSE(inhibitor.isHeld());
}

contract::LiveSnapshot snapshotOf(std::int64_t atMs, const std::vector<contract::Transfer>& transfers)
{
    contract::LiveSnapshot snapshot;
    snapshot.atMs = atMs;
    snapshot.running.transfers = transfers;
    return snapshot;
}

contract::Transfer transferOf(const char* id, std::int64_t sent, std::int64_t total,
                              std::int64_t startedAtMs = 1)
{
    contract::Transfer transfer;
    transfer.id = QLatin1String(id);
    transfer.sent = sent;
    transfer.total = total;
    transfer.startedAtMs = startedAtMs;
    return transfer;
}

TEST(FinishedDownloads, AreThoseThatCouldReachTheirEnd)
{
    FinishedDownloads finished;
    constexpr std::int64_t total = 100'000'000;
    EXPECT_TRUE(finished
                    .update(snapshotOf(0, {transferOf("a", 10'000'000, total), transferOf("b", 0, total),
                                           transferOf("small", 0, 9'000)}))
                    .empty());
    EXPECT_TRUE(
        finished
            .update(snapshotOf(500, {transferOf("a", 80'000'000, total), transferOf("b", 1'000'000, total)}))
            .empty());
    const auto ended = finished.update(snapshotOf(1000, {}));
    ASSERT_EQ(ended.size(), 1U) << "b was ended far from its end, and small is not worth a word";
    EXPECT_EQ(ended[0].id, QStringLiteral("a"));
    EXPECT_TRUE(finished.update(snapshotOf(1500, {})).empty());
}

TEST(FinishedDownloads, TheNextAnswerOfAConnectionIsAnother)
{
    FinishedDownloads finished;
    constexpr std::int64_t total = 20'000'000;
    (void)finished.update(snapshotOf(0, {transferOf("a", 19'000'000, total, 1)}));
    EXPECT_EQ(finished.update(snapshotOf(500, {transferOf("a", 1'000, total, 400)})).size(), 1U);
}

} // namespace
} // namespace spillway::ui
