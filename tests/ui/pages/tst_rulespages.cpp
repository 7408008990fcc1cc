// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of links, limits, tokens and bans, set in the window and felt by curl at the other end. Where the
// number of actions matters they are counted.
#include "tests/ui/pages/consolefixture.h"
#include "ui/dialogs/bandialog.h"
#include "ui/dialogs/editlinkdialog.h"
#include "ui/dialogs/newlinkdialog.h"
#include "ui/dialogs/newtokendialog.h"
#include "ui/models/bansmodel.h"
#include "ui/models/receiptsmodel.h"
#include "ui/models/tokensmodel.h"
#include "ui/models/transfergroupsmodel.h"
#include "ui/models/transferhistorymodel.h"
#include "ui/pages/limitspage.h"
#include "ui/pages/linkspage.h"
#include "ui/pages/tokenspage.h"
#include "ui/pages/transferspage.h"
#include "ui/session/bancontrol.h"
#include "ui/session/limitcontrol.h"
#include "ui/session/tokencontrol.h"
#include "ui/widgets/presetbox.h"
#include "ui/widgets/scalefield.h"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QTreeView>

namespace spillway::ui {
namespace {

using contract::LimitLevel;

/// curl that downloads for as long as this lives.
class Download
{
public:
    explicit Download(const QString& url)
    {
        curl_.setStandardOutputFile(QProcess::nullDevice());
        curl_.start(QStringLiteral("curl"),
                    {QStringLiteral("-s"), QStringLiteral("--noproxy"), QStringLiteral("*"),
                     QStringLiteral("-o"), QStringLiteral("/dev/null"), url});
    }
    ~Download()
    {
        curl_.kill();
        curl_.waitForFinished(5000);
    }
    /// waitForFinished() says true only once.
    bool ended() { return curl_.waitForFinished(10) || curl_.state() == QProcess::NotRunning; }

private:
    QProcess curl_;
};

class RulesPagesTest : public ConsoleTest
{
protected:
    Session& session() { return console_->session(); }
    /// A link to a sparse file that takes long enough, whatever the machine.
    contract::Link largeLink()
    {
        const std::string folder = server_.makeFolder("big", {{"large.bin", "x"}});
        std::filesystem::resize_file(folder + "/large.bin", std::uintmax_t{64} << 30);
        EXPECT_TRUE(
            server_.run(contract::AddShare{QStringLiteral("big"), QByteArray::fromStdString(folder)}));
        const auto link = server_.run(contract::CreateLink{"big/large.bin"});
        EXPECT_TRUE(link);
        session().refreshLinks();
        return link ? *link : contract::Link{};
    }
    template<class Dialog>
    Dialog* opened()
    {
        Dialog* dialog = nullptr;
        EXPECT_TRUE(until([&] { return (dialog = window().findChild<Dialog*>()) && dialog->isVisible(); }));
        return dialog;
    }
    void press(QWidget& of, const char* name)
    {
        QTest::mouseClick(child<QPushButton>(of, name), Qt::LeftButton);
    }
    /// Clicks into a slider's bar, `part` of the way to its end.
    static void clickSlider(ScaleField& field, double part)
    {
        LimitSlider& slider = field.slider();
        QTest::mouseClick(&slider, Qt::LeftButton, Qt::NoModifier,
                          QPoint(static_cast<int>(slider.width() * part), slider.height() / 2));
    }
    std::optional<contract::Limit> limitOnServer(LimitLevel level, const QString& id)
    {
        const auto limits = server_.run(contract::ListLimits{});
        if (!limits)
            return std::nullopt;
        for (const contract::Limit& limit : *limits)
            if (limit.level == level && limit.id == id)
                return limit;
        return std::nullopt;
    }
    double rateOfFirst()
    {
        const TransfersModel& model = session().transfers();
        return model.rowCount() > 0 ? model.row(0).rate : -1;
    }
};

TEST_F(RulesPagesTest, ANewLinkHasEveryRuleAndTheNextOneBeginsWithThem)
{
    addShare("docs", {{"a.txt", "hello"}, {"b.txt", "world"}});
    window().openPage(MainWindow::Links);
    QTest::keyClick(&window(), Qt::Key_N, Qt::ControlModifier);
    auto* dialog = opened<NewLinkDialog>();
    QTest::keyClicks(child<QLineEdit>(*dialog, "target"), QStringLiteral("docs/a.txt"));
    child<PresetBox>(*dialog, "expiry")->setEditText(QStringLiteral("36 h"));
    child<PresetBox>(*dialog, "downloads")->setEditText(QStringLiteral("3 times"));
    QTest::keyClicks(child<QLineEdit>(*dialog, "password"), QStringLiteral("open sesame"));
    press(*dialog, "moreRules");
    QTest::keyClicks(child<QLineEdit>(*dialog, "allow"), QStringLiteral("127.0.0.0/8, 10.0.0.0/8"));
    child<PresetBox>(*dialog, "rate")->setEditText(QStringLiteral("quick"));
    press(*dialog, "create");
    EXPECT_TRUE(child<PresetBox>(*dialog, "rate")->property("invalid").toBool()) << "said at the field";
    child<PresetBox>(*dialog, "rate")->setEditText(QStringLiteral("2 MB/s"));
    child<PresetBox>(*dialog, "concurrency")->setEditText(QStringLiteral("2"));
    child<QCheckBox>(*dialog, "page")->setChecked(false);
    press(*dialog, "create");
    ASSERT_TRUE(clipboardFills());
    dialog->close();
    const auto page = server_.run(contract::ListLinks{});
    ASSERT_TRUE(page);
    ASSERT_EQ(page->links.size(), 1U);
    const contract::Link& link = page->links.front();
    EXPECT_NEAR(static_cast<double>(*link.expiresAt - link.createdAt), 36 * 3600, 5);
    EXPECT_EQ(link.maxDownloads, 3);
    EXPECT_TRUE(link.hasPassword);
    EXPECT_EQ(link.allow, (QStringList{QStringLiteral("127.0.0.0/8"), QStringLiteral("10.0.0.0/8")}));
    EXPECT_EQ(link.rate, 2'000'000);
    EXPECT_EQ(link.concurrency, 2);
    EXPECT_FALSE(link.page);
    EXPECT_EQ(server_.fetch(clipboard()).status, 401) << "it asks for the password";

    // "Copy link" goes on with these rules, but for the password; so does the next start.
    QGuiApplication::clipboard()->clear();
    console_.reset();
    open();
    session().copyNewLink("docs/b.txt");
    ASSERT_TRUE(clipboardFills());
    EXPECT_EQ(server_.fetch(clipboard()).body, "world");
    const auto both = server_.run(contract::ListLinks{});
    ASSERT_EQ(both->links.size(), 2U);
    const contract::Link& next = both->links[0].name == "b.txt" ? both->links[0] : both->links[1];
    EXPECT_EQ(next.maxDownloads, 3);
    EXPECT_EQ(next.rate, 2'000'000);
    EXPECT_FALSE(next.hasPassword);
}

TEST_F(RulesPagesTest, ALinkIsEditedAndUndone)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    session().refreshLinks();
    QTableView& links = table(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    selectFirstRow(links);
    press(window(), "editLink");
    auto* dialog = opened<EditLinkDialog>();
    press(*dialog, "moreRules");
    child<QLineEdit>(*dialog, "allow")->setText(QStringLiteral("10.0.0.0/8"));
    child<PresetBox>(*dialog, "downloads")->setEditText(QStringLiteral("7"));
    press(*dialog, "save");
    ASSERT_TRUE(until([&] { return server_.fetch(link->url).status == 403; })) << "only for others now";
    auto now = server_.run(contract::ShowLink{link->id});
    EXPECT_EQ(now->maxDownloads, 7);
    EXPECT_EQ(now->expiresAt, link->expiresAt) << "what was not touched stays";
    pressToast();
    ASSERT_TRUE(until([&] { return server_.fetch(link->url).status == 200; }));
    now = server_.run(contract::ShowLink{link->id});
    EXPECT_EQ(now->maxDownloads, std::nullopt);
}

TEST_F(RulesPagesTest, WhatAnotherChangedMeanwhileIsNotOverwritten)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    session().refreshLinks();
    QTableView& links = table(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    selectFirstRow(links);
    press(window(), "editLink");
    QPointer<EditLinkDialog> dialog = opened<EditLinkDialog>();
    const auto other = [&](std::int64_t downloads) {
        contract::UpdateLink change{link->id};
        change.maxDownloads = downloads;
        EXPECT_TRUE(server_.run(change));
    };
    const auto isAsked = [&] {
        return until([&] { return child<QPushButton>(*dialog, "saveMine")->isVisible(); });
    };
    other(5);
    child<QLineEdit>(*dialog, "note")->setText(QStringLiteral("for Ann"));
    press(*dialog, "save");
    ASSERT_TRUE(isAsked());
    EXPECT_TRUE(server_.run(contract::ShowLink{link->id})->note.isEmpty()) << "nothing was saved";
    press(*dialog, "showOther");
    EXPECT_EQ(child<PresetBox>(*dialog, "downloads")->value(), 5);
    EXPECT_TRUE(child<QLineEdit>(*dialog, "note")->text().isEmpty());

    other(6);
    child<QLineEdit>(*dialog, "note")->setText(QStringLiteral("for Bob"));
    press(*dialog, "save");
    ASSERT_TRUE(isAsked());
    press(*dialog, "saveMine");
    ASSERT_TRUE(until([&] { return !dialog || !dialog->isVisible(); }));
    const auto now = server_.run(contract::ShowLink{link->id});
    EXPECT_EQ(now->note, QStringLiteral("for Bob"));
    EXPECT_EQ(now->maxDownloads, 6) << "what was not touched here stays the other's";
}

TEST_F(RulesPagesTest, TheInspectorSaysWhoTookALink)
{
    addShare("docs", {{"a.txt", "hello"}});
    const auto link = server_.run(contract::CreateLink{"docs/a.txt"});
    ASSERT_TRUE(link);
    ASSERT_EQ(server_.fetch(link->url).body, "hello");
    session().refreshLinks();
    QTableView& links = table(MainWindow::Links);
    ASSERT_TRUE(until([&] { return links.model()->rowCount() == 1; }));
    selectFirstRow(links);
    auto* receipts = child<QTableView>(window(), "receipts");
    ASSERT_TRUE(until([&] {
        return receipts->model()->rowCount() == 1 &&
               receipts->model()->index(0, ReceiptsModel::Arrived).data(ProgressRole).toDouble() == 1.0;
    }));
    EXPECT_EQ(receipts->model()->index(0, ReceiptsModel::Recipient).data().toString(),
              QStringLiteral("127.0.0.1"));
}

TEST_F(RulesPagesTest, ARunningTransferIsLimitedInTwoActions)
{
    const auto link = largeLink();
    const Download download(link.url);
    QTableView& transfers = table(MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return rateOfFirst() > 20e6; }));
    auto* field = child<ScaleField>(window(), "limitNow");
    selectFirstRow(transfers); // 1
    ASSERT_TRUE(until([&] { return field->isVisible(); }));
    clickSlider(*field, 0.35); // 2
    ASSERT_TRUE(field->value());
    const double wanted = *field->value();
    EXPECT_LT(wanted, 5e6);
    ASSERT_TRUE(until([&] {
        const auto limit = limitOnServer(LimitLevel::Ip, QStringLiteral("127.0.0.1"));
        return limit && limit->bandwidth == std::llround(wanted);
    }));
    EXPECT_TRUE(until([&] { return rateOfFirst() > 0 && rateOfFirst() < wanted * 1.5; }))
        << "measured, not only set";
    press(window(), "priority-low");
    EXPECT_TRUE(until([&] {
        return session().transfers().row(0).transfer.priority == QStringLiteral("low");
    })) << "and what the server says of it is shown";
}

TEST_F(RulesPagesTest, ASliderOfTheTreeChangesTheRateAndItsFieldSaysTheSame)
{
    const auto link = largeLink();
    const Download download(link.url);
    window().openPage(MainWindow::Limits);
    auto& page = static_cast<LimitsPage&>(window().page(MainWindow::Limits));
    ASSERT_TRUE(until([&] { return session().limits().known() && rateOfFirst() > 20e6; }));
    ScaleField* server = page.sliderOf(LimitLevel::Server, {});
    ASSERT_TRUE(server);
    EXPECT_EQ(server->value(), std::nullopt);
    clickSlider(*server, 0.4);
    ASSERT_TRUE(server->value());
    const double wanted = *server->value();
    ASSERT_TRUE(until([&] { return rateOfFirst() > 0 && rateOfFirst() < wanted * 1.5; }));
    const LimitsModel& model = session().limits().model();
    ASSERT_TRUE(until([&] {
        const double used = model.rate(model.find(LimitLevel::Share, {}));
        return used > 0 && used < wanted * 1.5;
    })) << "the use of the level is shown, too";

    // The field of the same limit; then none.
    server->field().setFocus();
    server->field().selectAll();
    QTest::keyClicks(&server->field(), QStringLiteral("12 MB/s"));
    QTest::keyClick(&server->field(), Qt::Key_Return);
    ASSERT_TRUE(until([&] {
        const auto limit = limitOnServer(LimitLevel::Server, {});
        return limit && limit->bandwidth == 12'000'000;
    }));
    EXPECT_NEAR(*server->slider().limit(), 12e6, 0.5e6);
    QTest::keyClick(&server->slider(), Qt::Key_End);
    ASSERT_TRUE(until([&] { return !limitOnServer(LimitLevel::Server, {}); }));
    EXPECT_TRUE(until([&] { return rateOfFirst() > 20e6; }));
}

TEST_F(RulesPagesTest, ALimitOfOneClientIsAddedAndRemovedAndUndone)
{
    window().openPage(MainWindow::Limits);
    auto& page = static_cast<LimitsPage&>(window().page(MainWindow::Limits));
    ASSERT_TRUE(until([&] { return session().limits().known(); }));
    press(page, "addLimit");
    QDialog* dialog = nullptr;
    ASSERT_TRUE(until([&] { return (dialog = page.findChild<QDialog*>()) && dialog->isVisible(); }));
    auto* subject = child<QComboBox>(*dialog, "limitSubject");
    subject->setEditText(QStringLiteral("10.1.2.3"));
    press(*dialog, "confirmLimit");
    ASSERT_TRUE(until([&] { return page.sliderOf(LimitLevel::Ip, QStringLiteral("10.1.2.3")) != nullptr; }));
    page.select(LimitLevel::Ip, QStringLiteral("10.1.2.3"));
    // What the row has no slider for is beside it.
    auto* downloads = child<ScaleField>(page, "limit-downloads");
    downloads->field().setFocus();
    QTest::keyClicks(&downloads->field(), QStringLiteral("2"));
    QTest::keyClick(&downloads->field(), Qt::Key_Return);
    ASSERT_TRUE(until([&] {
        const auto limit = limitOnServer(LimitLevel::Ip, QStringLiteral("10.1.2.3"));
        return limit && limit->downloads == 2 && limit->bandwidth == 5'000'000;
    }));
    press(page, "removeLimit");
    ASSERT_TRUE(until([&] { return !limitOnServer(LimitLevel::Ip, QStringLiteral("10.1.2.3")); }));
    pressToast();
    ASSERT_TRUE(until([&] {
        const auto limit = limitOnServer(LimitLevel::Ip, QStringLiteral("10.1.2.3"));
        return limit && limit->downloads == 2 && limit->bandwidth == 5'000'000;
    }));
}

TEST_F(RulesPagesTest, WhoWaitsInLineIsCounted)
{
    const auto link = largeLink();
    ASSERT_TRUE(server_.run(
        contract::SetLimit{LimitLevel::Server, {}, {{QStringLiteral("downloads"), QStringLiteral("1")}}}));
    const Download first(link.url), second(link.url), third(link.url);
    window().openPage(MainWindow::Limits);
    auto* line = child<QLabel>(window(), "waitingLine");
    ASSERT_TRUE(until([&] { return line->text().startsWith(QStringLiteral("2 waiting")); }))
        << line->text().toStdString();
    const LimitsModel& model = session().limits().model();
    ASSERT_TRUE(until([&] {
        const contract::Limit& limit = model.limit(model.find(LimitLevel::Server, {}));
        return limit.running == 1 && limit.waiting == 2;
    }));
}

TEST_F(RulesPagesTest, TransfersAreGroupedEndedTogetherAndRemembered)
{
    const auto link = largeLink();
    Download one(link.url), other(link.url);
    window().openPage(MainWindow::Transfers);
    auto& page = static_cast<TransfersPage&>(window().page(MainWindow::Transfers));
    ASSERT_TRUE(until([&] { return session().live().running.transfers.size() == 2; }));
    press(page, "viewLinks");
    auto* groups = child<QTableView>(page, "groups");
    ASSERT_TRUE(until([&] { return groups->model()->rowCount() == 1; }));
    EXPECT_EQ(groups->model()->index(0, TransferGroupsModel::Count).data().toString(), QStringLiteral("2"));
    EXPECT_EQ(groups->model()->index(0, 0).data().toString(), QStringLiteral("big/large.bin"));
    press(page, "viewClients");
    ASSERT_TRUE(until([&] {
        return groups->model()->rowCount() == 1 &&
               groups->model()->index(0, 0).data().toString() == QStringLiteral("127.0.0.1");
    }));
    selectFirstRow(*groups); // 1
    press(page, "kick");     // 2
    ASSERT_TRUE(until([&] { return one.ended() && other.ended(); }));
    press(page, "viewEnded");
    auto* ended = child<QTableView>(page, "ended");
    ASSERT_TRUE(until([&] { return ended->model()->rowCount() == 2; }));
    EXPECT_EQ(ended->model()->index(0, TransferHistoryModel::Outcome).data().toString(),
              QStringLiteral("Cut off"));
    EXPECT_EQ(ended->model()->index(0, TransferHistoryModel::File).data().toString(),
              QStringLiteral("large.bin"));
}

TEST_F(RulesPagesTest, AClientIsBannedFromItsTransfer)
{
    // Loopback is never banned, so the dialog is what is tested here, and that its no is said.
    const auto link = largeLink();
    const Download download(link.url);
    QTableView& transfers = table(MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return transfers.model()->rowCount() == 1; }));
    selectFirstRow(transfers);
    ASSERT_TRUE(until([&] { return child<QPushButton>(window(), "banClient")->isVisible(); }));
    press(window(), "banClient");
    auto* dialog = opened<BanDialog>();
    EXPECT_EQ(child<QLineEdit>(*dialog, "banAddress")->text(), QStringLiteral("127.0.0.1"));
    press(*dialog, "ban");
    ASSERT_TRUE(until([&] {
        for (const QLabel* one : dialog->findChildren<QLabel*>())
            if (one->isVisible() && one->text().contains(QStringLiteral("never banned")))
                return true;
        return false;
    }));
    dialog->close();
}

TEST_F(RulesPagesTest, BansAreAddedLiftedAndUndone)
{
    QTableView& bans = table(MainWindow::Bans);
    ASSERT_TRUE(until([&] { return session().bans().known(); }));
    press(window(), "addBan");
    auto* dialog = opened<BanDialog>();
    QTest::keyClicks(child<QLineEdit>(*dialog, "banAddress"), QStringLiteral("203.0.113.5"));
    child<PresetBox>(*dialog, "banTime")->setEditText(QStringLiteral("2 h"));
    QTest::keyClicks(child<QLineEdit>(*dialog, "banReason"), QStringLiteral("too curious"));
    press(*dialog, "ban");
    ASSERT_TRUE(until([&] { return bans.model()->rowCount() == 1; }));
    EXPECT_EQ(bans.model()->index(0, BansModel::Reason).data().toString(), QStringLiteral("too curious"));
    EXPECT_EQ(bans.model()->index(0, BansModel::Left).data().toString(), QStringLiteral("2 h"));
    EXPECT_TRUE(child<QLabel>(window(), "neverBanned")->text().contains(QStringLiteral("bans.never")));
    selectFirstRow(bans);
    press(window(), "liftBan");
    ASSERT_TRUE(until([&] { return bans.model()->rowCount() == 0; }));
    EXPECT_TRUE(server_.run(contract::ListBans{})->empty());
    pressToast();
    ASSERT_TRUE(until([&] {
        const auto now = server_.run(contract::ListBans{});
        return now->size() == 1 && now->front().reason == QStringLiteral("too curious");
    }));
}

TEST_F(RulesPagesTest, ATokenIsMadeInFourActionsUsedAndRevokedInThree)
{
    addShare("docs", {{"a.txt", "hello"}});
    QTableView& tokens = table(MainWindow::Tokens);
    ASSERT_TRUE(until([&] { return session().tokens().known(); }));
    press(window(), "newToken"); // 1
    auto* dialog = opened<NewTokenDialog>();
    EXPECT_FALSE(child<QPushButton>(*dialog, "createToken")->isEnabled());
    QTest::keyClicks(child<QLineEdit>(*dialog, "tokenName"), QStringLiteral("ci")); // 2
    press(*dialog, "createToken");                                                  // 3
    auto* text = child<QLineEdit>(*dialog, "tokenText");
    ASSERT_TRUE(until([&] { return text->isVisible(); }));
    press(*dialog, "copyToken"); // 4
    ASSERT_TRUE(clipboard().startsWith(QStringLiteral("spw_")));
    const QString url = server_.url() + QStringLiteral("/s/docs/a.txt?token=") + clipboard();
    EXPECT_EQ(server_.fetch(url).body, "hello");
    dialog->close();
    ASSERT_TRUE(until([&] { return tokens.model()->rowCount() == 1; }));
    for (int column = 0; column < tokens.model()->columnCount(); ++column)
        EXPECT_FALSE(tokens.model()->index(0, column).data().toString().contains(QStringLiteral("spw_")));
    selectFirstRow(tokens);         // 1
    press(window(), "revokeToken"); // 2
    auto* question = opened<QMessageBox>();
    EXPECT_TRUE(question->informativeText().contains(QStringLiteral("nobody can bring it back")));
    press(*question, "revokeForEver"); // 3
    ASSERT_TRUE(until([&] { return server_.fetch(url).status == 403; }));
    ASSERT_TRUE(until([&] {
        return tokens.model()->index(0, TokensModel::State).data().toString() == QStringLiteral("Revoked");
    }));
}

TEST_F(RulesPagesTest, ATransferNamesItsToken)
{
    const auto link = largeLink();
    const auto token =
        server_.run(contract::CreateToken{QStringLiteral("robot"), {QStringLiteral("download")}});
    ASSERT_TRUE(token);
    const Download download(server_.url() + QStringLiteral("/s/big/large.bin?token=") + token->text);
    QTableView& transfers = table(MainWindow::Transfers);
    ASSERT_TRUE(until([&] { return transfers.model()->rowCount() == 1; }));
    EXPECT_EQ(session().transfers().row(0).transfer.token, token->id);
    ASSERT_TRUE(until([&] {
        return transfers.model()->index(0, TransfersModel::Token).data().toString() ==
               QStringLiteral("robot");
    }));
}

} // namespace
} // namespace spillway::ui
