// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, modes, the palette and the first start, against a real engine.
#include "tests/ui/pages/consolefixture.h"
#include "ui/dialogs/assistant.h"
#include "ui/dialogs/commandpalette.h"
#include "ui/pages/settingspage.h"
#include "ui/widgets/moderow.h"
#include "ui/widgets/reachnote.h"
#include "ui/widgets/settingrow.h"
#include "ui/widgets/switch.h"

#include <QtCore/QFile>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMenu>

namespace spillway::ui {
namespace {

class SettingsTest : public ConsoleTest
{
protected:
    SettingsPage& settings() { return window().settingsPage(); }
    SettingRow* row(const char* name)
    {
        return settings().findChild<SettingRow*>(QLatin1String("setting:") + QLatin1String(name));
    }
    void openSettings()
    {
        window().openPage(MainWindow::Settings);
        ASSERT_TRUE(until([&] {
            const auto rows = static_cast<std::size_t>(settings().findChildren<SettingRow*>().size());
            return rows > 0 && rows == settings().settings().size();
        }));
    }
    QByteArray file()
    {
        QFile toml(QString::fromStdString(server_.settingsFile()));
        EXPECT_TRUE(toml.open(QIODevice::ReadOnly));
        return toml.readAll();
    }
    QLineEdit* paletteField()
    {
        auto* palette = window().findChild<CommandPalette*>();
        return palette ? palette->findChild<QLineEdit*>() : nullptr;
    }
    QStringList paletteTitles()
    {
        QStringList titles;
        const auto* list = window().findChild<CommandPalette*>()->findChild<QListWidget*>();
        for (int i = 0; i < list->count(); ++i)
            titles += list->item(i)->text();
        return titles;
    }
    /// Ctrl+K, words, Enter.
    void goTo(const QString& words)
    {
        QTest::keyClick(&window(), Qt::Key_K, Qt::ControlModifier);
        ASSERT_TRUE(until([&] { return paletteField() && paletteField()->hasFocus(); }));
        QTest::keyClicks(paletteField(), words);
        QTest::keyClick(paletteField(), Qt::Key_Return);
    }
    std::chrono::milliseconds idle() { return server_.engine().settings().get<"http.idle_timeout">(); }
};

TEST_F(SettingsTest, ThePortIsChangedInFourActions)
{
    ASSERT_TRUE(until([&] { return !settings().settings().empty(); }));
    goTo(QStringLiteral("addresses and ports of the public")); // 1
    EXPECT_EQ(window().currentPage(), MainWindow::Settings);
    QLineEdit* port = nullptr;
    ASSERT_TRUE(until([&] {
        port = row("listen") ? row("listen")->findChild<QLineEdit*>(QStringLiteral("port")) : nullptr;
        return port && port->hasFocus();
    }));
    QTest::keyClicks(port, QStringLiteral("18090")); // 2: what was there is selected
    QTest::keyClick(port, Qt::Key_Return);           // 3
    ASSERT_TRUE(until([&] { return row("listen")->setting().pending; }));
    EXPECT_TRUE(file().contains("127.0.0.1:18090"));
    bool restart = false;
    QObject::connect(console_.get(), &Console::restartWanted, [&] { restart = true; });
    auto* button = child<QPushButton>(settings(), "restart");
    ASSERT_TRUE(until([&] { return button->isVisible(); }));
    QTest::mouseClick(button, Qt::LeftButton); // 4
    EXPECT_TRUE(restart);
}

TEST_F(SettingsTest, AChangeIsMarkedSavedAndUndone)
{
    openSettings();
    settings().showSetting(QStringLiteral("http.idle_timeout"));
    auto* number = row("http.idle_timeout")->findChild<QLineEdit*>();
    ASSERT_TRUE(number->isVisible());
    EXPECT_EQ(number->text(), QStringLiteral("75")) << "1m15s is shown in one unit";
    auto* save = child<QPushButton>(settings(), "save");
    EXPECT_FALSE(save->isVisible());
    number->selectAll();
    QTest::keyClicks(number, QStringLiteral("20"));
    EXPECT_TRUE(row("http.idle_timeout")->isDirty());
    ASSERT_TRUE(until([&] { return save->isVisible(); }));
    EXPECT_EQ(idle(), std::chrono::seconds(75)) << "nothing is saved while it is typed";
    QTest::mouseClick(save, Qt::LeftButton);
    ASSERT_TRUE(until([&] { return idle() == std::chrono::seconds(20); }));
    ASSERT_TRUE(until([&] { return !save->isVisible(); }));
    pressToast();
    ASSERT_TRUE(until([&] { return idle() == std::chrono::seconds(75); }));
    ASSERT_TRUE(until([&] { return number->text() == QStringLiteral("75"); }));
    EXPECT_FALSE(file().contains("idle_timeout"));
}

TEST_F(SettingsTest, WhatIsRefusedStaysInItsFieldWithTheReason)
{
    openSettings();
    settings().showSetting(QStringLiteral("http.idle_timeout"));
    auto* number = row("http.idle_timeout")->findChild<QLineEdit*>();
    number->selectAll();
    QTest::keyClicks(number, QStringLiteral("0"));
    QTest::keyClick(number, Qt::Key_Return);
    ASSERT_TRUE(until([&] {
        for (const QLabel* label : row("http.idle_timeout")->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(QStringLiteral("too small")))
                return true;
        return false;
    }));
    EXPECT_TRUE(row("http.idle_timeout")->isDirty());
    EXPECT_EQ(number->text(), QStringLiteral("0"));
    EXPECT_EQ(idle(), std::chrono::seconds(75));
    QTest::mouseClick(child<QPushButton>(settings(), "discard"), Qt::LeftButton);
    EXPECT_EQ(number->text(), QStringLiteral("75"));
    EXPECT_FALSE(row("http.idle_timeout")->isDirty());
}

TEST_F(SettingsTest, WhatAnotherSetMeanwhileIsSaidBeforeItIsReplaced)
{
    openSettings();
    settings().showSetting(QStringLiteral("http.idle_timeout"));
    auto* number = row("http.idle_timeout")->findChild<QLineEdit*>();
    number->selectAll();
    QTest::keyClicks(number, QStringLiteral("20"));
    ASSERT_TRUE(
        server_.run(contract::SetSetting{QStringLiteral("http.idle_timeout"), {QStringLiteral("33s")}}));
    QTest::keyClick(number, Qt::Key_Return);
    ASSERT_TRUE(until([&] {
        for (const QLabel* label : row("http.idle_timeout")->findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(QStringLiteral("made it 33")))
                return true;
        return false;
    }));
    EXPECT_EQ(idle(), std::chrono::seconds(33));
    EXPECT_EQ(number->text(), QStringLiteral("20")) << "what was typed stays";
    QTest::keyClick(number, Qt::Key_Return);
    EXPECT_TRUE(until([&] { return idle() == std::chrono::seconds(20); }));
}

TEST_F(SettingsTest, SearchFindsSettingsOfAllGroups)
{
    openSettings();
    QTest::keyClick(&window(), Qt::Key_F, Qt::ControlModifier);
    auto* search = settings().findChild<QLineEdit*>();
    ASSERT_TRUE(until([&] { return search->hasFocus(); }));
    QTest::keyClicks(search, QStringLiteral("idle"));
    EXPECT_TRUE(row("http.idle_timeout")->isVisible());
    EXPECT_TRUE(row("links.recipient_idle")->isVisible());
    EXPECT_FALSE(row("listen")->isVisible());
    search->clear();
    EXPECT_FALSE(row("http.idle_timeout")->isVisible());
}

TEST_F(SettingsTest, WhatAnotherChangesIsShownButWhatIsTypedStays)
{
    openSettings();
    settings().showSetting(QStringLiteral("http.head_timeout"));
    auto* mine = row("http.head_timeout")->findChild<QLineEdit*>();
    mine->selectAll();
    QTest::keyClicks(mine, QStringLiteral("7"));
    for (const char* name : {"http.head_timeout", "http.idle_timeout"})
        ASSERT_TRUE(server_.run(contract::SetSetting{QLatin1String(name), {QStringLiteral("33s")}}));
    settings().refresh();
    ASSERT_TRUE(until(
        [&] { return row("http.idle_timeout")->findChild<QLineEdit*>()->text() == QStringLiteral("33"); }));
    EXPECT_EQ(mine->text(), QStringLiteral("7"));
}

TEST_F(SettingsTest, AModeIsSwitchedInTwoActionsFromAnyPage)
{
    ASSERT_TRUE(until([&] { return console_->session().modes().find(QStringLiteral("paused")); }));
    QMenu* menu = child<QPushButton>(window(), "mode")->menu();
    Q_EMIT menu->aboutToShow(); // 1: the pill
    auto* pause = menu->findChild<QAction*>(QStringLiteral("mode:paused"));
    ASSERT_TRUE(pause);
    EXPECT_FALSE(pause->isChecked());
    pause->trigger(); // 2
    ASSERT_TRUE(until([&] { return server_.engine().health().is(observe::Mode::Paused); }));
    pressToast();
    ASSERT_TRUE(until([&] { return !server_.engine().health().is(observe::Mode::Paused); }));
}

TEST_F(SettingsTest, TheModesPageSwitchesAndShowsHowNearRulesAre)
{
    window().openPage(MainWindow::Nodes);
    Page& page = window().page(MainWindow::Nodes);
    auto* saving = page.findChild<ModeRow*>(QStringLiteral("mode:saving"));
    ASSERT_TRUE(saving);
    ASSERT_TRUE(until([&] { return saving->findChildren<GaugeBar*>().size() == 4; }));
    auto* flip = saving->findChild<Switch*>();
    EXPECT_FALSE(flip->isChecked());
    QTest::mouseClick(flip, Qt::LeftButton);
    ASSERT_TRUE(until([&] { return server_.engine().health().is(observe::Mode::Saving); }));
    ASSERT_TRUE(until([&] { return flip->isChecked(); }));
    QTest::mouseClick(flip, Qt::LeftButton);
    ASSERT_TRUE(until([&] { return !server_.engine().health().is(observe::Mode::Saving); }));
}

TEST_F(SettingsTest, ThePaletteFindsPagesSharesLinksAndFiles)
{
    addShare("docs", {{"manual.pdf", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/manual.pdf"});
    ASSERT_TRUE(link);
    console_->session().refreshLinks();
    ASSERT_TRUE(until([&] { return console_->session().links().rowCount() == 1; }));
    goTo(QStringLiteral("transf"));
    EXPECT_EQ(window().currentPage(), MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return !window().findChild<CommandPalette*>(); }));
    goTo(QStringLiteral("copy link manual"));
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(clipboard(), link->url);

    // A file that has no link yet: find it and copy a new one.
    QGuiApplication::clipboard()->clear();
    ASSERT_TRUE(server_.run(contract::RevokeLink{link->id}));
    console_->session().refreshLinks();
    ASSERT_TRUE(until([&] { return console_->session().links().activeCount() == 0; }));
    ASSERT_TRUE(until([&] {
        const auto found = server_.run(contract::Search{QStringLiteral("manual")});
        return found && found->entries.size() == 1;
    }));
    QTest::keyClick(&window(), Qt::Key_K, Qt::ControlModifier); // 1
    ASSERT_TRUE(until([&] { return paletteField() && paletteField()->hasFocus(); }));
    QTest::keyClicks(paletteField(), QStringLiteral("manual")); // 2
    ASSERT_TRUE(until([&] { return paletteTitles().contains(QStringLiteral("docs/manual.pdf")); }));
    QTest::keyClick(paletteField(), Qt::Key_Return); // 3
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).body, "hello");
}

TEST_F(SettingsTest, ThePaletteLeavesByEscape)
{
    QTest::keyClick(&window(), Qt::Key_K, Qt::ControlModifier);
    ASSERT_TRUE(until([&] { return paletteField() && paletteField()->hasFocus(); }));
    QTest::keyClick(paletteField(), Qt::Key_Escape);
    EXPECT_TRUE(until([&] { return !window().findChild<CommandPalette*>(); }));
}

TEST_F(SettingsTest, TheFirstStartAsksForAFolderOnceAndEndsWithALink)
{
    console_->introduce();
    Assistant* assistant = nullptr;
    ASSERT_TRUE(
        until([&] { return (assistant = window().findChild<Assistant*>()) && assistant->isVisible(); }));
    const std::string folder = server_.makeFolder("Holiday photos", {{"a.txt", "hello"}});
    drop({QString::fromStdString(folder)}, *assistant); // 1
    EXPECT_EQ(child<QLineEdit>(*assistant, "name")->text(), QStringLiteral("Holiday-photos"));
    QTest::mouseClick(child<QPushButton>(*assistant, "share"), Qt::LeftButton); // 2
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).status, 200);
    ASSERT_TRUE(until([&] { return child<QPushButton>(*assistant, "done")->isVisible(); }));
    // The fixture's server listens to loopback, and the note says that nobody else can get there.
    const auto* reach = child<ReachNote>(*assistant, "reach");
    ASSERT_TRUE(until([&] { return reach->state() == Reach::State::Impossible; }));
    QTest::mouseClick(child<QPushButton>(*assistant, "done"), Qt::LeftButton);
    ASSERT_TRUE(until([&] { return !window().findChild<Assistant*>(); }));

    // Never again, whatever is shared.
    (void)server_.run(contract::RemoveShare{QStringLiteral("Holiday-photos")});
    console_.reset();
    open();
    console_->introduce();
    (void)server_.run(contract::GetStatus{});
    QCoreApplication::processEvents();
    EXPECT_FALSE(window().findChild<Assistant*>());
}

TEST_F(SettingsTest, WhoSharesAlreadyIsNotIntroduced)
{
    addShare("docs", {{"a.txt", "hello"}});
    console_->introduce();
    (void)server_.run(contract::GetStatus{});
    QCoreApplication::processEvents();
    EXPECT_FALSE(window().findChild<Assistant*>());
}

} // namespace
} // namespace spillway::ui
