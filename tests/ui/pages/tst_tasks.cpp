// SPDX-License-Identifier: GPL-3.0-or-later
// What people come to the window for, in as few actions as they may take: a click, a key, a word typed or a
// drop is one. Those that need a page's other parts are counted in that page's tests: a client is limited
// (tst_rulespages), a token made (there, too), the port changed and a mode switched (tst_settings), a server
// joined by its invite (tst_remotewindow).
#include "tests/ui/pages/consolefixture.h"
#include "ui/models/receiptsmodel.h"
#include "ui/pages/sharespage.h"

#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>
#include <QtWidgets/QLineEdit>

namespace spillway::ui {
namespace {

class TasksTest : public ConsoleTest
{
protected:
    void key(QWidget& on, Qt::Key code, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        ++actions_;
        QTest::keyClick(&on, code, modifiers);
    }
    void type(QWidget& on, const char* words)
    {
        ++actions_;
        QTest::keyClicks(&on, QLatin1String(words));
    }
    void click(QTableView& rows, int row)
    {
        ++actions_;
        QTest::mouseClick(rows.viewport(), Qt::LeftButton, Qt::NoModifier,
                          rows.visualRect(rows.model()->index(row, 0)).center());
    }
    void click(QWidget& one)
    {
        ++actions_;
        QTest::mouseClick(&one, Qt::LeftButton);
    }
    QTableView& rowsOf(MainWindow::PageId page) { return *window().page(page).findChild<QTableView*>(); }
    int actions_ = 0;
};

TEST_F(TasksTest, FromADropToTheClipboard)
{
    ++actions_;
    drop({QString::fromStdString(server_.makeFolder("docs", {{"a.txt", "hello"}}))});
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).status, 200);
    EXPECT_LE(actions_, 3);
}

TEST_F(TasksTest, AClientIsEnded)
{
    addShare("big", {{"large.bin", std::string(8 << 20, 'x')}});
    const auto link = server_.run(contract::CreateLink{"big/large.bin"});
    ASSERT_TRUE(link);
    const tests::SlowClient client(link->url);
    QTableView& transfers = table(MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return transfers.model()->rowCount() == 1; }));
    click(transfers, 0);
    key(transfers, Qt::Key_Delete);
    EXPECT_TRUE(client.endsUnfinished());
    EXPECT_LE(actions_, 2);
}

TEST_F(TasksTest, ALinkIsRevokedFromAnyPage)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    console_->session().refreshLinks();
    key(window(), Qt::Key_3, Qt::ControlModifier);
    QTableView& links = rowsOf(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    click(links, 0);
    key(links, Qt::Key_Delete);
    ASSERT_TRUE(until([&] { return server_.fetch(link->url).status == 403; }));
    EXPECT_LE(actions_, 3);
}

/// TEST_FILES=1000000 makes it a million; the steps are the same.
TEST_F(TasksTest, AFileIsFoundAmongVeryManyAndItsLinkCopied)
{
    const int wanted = qEnvironmentVariableIntValue("TEST_FILES");
    const int count = wanted > 0 ? wanted : 3000;
    const std::string top = server_.makeFolder("archive", {{"0/needle-report.txt", "found"}});
    for (int i = 0; i < count; ++i) {
        const std::string folder = top + "/" + std::to_string(i / 1000);
        if (i % 1000 == 0)
            std::filesystem::create_directories(folder);
        std::ofstream(folder + "/straw-" + std::to_string(i) + ".dat");
    }
    ASSERT_TRUE(server_.run(contract::AddShare{QStringLiteral("archive"), QByteArray::fromStdString(top)}));
    const QDeadlineTimer patience(60'000 + count);
    const auto isIndexed = [&] {
        const auto status = server_.run(contract::GetStatus{});
        return status && !status->index.empty() && status->index.front().files > count;
    };
    while (!isIndexed() && !patience.hasExpired())
        QTest::qWait(100);
    ASSERT_TRUE(isIndexed());

    key(window(), Qt::Key_F, Qt::ControlModifier); // a window without links begins on the page Shares
    auto* search = window().page(MainWindow::Shares).findChild<QLineEdit*>();
    ASSERT_TRUE(until([&] { return search->hasFocus(); }));
    type(*search, "needle");
    QTableView& files = rowsOf(MainWindow::Shares);
    ASSERT_TRUE(until([&] {
        return files.model()->rowCount() == 1 &&
               files.model()->index(0, 0).data().toString().contains(QStringLiteral("needle"));
    }));
    click(files, 0);
    click(*child<QPushButton>(window().page(MainWindow::Shares), "copyLink"));
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).body, "found");
    EXPECT_LE(actions_, 4);
}

TEST_F(TasksTest, WhoTookAFileYesterdayIsSeen)
{
    addShare("docs", {{"a.txt", "hello"}, {"b.txt", "world"}});
    const auto taken = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(taken && server_.run(contract::CreateLink{"docs/b.txt"}));
    ASSERT_EQ(server_.fetch(taken->url).body, "hello");
    const auto receipts = [&] {
        const auto list = server_.run(contract::LinkReceipts{taken->id});
        return list && !list->receipts.empty() && list->receipts.front().finishedAt;
    };
    ASSERT_TRUE(until(receipts));
    { // a day goes by
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("yesterday"));
        db.setDatabaseName(QString::fromStdString(server_.file("data/catalog.db")));
        db.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        ASSERT_TRUE(db.open());
        QSqlQuery query(db);
        ASSERT_TRUE(query.exec(
            QStringLiteral("UPDATE receipts SET started_at = started_at - 86400, last_at = last_at - 86400, "
                           "finished_at = finished_at - 86400")))
            << query.lastError().text().toStdString();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("yesterday"));
    console_->session().refreshLinks();

    key(window(), Qt::Key_3, Qt::ControlModifier);
    QTableView& links = rowsOf(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 2; }));
    int row = 0;
    while (links.model()->index(row, 0).data(IdRole).toString() != taken->id)
        ASSERT_LT(++row, 2);
    click(links, row);
    auto* who = child<QTableView>(window(), "receipts");
    ASSERT_TRUE(until([&] { return who->model()->rowCount() == 1; }));
    EXPECT_EQ(who->model()->index(0, ReceiptsModel::Recipient).data().toString(),
              QStringLiteral("127.0.0.1"));
    QString all;
    for (int column = 0; column < who->model()->columnCount(); ++column)
        all += who->model()->index(0, column).data().toString() + QLatin1Char('\n');
    const QDate yesterday = QDate::currentDate().addDays(-1);
    EXPECT_TRUE(all.contains(QLocale().toString(yesterday, QStringLiteral("d MMM")))) << all.toStdString();
    EXPECT_LE(actions_, 3);
}

} // namespace
} // namespace spillway::ui
