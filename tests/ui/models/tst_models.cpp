// SPDX-License-Identifier: GPL-3.0-or-later
// Every model under Qt's own tester, while rows come and go.
#include "tests/ui/models/modeltest.h"
#include "ui/models/browsemodel.h"
#include "ui/models/filesmodel.h"
#include "ui/models/foldertreemodel.h"
#include "ui/models/format.h"
#include "ui/models/linksmodel.h"
#include "ui/models/transfersmodel.h"

#include <random>

namespace spillway::ui {
namespace {

contract::Link link(int number, std::int64_t downloads = 0)
{
    contract::Link made;
    made.id = QStringLiteral("link%1").arg(number);
    made.name = "file.txt";
    made.share = QStringLiteral("docs");
    made.createdAt = 1'000'000 + number;
    made.downloads = downloads;
    return made;
}

using LinksModelTest = ModelTest;
using TransfersModelTest = ModelTest;
using FolderTreeModelTest = ModelTest;
using FilesModelTest = ModelTest;
using BrowseModelTest = ModelTest;

TEST_F(LinksModelTest, BecomesWhateverListItIsGiven)
{
    LinksModel model;
    watch(model);
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<contract::Link> wanted;
        for (int i = 40; i-- > 0;)
            if (random() % 3 != 0)
                wanted.push_back(link(i, static_cast<std::int64_t>(random() % 3)));
        if (round % 10 == 9)
            std::shuffle(wanted.begin(), wanted.end(), random); // even out of order
        model.setLinks(wanted);
        ASSERT_EQ(model.rows(), wanted) << "round " << round;
    }
    model.setLinks({});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(LinksModelTest, OneChangedRowIsOneSignalAndSelectionsStay)
{
    LinksModel model;
    std::vector<contract::Link> rows;
    for (int i = 10'000; i-- > 0;)
        rows.push_back(link(i));
    model.setLinks(rows);
    watch(model);
    const QPersistentModelIndex kept = model.index(5000, LinksModel::Name);
    const QString id = kept.data(IdRole).toString();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    rows[7].downloads = 1;
    rows.erase(rows.begin() + 100, rows.begin() + 200);
    rows.insert(rows.begin(), link(20'000));
    model.setLinks(rows);
    EXPECT_EQ(model.rows(), rows);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(inserted.count(), 1);
    EXPECT_EQ(removed.count(), 1);
    ASSERT_TRUE(kept.isValid());
    EXPECT_EQ(kept.data(IdRole).toString(), id);
    model.setLinks(rows);
    EXPECT_EQ(changed.count() + inserted.count() + removed.count(), 3) << "the same list says nothing";
}

TEST_F(LinksModelTest, ANewLinkGoesWhereItsAgeSays)
{
    LinksModel model;
    watch(model);
    model.setLinks({link(9), link(5)});
    model.setLink(link(7));
    model.setLink(link(11));
    model.setLink(link(1));
    model.setLink(link(7, 3));
    ASSERT_EQ(model.rowCount(), 5);
    EXPECT_EQ(model.row(0).id, QStringLiteral("link11"));
    EXPECT_EQ(model.row(2).downloads, 3);
    EXPECT_EQ(model.row(4).id, QStringLiteral("link1"));
}

TEST_F(LinksModelTest, EachRuleIsSaidOnce)
{
    LinksModel model;
    contract::Link all = link(1);
    EXPECT_EQ((model.setLinks({all}), model.index(0, LinksModel::Rules).data().toString()),
              QStringLiteral("No limit"));
    all.maxDownloads = 3;
    all.hasPassword = true;
    all.allow = {QStringLiteral("10.0.0.0/8"), QStringLiteral("192.0.2.0/24")};
    all.rate = 2 << 20;
    all.concurrency = 2;
    model.setLinks({all});
    EXPECT_EQ(model.index(0, LinksModel::Rules).data().toString(),
              QStringLiteral("at most 3× · password · 2 address block(s) · %1 · 2 at a time")
                  .arg(formatRate(2 << 20)));
}

contract::Transfer transfer(int number, std::int64_t sent, std::int64_t started = 1000)
{
    contract::Transfer made;
    made.id = QStringLiteral("0-%1-0").arg(number);
    made.client = QStringLiteral("10.0.0.%1").arg(number % 250);
    made.path = "/s/docs/" + QByteArray::number(number) + ".bin";
    made.share = QStringLiteral("docs");
    made.startedAtMs = started;
    made.sent = sent;
    made.total = 1'000'000;
    return made;
}

contract::LiveSnapshot snapshot(std::int64_t atMs, std::vector<contract::Transfer> transfers)
{
    contract::LiveSnapshot made;
    made.atMs = atMs;
    made.seconds = 0.5;
    made.running.transfers = std::move(transfers);
    return made;
}

TEST_F(TransfersModelTest, FollowsWhatRunsWhileItIsSortedFilteredAndHeld)
{
    TransfersModel model;
    watch(model);
    std::mt19937 random(3);
    std::int64_t now = 10'000;
    for (int round = 0; round < 300; ++round) {
        std::vector<contract::Transfer> running;
        for (int i = 0; i < 30; ++i)
            if (random() % 4 != 0)
                running.push_back(transfer(i, static_cast<std::int64_t>(random() % 1'000'000)));
        now += 500;
        model.update(snapshot(now, running));
        ASSERT_EQ(model.running(), static_cast<int>(running.size())) << round;
        for (const contract::Transfer& one : running) {
            const auto* row = model.find(one.id);
            ASSERT_TRUE(row);
            ASSERT_EQ(row->transfer, one);
        }
        if (round % 7 == 0)
            model.sort(static_cast<int>(random() % TransfersModel::ColumnCount),
                       random() % 2 ? Qt::AscendingOrder : Qt::DescendingOrder);
        model.setHeld(round % 5 == 0);
    }
    model.setHeld(false);
    model.setFilter(QStringLiteral("/29.BIN"));
    for (int i = 0; i < model.rowCount(); ++i)
        EXPECT_TRUE(model.row(i).transfer.path.endsWith("29.bin"));
    model.setFilter({});
    model.update(snapshot(now + 60'000, {}));
    model.update(snapshot(now + 70'000, {}));
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(TransfersModelTest, RowsStayUnderThePointerAndEndedOnesLinger)
{
    TransfersModel model;
    watch(model);
    model.sort(TransfersModel::Client, Qt::AscendingOrder);
    model.update(snapshot(10'000, {transfer(1, 5), transfer(2, 5), transfer(3, 5)}));
    model.setHeld(true);
    model.update(snapshot(30'000, {transfer(0, 1), transfer(2, 500)}));
    ASSERT_EQ(model.rowCount(), 4);
    EXPECT_TRUE(model.row(0).ended());
    EXPECT_EQ(model.row(1).transfer.sent, 500);
    EXPECT_TRUE(model.row(2).ended());
    EXPECT_EQ(model.row(3).transfer.id, QStringLiteral("0-0-0")) << "new ones at the end, whatever the order";
    EXPECT_FALSE(model.index(0, TransfersModel::Progress).data(ProgressRole).isValid());
    model.setHeld(false);
    model.update(snapshot(30'000 + TransfersModel::kLingerMs - 1, {transfer(0, 1), transfer(2, 500)}));
    EXPECT_EQ(model.rowCount(), 4);
    model.update(snapshot(30'000 + TransfersModel::kLingerMs, {transfer(0, 1), transfer(2, 500)}));
    EXPECT_EQ(model.rowCount(), 2);
}

TEST_F(TransfersModelTest, AConnectionsNextAnswerIsAnotherRow)
{
    TransfersModel model;
    watch(model);
    model.update(snapshot(10'000, {transfer(1, 900'000, 9000)}));
    model.update(snapshot(10'500, {transfer(1, 10, 10'400)}));
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_TRUE(model.row(0).ended());
    EXPECT_EQ(model.row(1).transfer.sent, 10);
    EXPECT_EQ(model.running(), 1);
}

TEST_F(TransfersModelTest, RateAndTimeLeft)
{
    TransfersModel model;
    watch(model);
    for (int i = 0; i <= 40; ++i)
        model.update(snapshot(2000 + i * 500, {transfer(1, 10'000 * i)}));
    const auto* row = model.find(QStringLiteral("0-1-0"));
    ASSERT_TRUE(row);
    EXPECT_NEAR(row->rate, 20'000, 500);
    EXPECT_NEAR(static_cast<double>(secondsLeft(*row).value_or(0)), 30, 1);
    for (int i = 0; i < 100; ++i) // it stalls: nobody says when it ends
        model.update(snapshot(30'000 + i * 500, {transfer(1, 400'000)}));
    EXPECT_FALSE(secondsLeft(*model.find(QStringLiteral("0-1-0"))));
}

TEST_F(FolderTreeModelTest, SharesAndFoldersComeAndGo)
{
    FolderTreeModel model;
    watch(model);
    QSignalSpy wanted(&model, &FolderTreeModel::folderWanted);
    std::mt19937 random(5);
    for (int round = 0; round < 60; ++round) {
        std::vector<contract::Share> shares;
        for (int i = 0; i < 6; ++i) {
            if (random() % 4 == 0)
                continue;
            contract::Share share;
            share.id = i;
            share.name = QStringLiteral("share%1").arg(5 - i);
            share.isPublic = random() % 2 == 0;
            shares.push_back(share);
        }
        model.setShares(shares);
        ASSERT_EQ(model.shareCount(), static_cast<int>(shares.size()));
        for (const contract::Share& share : shares) {
            const QModelIndex at = model.find(share.name);
            ASSERT_TRUE(at.isValid());
            EXPECT_EQ(model.share(at)->isPublic, share.isPublic);
            if (model.canFetchMore(at))
                model.fetchMore(at);
            std::vector<QByteArray> folders;
            for (const char* name : {"a", "b", "c", "d"})
                if (random() % 3 != 0)
                    folders.emplace_back(name);
            model.setFolders(share.name, {}, folders);
            ASSERT_EQ(model.rowCount(at), static_cast<int>(folders.size()));
            if (!folders.empty())
                model.setFolders(share.name, folders.front(), {"x", "y"});
        }
    }
    EXPECT_GT(wanted.count(), 5);
    model.setFolders(QStringLiteral("nobody"), "a/b", {"c"}); // an answer that comes too late
    model.setShares({});
    EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(FolderTreeModelTest, PathsAndLaziness)
{
    FolderTreeModel model;
    contract::Share share;
    share.name = QStringLiteral("docs");
    model.setShares({share});
    const QModelIndex docs = model.index(0, 0);
    EXPECT_TRUE(model.hasChildren(docs)) << "nobody has looked yet";
    EXPECT_TRUE(model.canFetchMore(docs));
    QSignalSpy wanted(&model, &FolderTreeModel::folderWanted);
    model.fetchMore(docs);
    model.fetchMore(docs);
    ASSERT_EQ(wanted.count(), 1) << "one question at a time";
    model.setUnreadable(share.name, {});
    model.fetchMore(docs);
    EXPECT_EQ(wanted.count(), 2);
    watch(model); // only now: the tester fetches by itself what can be fetched
    model.setFolders(share.name, {}, {"a", "b\xff"});
    const QModelIndex odd = model.index(1, 0, docs);
    EXPECT_EQ(model.path(odd), "b\xff");
    EXPECT_EQ(model.shareName(odd), share.name);
    model.setFolders(share.name, "b\xff", {"deep"});
    EXPECT_EQ(model.path(model.index(0, 0, odd)), "b\xff/deep");
    EXPECT_EQ(model.find(share.name, "b\xff/deep"), model.index(0, 0, odd));
    EXPECT_FALSE(model.find(share.name, "none").isValid());
    model.setFolders(share.name, "a", {});
    EXPECT_FALSE(model.hasChildren(model.index(0, 0, docs)));
}

TEST_F(BrowseModelTest, RootsAndWhatIsInThemAsItIsOpened)
{
    BrowseModel model;
    watch(model);
    QSignalSpy wanted(&model, &BrowseModel::folderWanted);
    EXPECT_FALSE(model.canFetchMore({}));
    model.setFolder({}, {{{"/srv/files", true, 0, 0}, {"/", true, 0, 0}}, false});
    ASSERT_EQ(model.rowCount(), 2);
    model.setFolder({}, {{{"again", true, 0, 0}}, false});
    EXPECT_EQ(model.rowCount(), 2) << "nobody asked twice";
    const QModelIndex files = model.index(0, 0), whole = model.index(1, 0);
    EXPECT_EQ(model.path(files), "/srv/files");
    ASSERT_TRUE(model.hasChildren(files));
    model.fetchMore(files);
    model.fetchMore(files);
    model.fetchMore(whole);
    ASSERT_EQ(wanted.count(), 2);
    EXPECT_EQ(wanted.at(0).at(0).toByteArray(), "/srv/files");
    model.setFolder("/srv/files", {{{"b\xff", true, 0, 0}, {"a.txt", false, 5, 0}}, false});
    model.setUnreadable("/");
    ASSERT_EQ(model.rowCount(files), 2);
    EXPECT_EQ(model.path(model.index(0, 0, files)), "/srv/files/b\xff");
    EXPECT_FALSE(model.hasChildren(model.index(1, 0, files))) << "a file";
    EXPECT_FALSE(model.canFetchMore(model.index(1, 0, files)));
    EXPECT_TRUE(model.canFetchMore(whole)) << "it may be readable the next time";
    model.fetchMore(whole);
    model.setFolder("/", {{{"etc", true, 0, 0}}, false});
    EXPECT_EQ(model.path(model.index(0, 0, whole)), "/etc");
    model.fetchMore(model.index(0, 0, whole));
    model.setFolder("/etc", {});
    EXPECT_FALSE(model.hasChildren(model.index(0, 0, whole))) << "it is empty";
    model.setFolder("/nobody/asked", {{{"x", true, 0, 0}}, false});
}

TEST_F(FilesModelTest, FoldersAndSearchResultsFollowEachOther)
{
    FilesModel model;
    watch(model);
    contract::FolderListing listing{{{"sub", true, 0, 5}, {"a.txt", false, 10, 6}}, false};
    model.setFolder(QStringLiteral("docs"), "in", listing);
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.row(0).target(), "docs/in/sub");
    EXPECT_EQ(model.index(1, FilesModel::Location).data().toString(), QStringLiteral("docs/in"));
    model.setFound({{{QStringLiteral("other"), "x/y.bin", false, 3, 4},
                     {QStringLiteral("docs"), "in/a.txt", false, 10, 6}},
                    {}});
    ASSERT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.row(0).name(), "y.bin");
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
}

} // namespace
} // namespace spillway::ui
