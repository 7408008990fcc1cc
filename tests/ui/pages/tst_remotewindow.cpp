// SPDX-License-Identifier: GPL-3.0-or-later
// The window of a server elsewhere: connecting by invite and by address, a server that goes and returns, and
// its logs.
#include "app/remoteconnector.h"
#include "tests/support/remoteconsole.h"
#include "ui/console.h"
#include "ui/dialogs/connectdialog.h"
#include "ui/dialogs/folderpicker.h"
#include "ui/pages/accesslogview.h"
#include "ui/pages/auditview.h"
#include "ui/pages/logpage.h"
#include "ui/widgets/stalebar.h"
#include "ui/window/headerbar.h"
#include "ui/window/mainwindow.h"

#include <QtCore/QMimeData>
#include <QtGui/QClipboard>
#include <QtGui/QDropEvent>
#include <QtNetwork/QTcpServer>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTreeView>

namespace spillway::ui {
namespace {

using State = contract::EngineClient::State;
using tests::ConsoleEngine;

/// Without a keychain: a test leaves nothing on the desktop.
class TestConnector final : public contract::Connector
{
public:
    Result<QString> addressOf(const QString& text) const override { return real_.addressOf(text); }
    std::unique_ptr<contract::EngineClient> connect(const contract::ServerEntry& entry,
                                                    const QString& token) override
    {
        return real_.connect(entry, token);
    }
    void join(QObject* context, const contract::Invite& invite,
              std::function<void(Result<QString>)> reply) override
    {
        real_.join(context, invite, std::move(reply));
    }
    void readToken(QObject* context, const QString& url, std::function<void(QString)> reply) override
    {
        QMetaObject::invokeMethod(
            context, [reply, token = kept.value(url)] { reply(token); }, Qt::QueuedConnection);
    }
    void keepToken(QObject* context, const QString& url, const QString& token,
                   std::function<void(bool)> reply) override
    {
        if (works)
            kept.insert(url, token);
        QMetaObject::invokeMethod(
            context, [reply, good = works] { reply(good); }, Qt::QueuedConnection);
    }
    QHash<QString, QString> kept;
    bool works = true;

private:
    app::RemoteConnector real_;
};

class RemoteWindowTest : public testing::Test
{
protected:
    void SetUp() override
    {
        // A port of its own, so that the server can come back to it.
        QTcpServer free;
        ASSERT_TRUE(free.listen(QHostAddress::LocalHost));
        const std::string address = "127.0.0.1:" + std::to_string(free.serverPort());
        free.close();
        const auto started =
            server_.start({{"admin.listen", address}, {"admin.tls", "always"}, {"log.access", "json"}});
        ASSERT_TRUE(started) << started.error().message;
        ASSERT_TRUE(remote_.listen());
        ASSERT_TRUE(here_.start());
        console_ =
            std::make_unique<Console>(*static_cast<QApplication*>(QCoreApplication::instance()),
                                      here_.client(), QString::fromStdString(here_.file("console.ini")));
        console_->setLanguage(QStringLiteral("en"));
        console_->setConnector(connector_, true);
        console_->showWindow();
        ASSERT_TRUE(until([&] { return console_->session().sharesKnown(); }));
        QGuiApplication::clipboard()->clear();
    }
    template<class F>
    bool until(F good)
    {
        return ConsoleEngine::waitUntil(good);
    }
    MainWindow& window() { return console_->window(); }
    contract::EngineClient& shown() { return console_->session().client(); }
    ConnectDialog* dialog()
    {
        auto* found = window().findChild<ConnectDialog*>();
        EXPECT_TRUE(found);
        return found;
    }
    template<class T>
    T* child(QWidget& of, const char* name)
    {
        T* found = of.findChild<T*>(QLatin1String(name));
        EXPECT_TRUE(found) << name;
        return found;
    }
    [[nodiscard]] QString url() const { return QStringLiteral("https://127.0.0.1:%1").arg(remote_.port()); }
    /// By the dialog, with the token of the run and a certificate that is looked at.
    void connectByAddress()
    {
        console_->openConnectDialog({});
        ConnectDialog* open = dialog();
        child<QLineEdit>(*open, "server")->setText(url());
        child<QLineEdit>(*open, "token")->setText(remote_.token());
        auto* button = child<QPushButton>(*open, "connect");
        button->click();
        ASSERT_TRUE(until([&] { return child<QLabel>(*open, "fingerprint")->isVisible(); }));
        EXPECT_EQ(child<QLabel>(*open, "fingerprint")->text(), fingerprintText(remote_.target().fingerprint));
        button->click();
        ASSERT_TRUE(until([&] { return shown().serverName() == remote_.target().authority(); }));
        ASSERT_TRUE(
            until([&] { return shown().state() == State::Connected && console_->session().sharesKnown(); }));
    }

    ConsoleEngine here_, server_;
    tests::RemoteConsole remote_{server_};
    TestConnector connector_;
    std::unique_ptr<Console> console_;
};

TEST_F(RemoteWindowTest, ByAddressTheFingerprintIsAskedAboutOnce)
{
    const std::string folder = server_.makeFolder("far", {{"a.txt", "hello"}});
    ASSERT_TRUE(server_.run(contract::AddShare{QStringLiteral("far"), QByteArray::fromStdString(folder)}));
    connectByAddress();
    EXPECT_EQ(child<QPushButton>(window(), "server")->text(), remote_.target().authority());
    EXPECT_EQ(connector_.kept.value(url()), remote_.token());
    console_->openOwn();
    EXPECT_EQ(&shown(), &here_.client());
    console_->openServer(url());
    ASSERT_TRUE(until([&] {
        return shown().state() == State::Connected && shown().serverName() != QString();
    })) << "the second time nothing is asked";
}

TEST_F(RemoteWindowTest, ByInviteInThreeActions)
{
    const auto code = remote_.door().invite(std::chrono::minutes(1));
    ASSERT_TRUE(code);
    const contract::Invite invite{QStringLiteral("127.0.0.1"), remote_.port(), remote_.target().fingerprint,
                                  QString::fromStdString(*code)};
    QGuiApplication::clipboard()->setText(invite.text());
    // One: the menu's entry. It takes what is in the clipboard; two: Connect.
    QMenu* menu = child<QPushButton>(window(), "server")->menu();
    ASSERT_TRUE(menu);
    menu->actions().last()->trigger();
    ConnectDialog* open = dialog();
    EXPECT_EQ(child<QLineEdit>(*open, "server")->text(), invite.text());
    child<QPushButton>(*open, "connect")->click();
    ASSERT_TRUE(
        until([&] { return shown().state() == State::Connected && !shown().serverName().isEmpty(); }));
    EXPECT_FALSE(connector_.kept.value(url()).isEmpty());
    EXPECT_NE(connector_.kept.value(url()), invite.code) << "a token of its own";

    console_->openConnectDialog({});
    open = dialog();
    child<QLineEdit>(*open, "server")->setText(invite.text());
    child<QPushButton>(*open, "connect")->click();
    ASSERT_TRUE(until([&] {
        return child<QLabel>(*open, "message")->text().contains(QLatin1String("already"));
    })) << "an invite is good once";
}

TEST_F(RemoteWindowTest, OldDataIsGreyAndTheServerIsFoundAgain)
{
    connectByAddress();
    auto* bar = child<StaleBar>(window(), "staleBar");
    EXPECT_FALSE(bar->isVisible());
    remote_.stop();
    ASSERT_TRUE(until([&] { return bar->isVisible(); }));
    EXPECT_TRUE(bar->findChild<QLabel*>()->text().contains(remote_.target().authority()));
    // The run's own token is a new one with each run, and that is said.
    ASSERT_TRUE(remote_.listen());
    ASSERT_TRUE(
        until([&] { return shown().problem() && shown().problem()->code == ErrorCode::PermissionDenied; }));
    EXPECT_TRUE(until([&] { return bar->findChild<QPushButton*>()->isVisible(); })) << "to enter another one";
}

TEST_F(RemoteWindowTest, FilesOfThisComputerAreRefusedWithASentence)
{
    connectByAddress();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/etc/hostname"))});
    QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window(), &enter);
    QDropEvent dropped(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window(), &dropped);
    bool said = false;
    for (const QLabel* one : window().findChildren<QLabel*>())
        said = said || one->text().contains(QLatin1String("Copy them there first"));
    EXPECT_TRUE(said);
    EXPECT_TRUE(server_.run(contract::ListShares{})->empty());
    EXPECT_TRUE(here_.run(contract::ListShares{})->empty());
}

TEST_F(RemoteWindowTest, AFolderOfTheServerIsPickedByKeyboard)
{
    const std::string root = server_.makeFolder("root", {{"a.txt", "hello"}, {"deep/b.txt", "world"}});
    connectByAddress();
    server_.setShareRoots({root});
    window().openPage(MainWindow::Shares);
    child<QPushButton>(window(), "shareFolder")->click();
    auto* picker = window().findChild<FolderPicker*>();
    ASSERT_TRUE(picker);
    auto* button = child<QPushButton>(*picker, "share");
    EXPECT_FALSE(button->isEnabled()) << "nothing is chosen yet";
    QTreeView& tree = picker->tree();
    const QAbstractItemModel& model = *tree.model();
    ASSERT_TRUE(until([&] { return model.rowCount(model.index(0, 0)) == 1; })) << "one root is open";
    QTest::keyClick(&tree, Qt::Key_Down);
    QTest::keyClick(&tree, Qt::Key_Down);
    EXPECT_EQ(child<QLineEdit>(*picker, "path")->text().toStdString(), root + "/deep");
    QTest::keyClick(&tree, Qt::Key_Return);
    ASSERT_TRUE(until([] { return !QGuiApplication::clipboard()->text().isEmpty(); }));
    const auto shares = server_.run(contract::ListShares{});
    ASSERT_EQ(shares->size(), 1U);
    EXPECT_EQ(shares->front().name, QStringLiteral("deep"));
    EXPECT_EQ(
        ConsoleEngine::fetch(QGuiApplication::clipboard()->text() + QStringLiteral("&format=ndjson")).status,
        200);
}

TEST_F(RemoteWindowTest, WithoutRootsThePickerSaysWhichSettingToSet)
{
    connectByAddress();
    window().openPage(MainWindow::Shares);
    child<QPushButton>(window(), "shareFolder")->click();
    auto* picker = window().findChild<FolderPicker*>();
    ASSERT_TRUE(picker);
    auto* about = child<QLabel>(*picker, "about");
    EXPECT_TRUE(until([&] { return about->text().contains(QLatin1String("share_roots")); }));
    EXPECT_FALSE(picker->tree().isVisible());
    // What the server refuses is said, too: here by a token, of a folder outside.
    const std::string root = server_.makeFolder("root", {});
    const std::string other = server_.makeFolder("other", {{"a.txt", "x"}});
    server_.setShareRoots({root});
    const auto made = server_.management().createToken({"console", 16, {}, {}});
    ASSERT_TRUE(made);
    connector_.kept.insert(url(), QString::fromStdString(made->text));
    console_->openServer(url());
    ASSERT_TRUE(
        until([&] { return !window().findChild<FolderPicker*>() && console_->session().sharesKnown(); }));
    window().openPage(MainWindow::Shares);
    child<QPushButton>(window(), "shareFolder")->click();
    picker = window().findChild<FolderPicker*>();
    ASSERT_TRUE(picker);
    child<QLineEdit>(*picker, "path")->setText(QString::fromStdString(other));
    child<QPushButton>(*picker, "share")->click();
    EXPECT_TRUE(until([&] {
        for (const QLabel* one : window().findChildren<QLabel*>())
            if (one->text().contains(QLatin1String("share_roots")))
                return true;
        return false;
    }));
    EXPECT_TRUE(server_.run(contract::ListShares{})->empty());
}

TEST_F(RemoteWindowTest, TheLogGrowsAndAClickedValueFilters)
{
    connectByAddress();
    window().openPage(MainWindow::Log);
    auto& page = static_cast<LogPage&>(window().page(MainWindow::Log));
    (void)server_.fetch(server_.url() + QStringLiteral("/s/nothing/a?token=secret"));
    QAbstractItemModel* lines = page.access().table().model();
    ASSERT_TRUE(until([&] { return lines->rowCount() == 1; }));
    EXPECT_FALSE(lines->index(0, LogModel::Request).data().toString().contains(QLatin1String("secret")));
    (void)server_.fetch(server_.url() + QStringLiteral("/healthz"));
    ASSERT_TRUE(until([&] { return lines->rowCount() == 2; })) << "it follows";
    page.access().filterBy(LogModel::Status, QStringLiteral("200"));
    EXPECT_EQ(lines->rowCount(), 1);
    child<QPushButton>(page, "chip3")->click();
    EXPECT_EQ(lines->rowCount(), 2);
    child<QPushButton>(page, "follow")->click();
    EXPECT_FALSE(page.access().isFollowing());
}

TEST_F(RemoteWindowTest, TheAuditTabSaysWhoChangedWhat)
{
    connectByAddress();
    window().openPage(MainWindow::Log);
    auto& page = static_cast<LogPage&>(window().page(MainWindow::Log));
    child<QTabBar>(page, "logTabs")->setCurrentIndex(1);
    const std::string folder = server_.makeFolder("far", {{"a.txt", "hello"}});
    ASSERT_TRUE(ConsoleEngine::run(
        shown(), contract::AddShare{QStringLiteral("far"), QByteArray::fromStdString(folder)}));
    QAbstractItemModel* entries = page.audit().table().model();
    ASSERT_TRUE(until([&] { return entries->rowCount() == 1; }));
    EXPECT_EQ(entries->index(0, AuditModel::What).data().toString(), QStringLiteral("share.add"));
    EXPECT_EQ(entries->index(0, AuditModel::Object).data().toString(), QStringLiteral("far"));
    EXPECT_EQ(entries->index(0, AuditModel::From).data().toString(), QStringLiteral("127.0.0.1"));
    child<QPushButton>(page, "verify")->click();
    bool whole = false;
    EXPECT_TRUE(until([&] {
        for (const QLabel* one : window().findChildren<QLabel*>())
            whole = whole || one->text().contains(QLatin1String("is whole"));
        return whole;
    }));
}

} // namespace
} // namespace spillway::ui
