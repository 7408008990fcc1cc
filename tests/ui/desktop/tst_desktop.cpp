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

TEST(FinishedDownloads, AreWholeLargeAndNew)
{
    const auto ended = [](const char* id, std::int64_t sent, std::int64_t endedAtMs, bool complete) {
        return contract::EndedTransfer{transferOf(id, sent, sent), endedAtMs, complete};
    };
    const auto finished = finishedDownloads(
        {ended("old", kLeastToTell, 999, true), ended("cut", kLeastToTell, 1000, false),
         ended("small", kLeastToTell - 1, 1000, true), ended("whole", kLeastToTell, 1000, true)},
        1000);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].id, QStringLiteral("whole"));
}

} // namespace
} // namespace spillway::ui
