// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <gtest/gtest.h>

namespace spillway::contract {
namespace {

QJsonObject json(const char* text)
{
    const auto document = QJsonDocument::fromJson(text);
    EXPECT_TRUE(document.isObject()) << text;
    return document.object();
}

constexpr const char* kLink =
    R"({"id":"AAAAAAAAAAAAAAAA","share":"team","path":"a/b.txt","name":"b.txt","folder":false,
    "state":"active","key":"k1","expires_at":1700,"revoked_at":null,"created_at":1600,"downloads":3,"note":"n","page":true})";

TEST(Codec, ALinkIsReadWithAndWithoutWhatNewerServersSay)
{
    auto link = decode<Link>(json(kLink));
    ASSERT_TRUE(link) << link.error().message;
    EXPECT_EQ(link->state, LinkState::Active);
    EXPECT_EQ(link->expiresAt, 1700);
    EXPECT_EQ(link->revokedAt, std::nullopt);
    EXPECT_EQ(link->maxDownloads, std::nullopt);
    EXPECT_TRUE(link->url.isEmpty());
    QJsonObject newer = json(kLink);
    newer.insert(QStringLiteral("max_downloads"), 5);
    newer.insert(QStringLiteral("state"), QStringLiteral("on-the-moon"));
    newer.insert(QStringLiteral("unheard_of"), QJsonArray{1, 2});
    link = decode<Link>(newer);
    ASSERT_TRUE(link);
    EXPECT_EQ(link->maxDownloads, 5);
    EXPECT_EQ(link->state, LinkState::Other);
}

TEST(Codec, WhatIsMissingOrOfAnotherTypeIsCorruptAndNamed)
{
    for (const char* member :
         {"id", "share", "path", "name", "folder", "state", "created_at", "note", "page"}) {
        QJsonObject broken = json(kLink);
        broken.remove(QLatin1String(member));
        const auto link = decode<Link>(broken);
        ASSERT_FALSE(link) << member;
        EXPECT_EQ(link.error().code, ErrorCode::Corrupt);
        EXPECT_NE(link.error().message.find(member), std::string::npos) << link.error().message;
        broken.insert(QLatin1String(member), QJsonArray());
        EXPECT_FALSE(decode<Link>(broken)) << member;
    }
    EXPECT_FALSE(decode<Link>(QJsonValue(1)));
    EXPECT_FALSE(decode<std::vector<Share>>(QJsonValue(QJsonObject())));
    EXPECT_FALSE(decode<LinkPage>(json(R"({"links":[{}],"next":null})")));
}

TEST(Codec, NamesThatAreNotUtf8SurviveBothWays)
{
    const FolderEntry entry{QByteArray("caf\xe9.txt"), false, 7, 9};
    const QJsonObject object = toJson(entry);
    EXPECT_TRUE(object.contains(QStringLiteral("name_base64")));
    const auto read = decode<FolderListing>(
        QJsonObject{{QStringLiteral("entries"), QJsonArray{object}}, {QStringLiteral("truncated"), false}});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->entries.front(), entry);
    // A parameter is one or the other, or the server would see it twice.
    const QJsonObject given = parameters(CreateLink{QByteArray("s/caf\xe9")});
    EXPECT_FALSE(given.contains(QStringLiteral("target")));
    EXPECT_TRUE(given.contains(QStringLiteral("target_base64")));
}

TEST(Codec, TransfersSurviveBothWays)
{
    Transfer transfer{QStringLiteral("1-2-3"),
                      QStringLiteral("::1"),
                      "/s/a b",
                      QStringLiteral("s"),
                      {},
                      QStringLiteral("curl"),
                      true,
                      1234567,
                      99,
                      1000,
                      QStringLiteral("t1"),
                      QStringLiteral("low")};
    for (const auto& total : {std::optional<std::int64_t>(1000), std::optional<std::int64_t>()}) {
        transfer.total = total;
        const auto read = decode<TransferList>(QJsonObject{
            {QStringLiteral("transfers"), QJsonArray{toJson(transfer)}}, {QStringLiteral("omitted"), 4}});
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->transfers.front(), transfer);
        EXPECT_EQ(read->omitted, 4);
    }
}

TEST(Codec, LimitsTokensBansAndReceiptsAreRead)
{
    const auto limit = decode<Limit>(json(
        R"({"level":"ip","id":"10.0.0.1","requests":1.5,"burst":null,"bandwidth":1000,"connections":null,
        "downloads":2,"queue":null,"wait":0.5,"priority":"low","running":1,"waiting":4})"));
    ASSERT_TRUE(limit) << limit.error().message;
    EXPECT_EQ(limit->level, LimitLevel::Ip);
    EXPECT_EQ(limit->requests, 1.5);
    EXPECT_EQ(limit->burst, std::nullopt);
    EXPECT_EQ(limit->wait, 0.5);
    EXPECT_EQ(limit->waiting, 4);
    EXPECT_FALSE(decode<Limit>(json(R"({"level":"moon","id":null})")));
    for (std::size_t level = 0; level < kLimitLevels; ++level)
        EXPECT_EQ(limitLevelFromName(limitLevelName(static_cast<LimitLevel>(level))),
                  static_cast<LimitLevel>(level));

    const auto token = decode<Token>(json(
        R"({"id":"t","name":"ci","scopes":["download"],"shares":null,"state":"active","created_at":1,
        "expires_at":null,"revoked_at":null,"last_used_at":7})"));
    ASSERT_TRUE(token) << token.error().message;
    EXPECT_EQ(token->shares, std::nullopt) << "null: all";
    EXPECT_EQ(token->lastUsedAt, 7);
    EXPECT_TRUE(token->text.isEmpty());

    const auto ban = decode<Ban>(json(
        R"({"address":"10.0.0.1","reason":"r","by_hand":true,"offences":1,"created_at":2,"until":null})"));
    ASSERT_TRUE(ban) << ban.error().message;
    EXPECT_EQ(ban->until, std::nullopt);

    const auto page = decode<ReceiptPage>(json(
        R"({"receipts":[{"id":1,"recipient":"10.0.0.1","started_at":1,"last_at":2,"finished_at":null,
        "files":[{"path":"a","size":10,"arrived":5,"percent":50,"etag":"x"}]}],"next":9})"));
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->receipts.front().files.front().arrived, 5);
    EXPECT_EQ(page->next, 9);
    EXPECT_FALSE(decode<ReceiptPage>(json(R"({"receipts":[{}],"next":null})")));
}

} // namespace
} // namespace spillway::contract
