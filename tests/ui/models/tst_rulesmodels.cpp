// SPDX-License-Identifier: GPL-3.0-or-later
// The models of limits, tokens, bans, receipts, groups and ended transfers under Qt's own tester.
#include "tests/ui/models/modeltest.h"
#include "ui/models/bansmodel.h"
#include "ui/models/limitsmodel.h"
#include "ui/models/receiptsmodel.h"
#include "ui/models/tokensmodel.h"
#include "ui/models/transfergroupsmodel.h"
#include "ui/models/transferhistorymodel.h"

#include <random>

namespace spillway::ui {
namespace {

using contract::Limit;
using contract::LimitLevel;

class RulesModelTest : public ModelTest
{
protected:
    std::mt19937 random_{7};
};

Limit limit(LimitLevel level, const char* id, std::optional<std::int64_t> bandwidth)
{
    Limit made;
    made.level = level;
    made.id = QLatin1String(id);
    made.bandwidth = bandwidth;
    return made;
}

contract::Transfer transfer(const char* id, const char* client, const char* link, std::int64_t sent)
{
    contract::Transfer made;
    made.id = QLatin1String(id);
    made.client = QLatin1String(client);
    made.link = QLatin1String(link);
    made.path = "/s/docs/a.bin";
    made.share = QStringLiteral("docs");
    made.startedAtMs = 1'000'000;
    made.sent = sent;
    made.total = 1'000'000'000;
    return made;
}

contract::LiveSnapshot snapshot(std::int64_t atMs, std::vector<contract::Transfer> running)
{
    contract::LiveSnapshot made;
    made.atMs = atMs;
    made.running.transfers = std::move(running);
    return made;
}

TEST_F(RulesModelTest, LimitsBecomeWhateverListTheyAreGiven)
{
    LimitsModel model;
    watch(model);
    EXPECT_EQ(model.rowCount(), 6) << "a row for each level, limited or not";
    for (int round = 0; round < 100; ++round) {
        std::vector<Limit> wanted;
        for (const LimitLevel level : {LimitLevel::Share, LimitLevel::Link, LimitLevel::Ip})
            for (char id = 'a'; id < 'k'; ++id)
                if (random_() % 2 == 0) {
                    const char text[] = {id, 0};
                    wanted.push_back(limit(level, text, 1 + random_() % 3));
                }
        if (round % 2 == 0)
            wanted.push_back(limit(LimitLevel::Server, "", 1 + random_() % 3));
        std::shuffle(wanted.begin(), wanted.end(), random_);
        model.setLimits(wanted);
        int rows = 0;
        for (int level = 0; level < model.rowCount(); ++level)
            rows += model.rowCount(model.index(level, 0));
        ASSERT_EQ(rows, static_cast<int>(wanted.size()) - (round % 2 == 0 ? 1 : 0));
        for (const Limit& one : wanted)
            ASSERT_EQ(model.limit(model.find(one.level, one.id)), one);
        ASSERT_EQ(isEmpty(model.limit(model.find(LimitLevel::Server, {}))), round % 2 != 0);
    }
}

TEST_F(RulesModelTest, OneLimitComesChangesAndGoes)
{
    LimitsModel model;
    watch(model);
    model.setLimit(limit(LimitLevel::Ip, "10.0.0.2", 5));
    model.setLimit(limit(LimitLevel::Ip, "10.0.0.1", 7));
    const QModelIndex top = model.find(LimitLevel::Ip, {});
    ASSERT_EQ(model.rowCount(top), 2);
    model.setLimit(limit(LimitLevel::Ip, "10.0.0.2", 9));
    EXPECT_EQ(model.limit(model.find(LimitLevel::Ip, QStringLiteral("10.0.0.2"))).bandwidth, 9);
    model.setLimit(limit(LimitLevel::Ip, "10.0.0.2", {}));
    EXPECT_EQ(model.rowCount(top), 1);
    EXPECT_FALSE(model.find(LimitLevel::Ip, QStringLiteral("10.0.0.2")).isValid());
    model.setLimit(limit(LimitLevel::Ip, "2001:db8:1:2::/64", 3));
    EXPECT_TRUE(model.findClient(QStringLiteral("2001:db8:1:2::7")).isValid());
    EXPECT_FALSE(model.findClient(QStringLiteral("2001:db8:1:3::7")).isValid());
}

TEST_F(RulesModelTest, UseIsSummedUpByWhomAndWhatFor)
{
    LiveUse use;
    use.update(snapshot(1'001'000, {transfer("0-1-1", "10.0.0.1", "l1", 1'000'000),
                                    transfer("0-2-1", "10.0.0.2", "l1", 2'000'000),
                                    transfer("0-3-1", "192.0.2.9", "", 3'000'000)}));
    EXPECT_EQ(use.of(LimitLevel::Ip, QStringLiteral("10.0.0.0/8")).running, 2);
    EXPECT_EQ(use.of(LimitLevel::Ip, {}).running, 3);
    EXPECT_EQ(use.of(LimitLevel::Link, QStringLiteral("l1")).sent, 3'000'000);
    EXPECT_EQ(use.of(LimitLevel::Link, {}).running, 2) << "what has no link is at no link's level";
    EXPECT_EQ(use.of(LimitLevel::Share, QStringLiteral("docs")).running, 3);
    // The first rate is the mean since the start, and the next ones follow what comes.
    EXPECT_NEAR(use.of(LimitLevel::Ip, QStringLiteral("10.0.0.2")).rate, 2e6, 1e4);
    for (int i = 1; i <= 40; ++i)
        use.update(
            snapshot(1'001'000 + i * 500, {transfer("0-2-1", "10.0.0.2", "l1", 2'000'000 + i * 50'000)}));
    EXPECT_NEAR(use.of(LimitLevel::Ip, QStringLiteral("10.0.0.2")).rate, 1e5, 1e4);

    LimitsModel model;
    watch(model);
    model.setLimits({limit(LimitLevel::Ip, "10.0.0.2", 100'000)});
    model.setUse(use);
    EXPECT_NEAR(model.rate(model.find(LimitLevel::Ip, QStringLiteral("10.0.0.2"))), 1e5, 1e4);
    EXPECT_EQ(model.rate(model.find(LimitLevel::Connection, {})), 0);
}

TEST_F(RulesModelTest, GroupsComeAndGoByName)
{
    TransferGroupsModel model;
    watch(model);
    for (int round = 0; round < 50; ++round) {
        LiveUse::Sums sums;
        for (int i = 0; i < 20; ++i)
            if (random_() % 2 == 0)
                sums[QString::number(i)] = {static_cast<double>(random_() % 3), 1, 2, 3};
        model.setGroups(sums, {{QStringLiteral("3"), QStringLiteral("zebra")}}, {});
        ASSERT_EQ(model.rowCount(), static_cast<int>(sums.size()));
        for (int i = 1; i < model.rowCount(); ++i)
            ASSERT_LT(model.row(i - 1).name, model.row(i).name);
    }
    model.setGroups({{QStringLiteral("3"), {}}, {QStringLiteral("4"), {}}},
                    {{QStringLiteral("3"), QStringLiteral("zebra")}}, QStringLiteral("ZEB"));
    EXPECT_EQ(model.rowCount(), 1);
}

TEST_F(RulesModelTest, EndedTransfersAreBoundedAndNewestFirst)
{
    TransferHistoryModel model;
    watch(model);
    int number = 0;
    const auto batch = [&](std::size_t count) {
        std::vector<contract::EndedTransfer> ended;
        for (std::size_t i = 0; i < count; ++i) {
            const QByteArray id = QByteArray::number(++number);
            ended.push_back(
                {transfer(id.constData(), "10.0.0.1", "", 5), 1'000'500 + number, number % 2 == 0});
        }
        return ended;
    };
    model.add({});
    EXPECT_EQ(model.rowCount(), 0);
    for (const std::size_t count : {1U, 3U, 600U, 600U, 2000U, 1U}) {
        model.add(batch(count));
        ASSERT_LE(model.rowCount(), static_cast<int>(TransferHistoryModel::kMost));
        ASSERT_EQ(model.row(0).transfer.id, QString::number(number));
    }
    EXPECT_EQ(model.rowCount(), static_cast<int>(TransferHistoryModel::kMost));
    EXPECT_EQ(model.row(model.rowCount() - 1).transfer.id, QString::number(number - 999));
    const std::vector<contract::EndedTransfer> again{model.row(3), model.row(0)};
    model.add(again);
    EXPECT_NE(model.row(1).transfer.id, model.row(4).transfer.id);
    EXPECT_EQ(model.row(0).transfer.id, QString::number(number)) << "told of twice, shown once";
}

TEST_F(RulesModelTest, TokensAndBansAndReceiptsFollowTheirLists)
{
    TokensModel tokens;
    watch(tokens);
    for (int round = 0; round < 30; ++round) {
        std::vector<contract::Token> wanted;
        for (int i = 0; i < 10; ++i)
            if (random_() % 2 == 0)
                wanted.push_back({QString::number(i),
                                  QStringLiteral("t%1").arg(i),
                                  {},
                                  {},
                                  static_cast<contract::TokenState>(random_() % 3),
                                  i,
                                  {},
                                  {},
                                  {},
                                  {}});
        tokens.setTokens(wanted);
        ASSERT_EQ(tokens.rowCount(), static_cast<int>(wanted.size()));
        if (!wanted.empty()) {
            ASSERT_EQ(tokens.row(0).id, wanted.back().id) << "newest first";
        }
    }
    BansModel bans;
    watch(bans);
    for (int round = 0; round < 30; ++round) {
        std::vector<contract::Ban> wanted;
        for (int i = 0; i < 10; ++i)
            if (random_() % 2 == 0)
                wanted.push_back(
                    {QStringLiteral("10.0.0.%1").arg(i), QString(), random_() % 2 == 0, 1, 5, {}});
        bans.setBans(wanted);
        bans.tick();
        ASSERT_EQ(bans.rows(), wanted);
    }
    ReceiptsModel receipts;
    watch(receipts);
    for (int round = 0; round < 30; ++round) {
        std::vector<contract::Receipt> wanted;
        for (int i = 10; i-- > 0;)
            if (random_() % 2 == 0)
                wanted.push_back(
                    {i, QStringLiteral("r"), 1, 2, {}, {{"", 10, static_cast<int>(random_() % 11)}}});
        receipts.setReceipts(wanted);
        ASSERT_EQ(receipts.rows(), wanted);
    }
}

TEST(Receipts, OnlyAllOfItIsAllOfIt)
{
    contract::Receipt receipt;
    EXPECT_EQ(coverage(receipt), 0);
    receipt.files = {{"a", 1'000'000'000, 1'000'000'000}, {"b", 1'000'000'000, 999'999'999}};
    EXPECT_LT(coverage(receipt), 1);
    receipt.files[1].arrived = 1'000'000'000;
    EXPECT_EQ(coverage(receipt), 1);
}

} // namespace
} // namespace spillway::ui
