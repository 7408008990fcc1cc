// SPDX-License-Identifier: GPL-3.0-or-later
// The window against a real engine, driven as a person drives it, with curl at the other end.
#include "tests/ui/pages/consolefixture.h"
#include "ui/dialogs/newlinkdialog.h"
#include "ui/pages/linkspage.h"
#include "ui/pages/sharespage.h"
#include "ui/pages/transferspage.h"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStackedWidget>

namespace spillway::ui {
namespace {

TEST_F(ConsoleTest, AFirstStartSaysWhatToDo)
{
    EXPECT_EQ(window().currentPage(), MainWindow::Shares);
    bool said = false;
    for (const QLabel* label : window().page(MainWindow::Shares).findChildren<QLabel*>())
        said = said || (label->isVisible() && label->text().contains(QStringLiteral("Drop a folder here")));
    EXPECT_TRUE(said);
}

TEST_F(ConsoleTest, ADroppedFolderIsALinkInTheClipboard)
{
    const std::string folder = server_.makeFolder("Holiday photos", {{"a.txt", "hello"}, {"b.txt", "world"}});
    drop({QString::fromStdString(folder)}); // one action
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).status, 200);
    EXPECT_TRUE(console_->session().folders().share(QStringLiteral("Holiday-photos")) ||
                until([&] { return console_->session().folders().share(QStringLiteral("Holiday-photos")); }));

    // A file that lies in a share already needs no share of its own.
    QGuiApplication::clipboard()->clear();
    drop({QString::fromStdString(folder + "/a.txt"), QString::fromStdString(folder + "/b.txt")});
    ASSERT_TRUE(clipboardFills());
    const QStringList urls = clipboard().split(QLatin1Char('\n'));
    ASSERT_EQ(urls.size(), 2);
    EXPECT_EQ(server_.fetch(urls[0]).body, "hello");
    EXPECT_EQ(server_.fetch(urls[1]).body, "world");
    EXPECT_EQ(server_.run(contract::ListShares{})->size(), 1U);

    // The same name again is another share.
    QGuiApplication::clipboard()->clear();
    drop({QString::fromStdString(server_.makeFolder("other/Holiday photos", {{"c.txt", "third"}}))});
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.run(contract::ListShares{})->size(), 2U);
}

TEST_F(ConsoleTest, WhatCannotBeSharedIsSaidAndLeavesTheClipboard)
{
    drop({QStringLiteral("/")});
    QLabel* words = nullptr;
    ASSERT_TRUE(
        until([&] { return (words = window().findChild<QLabel*>(QStringLiteral("toastText"))) != nullptr; }));
    EXPECT_TRUE(words->text().contains(QStringLiteral("whole machine"))) << words->text().toStdString();
    EXPECT_TRUE(clipboard().isEmpty());
}

TEST_F(ConsoleTest, ALinkIsRevokedAtOnceAndUndoBringsItBack)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    console_->session().refreshLinks();
    QTableView& links = table(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    selectFirstRow(links);                   // 1
    QTest::keyClick(&links, Qt::Key_Delete); // 2
    ASSERT_TRUE(until([&] { return server_.fetch(link->url).status == 403; }));
    pressToast();
    ASSERT_TRUE(until([&] { return server_.fetch(link->url).status == 200; }));
    ASSERT_TRUE(until([&] {
        return links.model()->index(0, LinksModel::State).data().toString() == QStringLiteral("Active");
    }));
}

TEST_F(ConsoleTest, TheSelectedLinkShowsItsAddressAndCopiesIt)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    console_->session().refreshLinks();
    QTableView& links = table(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    selectFirstRow(links);
    auto* address = child<QLabel>(window(), "linkAddress");
    ASSERT_TRUE(until([&] { return address->text().remove(QChar(0x200b)) == link->url; }))
        << address->text().toStdString();
    QTest::keyClick(&links, Qt::Key_C, Qt::ControlModifier);
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(clipboard(), link->url);
}

TEST_F(ConsoleTest, ANewLinkByDialogHasItsRules)
{
    addShare("docs", {{"a.txt", "hello"}});
    window().openPage(MainWindow::Links);
    QTest::keyClick(&window(), Qt::Key_N, Qt::ControlModifier);
    NewLinkDialog* dialog = nullptr;
    ASSERT_TRUE(
        until([&] { return (dialog = window().findChild<NewLinkDialog*>()) && dialog->isVisible(); }));
    auto* target = child<QLineEdit>(*dialog, "target");
    auto* create = child<QPushButton>(*dialog, "create");
    EXPECT_FALSE(create->isEnabled());
    QTest::keyClicks(target, QStringLiteral("docs/none.txt"));
    QTest::mouseClick(create, Qt::LeftButton);
    ASSERT_TRUE(until([&] {
        for (const QLabel* one : dialog->findChildren<QLabel*>())
            if (one->isVisible() && one->text().contains(QStringLiteral("none.txt")))
                return true;
        return false;
    })) << "the error is at the field";
    target->clear();
    QTest::keyClicks(target, QStringLiteral("docs/a.txt"));
    child<QComboBox>(*dialog, "expiry")->setCurrentText(QStringLiteral("Never"));
    QTest::keyClicks(child<QLineEdit>(*dialog, "note"), QStringLiteral("for Ann"));
    QTest::mouseClick(create, Qt::LeftButton);
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).body, "hello");
    const auto page = server_.run(contract::ListLinks{});
    ASSERT_TRUE(page);
    ASSERT_EQ(page->links.size(), 1U);
    EXPECT_EQ(page->links[0].expiresAt, std::nullopt);
    EXPECT_EQ(page->links[0].note, QStringLiteral("for Ann"));
    ASSERT_TRUE(until([&] { return child<QLabel>(*dialog, "address")->isVisible(); }));
    dialog->close();
}

TEST_F(ConsoleTest, ATransferIsShownAndEnded)
{
    addShare("big", {{"large.bin", std::string(8 << 20, 'x')}});
    const auto link = server_.run(contract::CreateLink{"big/large.bin"});
    ASSERT_TRUE(link);
    const tests::SlowClient client(link->url);
    QTableView& transfers = table(MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return transfers.model()->rowCount() == 1; }));
    EXPECT_EQ(transfers.model()->index(0, TransfersModel::File).data().toString(),
              QStringLiteral("large.bin"));
    const double progress =
        transfers.model()->index(0, TransfersModel::Progress).data(ProgressRole).toDouble();
    EXPECT_GT(progress, 0.0);
    EXPECT_LT(progress, 1.0);
    selectFirstRow(transfers);                                               // 1
    QTest::mouseClick(child<QPushButton>(window(), "kick"), Qt::LeftButton); // 2
    EXPECT_TRUE(client.endsUnfinished());
    ASSERT_TRUE(until([&] { return console_->session().live().running.transfers.empty(); }));
}

TEST_F(ConsoleTest, SharesAreBrowsedSearchedAndLinked)
{
    addShare("docs", {{"readme.txt", "1"}, {"photos/summer/beach.jpg", "22"}, {"photos/winter.jpg", "333"}});
    QTableView& files = table(MainWindow::Shares);
    auto& page = static_cast<SharesPage&>(window().page(MainWindow::Shares));
    ASSERT_TRUE(until([&] { return files.model()->rowCount() == 2; }));
    EXPECT_EQ(files.model()->index(0, 0).data().toString(), QStringLiteral("photos")) << "folders first";
    selectFirstRow(files);
    QTest::keyClick(&files, Qt::Key_Return);
    ASSERT_TRUE(until([&] {
        return files.model()->rowCount() == 2 &&
               files.model()->index(1, 0).data().toString() == QStringLiteral("winter.jpg");
    }));
    QTest::keyClick(&files, Qt::Key_Backspace);
    ASSERT_TRUE(
        until([&] { return files.model()->index(1, 0).data().toString() == QStringLiteral("readme.txt"); }));

    // Find a file and copy its link: type, choose, copy.
    QTest::keyClick(&window(), Qt::Key_F, Qt::ControlModifier);
    auto* search = page.findChild<QLineEdit*>();
    ASSERT_TRUE(until([&] { return search->hasFocus(); }));
    // The index reads the folder in the background.
    ASSERT_TRUE(until([&] {
        const auto found = server_.run(contract::Search{QStringLiteral("beach")});
        return found && found->entries.size() == 1;
    }));
    QTest::keyClicks(search, QStringLiteral("beach"));
    ASSERT_TRUE(until([&] { return files.model()->rowCount() == 1; }));
    selectFirstRow(files);
    QTest::mouseClick(child<QPushButton>(page, "copyLink"), Qt::LeftButton);
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).body, "22");
}

TEST_F(ConsoleTest, AccessIsChangedAndUndone)
{
    addShare("docs", {{"a.txt", "hello"}});
    const QString address = server_.url() + QStringLiteral("/s/docs/a.txt");
    EXPECT_EQ(server_.fetch(address).status, 403);
    window().openPage(MainWindow::Shares);
    QTest::mouseClick(child<QPushButton>(window(), "access"), Qt::LeftButton);
    ASSERT_TRUE(until([&] { return server_.fetch(address).status == 200; }));
    pressToast();
    ASSERT_TRUE(until([&] { return server_.fetch(address).status == 403; }));
}

TEST_F(ConsoleTest, ARemovedShareWaitsForItsUndo)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    static_cast<SharesPage&>(window().page(MainWindow::Shares)).removeCurrentShare();
    EXPECT_EQ(console_->session().folders().shareCount(), 0);
    EXPECT_EQ(server_.fetch(link->url).status, 200);
    pressToast();
    EXPECT_EQ(console_->session().folders().shareCount(), 1);

    // The end of the console does not forget it.
    console_->session().removeShare(QStringLiteral("docs"));
    console_->session().flush();
    ASSERT_TRUE(until([&] { return server_.run(contract::ListShares{})->empty(); }));
    EXPECT_EQ(server_.fetch(link->url).status, 403);
}

TEST_F(ConsoleTest, LanguageSchemeAndWindowAreKept)
{
    console_->setLanguage(QStringLiteral("zh_CN"));
    EXPECT_EQ(window().page(MainWindow::Shares).title(), QStringLiteral("共享"));
    window().openPage(MainWindow::Links);
    console_.reset();
    console_ =
        std::make_unique<Console>(*static_cast<QApplication*>(QCoreApplication::instance()), server_.client(),
                                  QString::fromStdString(server_.file("console.ini")));
    EXPECT_EQ(window().currentPage(), MainWindow::Links);
    EXPECT_EQ(window().page(MainWindow::Links).title(), QStringLiteral("链接"));
    console_->setLanguage(QStringLiteral("en"));
    EXPECT_EQ(window().page(MainWindow::Links).title(), QStringLiteral("Links"));
}

TEST_F(ConsoleTest, TheOverviewSaysWhatWasDownloadedMostAndLeadsThere)
{
    addShare("docs", {{"deep/report.pdf", std::string(50'000, 'r')}, {"small.txt", "hello"}});
    window().openPage(MainWindow::Overview);
    const auto rows = [&](const char* list) {
        QStringList names;
        for (const QAbstractButton* row : child<QWidget>(window(), list)->findChildren<QAbstractButton*>())
            if (row->isVisible())
                names += row->accessibleName();
        return names;
    };
    const auto empty = [&](const char* list) {
        const auto* nothing = child<QWidget>(window(), list)->findChildren<QLabel*>().last();
        return nothing->isVisible() && nothing->text().endsWith(QLatin1String("in this time."));
    };
    ASSERT_TRUE(until([&] { return empty("topLinks") && empty("topClients") && empty("topFiles"); }));

    const auto link = server_.run(contract::CreateLink{"docs/deep/report.pdf"});
    ASSERT_TRUE(link);
    console_->session().refreshLinks();
    const QUrl url(link->url);
    EXPECT_EQ(server_.fetch(server_.url() + url.path() + QLatin1Char('?') + url.query()).status, 200);
    QPushButton* hour = nullptr;
    for (QPushButton* one : window().page(MainWindow::Overview).findChildren<QPushButton*>())
        if (one->text() == QLatin1String("1 h"))
            hour = one;
    ASSERT_TRUE(hour);
    ASSERT_TRUE(until([&] {
        QTest::mouseClick(hour, Qt::LeftButton); // which asks at once
        return !rows("topFiles").isEmpty();
    }));
    EXPECT_EQ(rows("topFiles"), QStringList{QStringLiteral("report.pdf – docs/deep: 50.0 kB, 1 download")});
    EXPECT_EQ(rows("topLinks"), QStringList{QStringLiteral("report.pdf – docs/deep: 50.0 kB, 1 download")});
    EXPECT_EQ(rows("topClients"), QStringList{QStringLiteral("127.0.0.1: 50.0 kB, 1 download")});

    const auto press = [&](const char* list) {
        window().openPage(MainWindow::Overview);
        QTest::mouseClick(child<QWidget>(window(), list)->findChildren<QAbstractButton*>().first(),
                          Qt::LeftButton);
    };
    press("topLinks");
    EXPECT_EQ(window().currentPage(), MainWindow::Links);
    auto* links = window().page(MainWindow::Links).findChild<QTableView*>();
    EXPECT_EQ(links->model()->rowCount(), 1);
    EXPECT_EQ(links->selectionModel()->selectedRows().size(), 1);
    for (const char* list : {"topClients", "topFiles"}) {
        press(list);
        EXPECT_EQ(window().currentPage(), MainWindow::Log) << "nothing runs, so what was is in the log";
        EXPECT_EQ(window().page(MainWindow::Log).findChild<QLineEdit*>()->text(),
                  list == std::string_view("topFiles") ? QStringLiteral("report.pdf")
                                                       : QStringLiteral("127.0.0.1"));
    }
}

TEST_F(ConsoleTest, EveryPageByKeyboardAndEveryControlHasAName)
{
    for (int page = 0; page < MainWindow::PageCount; ++page) {
        QTest::keyClick(&window(), static_cast<Qt::Key>(Qt::Key_0 + (page + 1) % 10), Qt::ControlModifier);
        EXPECT_EQ(window().currentPage(), page);
    }
    for (const QAbstractButton* button : window().findChildren<QAbstractButton*>())
        // The button that clears a QLineEdit is Qt's own.
        if (button->isVisible() && !qobject_cast<const QLineEdit*>(button->parentWidget())) {
            EXPECT_FALSE(button->text().isEmpty() && button->accessibleName().isEmpty())
                << button->metaObject()->className() << ' ' << button->objectName().toStdString();
        }
    for (const QAbstractItemView* view : window().findChildren<QTableView*>())
        EXPECT_FALSE(view->accessibleName().isEmpty());
}

} // namespace
} // namespace spillway::ui
